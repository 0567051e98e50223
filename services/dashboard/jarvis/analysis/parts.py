"""The services in one artifact, where there are several."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, cast

from jarvis.analysis import choose, stack
from jarvis.analysis.below import seek
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.complete import ONCE
from jarvis.analysis.manifests import NAMES, is_aside
from jarvis.analysis.procfile import processes
from jarvis.analysis.tree import Tree
from jarvis.analysis.verdict import Part

MOST = 24
"""Parts that are looked into."""
ADOPTED = (
    "kind", "language", "language_version", "framework", "build_command", "start_command", "port",
    "health_path", "static_dir", "spa",
)  # fmt: skip
"""What a root takes over from its only member that runs."""
NOTHING: tuple[object, ...] = ("", "none", None, False)
RUN = frozenset({"web", "static", "worker", "function", "script", "compose"})

_INCLUDE = re.compile(r"^[ \t]*include\b[ \t]*\(?((?:\s*[\"'][^\"']+[\"']\s*,?)+)", re.MULTILINE)
_QUOTED = re.compile(r"[\"']:?([^\"']+)[\"']")
_USE = re.compile(r"^[ \t]*(?:use[ \t]+)?(\./[^\s)]+|\.)[ \t]*(?://.*)?$", re.MULTILINE)
_PROJECT = re.compile(r"^Project\([^)\n]*\)[ \t]*=[ \t]*\"[^\"\n]*\",[ \t]*\"([^\"\n]+proj)\"", re.MULTILINE)
_MODULE = re.compile(r"<module>\s*([^<\s]+)\s*</module>")


def parts(tree: Tree, found: Candidate) -> list[Part]:
    """The services in the folder that was found to be `found`; empty where there is only one.

    A root without anything to start that declares members is a monorepo, and is made one here.
    """
    file, members = workspace(tree)
    if len(members) > 1 and found.kind in {"library", "script", "monorepo"} and not found.start_command:
        claim(found, file, f"declares {len(members)} members and starts none", kind="monorepo")
    if found.kind == "compose":
        return _of_stack(tree)
    made = _of_processes(tree, found) or _of_folders(tree, found, members)
    if found.kind == "monorepo" and len(made) == 1:
        _adopt(tree, found, made[0])
    return made if len(made) > 1 else []


def beside(tree: Tree, root: str) -> list[Part]:
    """The programs in the folders of `tree`, the one in `root` first; empty where there is only that one."""
    made = _in_folders(tree, list(dict.fromkeys([root, *_with_manifest(tree)])))
    return made if len(made) > 1 else []


def _adopt(tree: Tree, found: Candidate, only: Part) -> None:
    """The only member that runs is what is meant; it is installed from the top, where its lock file is."""
    member = seek(tree, only.root, lambda inner: _best(inner, only.root))
    if member is None:
        return
    for fact in ADOPTED:
        value = getattr(member, fact)
        if value not in NOTHING and (
            fact in {"kind", "language", "framework"} or getattr(found, fact) in NOTHING
        ):
            setattr(found, fact, value)
            found.evidence += [item for item in member.evidence if item.fact == fact]
    for need in member.needs:
        found.need(need.engine, need.level, need.file, need.why, need.line)


def workspace(tree: Tree) -> tuple[str, list[str]]:
    """The file at the top that declares members, and the folders of these; empty texts for none."""
    for file, members in _declared(tree):
        if places := [place for place in members if place]:
            return file, places
    return "", []


def _of_stack(tree: Tree) -> list[Part]:
    file = stack.compose_file(tree)
    services = stack.services(tree, file)
    first = stack.public(services)
    made: list[Part] = []
    for service in services:
        pair = stack.port_of(service)
        inner = _best(tree.under(service.build), service.build) if service.build else None
        kind, language, framework = "image", service.image.partition("@")[0] or "none", "none"
        if service.engine:
            kind, language = "database", service.engine
        elif inner is not None:
            kind, language, framework = inner.kind, inner.language, inner.framework
        elif service.build is not None:
            kind, language = "dockerfile", "dockerfile"
        port = pair[1] if pair else None
        root = service.build or ""
        made.append(
            Part(service.name, kind, language, framework, root, service.command, port, service is first)
        )
    return made


def _of_processes(tree: Tree, found: Candidate) -> list[Part]:
    lasting = {name: command for name, (command, _) in processes(tree).items() if name not in ONCE}
    if len(lasting) < 2:
        return []
    return [
        Part(
            name,
            "web" if name == "web" else "worker",
            found.language,
            found.framework,
            "",
            command,
            found.port if name == "web" else None,
            name == "web",
        )
        for name, command in lasting.items()
    ]


def _of_folders(tree: Tree, found: Candidate, members: list[str]) -> list[Part]:
    """The program itself where it is one, and every folder below it that holds another."""
    made = _in_folders(tree, list(dict.fromkeys([*members, *_with_manifest(tree)])))
    own = (
        choose.Option(found).runs
        and found.kind not in {"monorepo", "dockerfile"}
        and not any(_leads(found, part) for part in made)
    )
    if own and made:
        made.insert(0, _part(found.framework if found.framework != "none" else found.language, "", found))
    return made


def _in_folders(tree: Tree, places: list[str]) -> list[Part]:
    made: list[Part] = []
    for place in places[:MOST]:
        inner = _best(tree.under(place), place)
        if inner is not None and inner.kind in RUN and (inner.start_command or inner.kind != "script"):
            made.append(_part(PurePosixPath(place).name, place, inner))
    return made


def _leads(found: Candidate, part: Part) -> bool:
    """Is what was found at the top only the way to this part?"""
    return re.search(rf"(?<![\w-]){re.escape(part.root)}(?![\w-])", found.start_command) is not None


def _part(name: str, root: str, found: Candidate) -> Part:
    public = found.kind in {"web", "static"}
    return Part(
        name, found.kind, found.language, found.framework, root, found.start_command, found.port, public
    )


def _best(tree: Tree, place: str) -> Candidate | None:
    """What a folder is by itself."""
    found = [option for option in choose.ask(tree, place) if option.candidate.confidence >= choose.CONVINCING]
    runs = [option for option in found if option.runs] or found
    return max((option.candidate for option in runs), key=lambda item: item.confidence, default=None)


def _with_manifest(tree: Tree) -> Iterator[str]:
    for path in tree.named(*(NAMES - {"index.php"}), depth=2):
        place = path.rpartition("/")[0]
        if place and not is_aside(place):
            yield place


def _declared(tree: Tree) -> Iterator[tuple[str, list[str]]]:
    """Each file that declares members, in the words of its tool."""
    if "pnpm-workspace.yaml" in tree:
        yield (
            "pnpm-workspace.yaml",
            _globbed(tree, tree.yaml("pnpm-workspace.yaml").get("packages"), "package.json"),
        )
    if "package.json" in tree:
        spaces: Any = tree.json("package.json").get("workspaces")
        if isinstance(spaces, dict):
            spaces = cast("dict[str, Any]", spaces).get("packages")
        yield "package.json", _globbed(tree, spaces, "package.json")
    if "lerna.json" in tree:
        yield (
            "lerna.json",
            _globbed(tree, tree.json("lerna.json").get("packages", ["packages/*"]), "package.json"),
        )
    if "nx.json" in tree:
        yield (
            "nx.json",
            [path.rpartition("/")[0] for path in tree.named("project.json", depth=4) if "/" in path],
        )
    if "go.work" in tree:
        used = [match[1].removeprefix("./") for match in _USE.finditer(tree.text("go.work"))]
        yield "go.work", [place for place in used if place in tree.folders]
    if "Cargo.toml" in tree:
        yield "Cargo.toml", _globbed(tree, _at(tree.toml("Cargo.toml"), "workspace", "members"), "Cargo.toml")
    if "pyproject.toml" in tree:
        members = _at(tree.toml("pyproject.toml"), "tool", "uv", "workspace", "members")
        yield "pyproject.toml", _globbed(tree, members, "pyproject.toml")
    if "pom.xml" in tree:
        modules = [match[1] for match in _MODULE.finditer(tree.text("pom.xml"))]
        yield "pom.xml", [place for place in modules if place in tree.folders]
    for file in ("settings.gradle", "settings.gradle.kts"):
        if file in tree:
            names = [
                name for match in _INCLUDE.finditer(tree.text(file)) for name in _QUOTED.findall(match[1])
            ]
            yield file, [place for name in names if (place := name.replace(":", "/")) in tree.folders]
    for file in tree.ending(".sln", depth=0):
        projects = [match[1].replace("\\", "/") for match in _PROJECT.finditer(tree.text(file))]
        yield file, [path.rpartition("/")[0] for path in projects if path in tree and "/" in path]


def _at(value: dict[str, Any], *path: str) -> Any:
    for step in path:
        following = value.get(step)
        if not isinstance(following, dict):
            return following if step == path[-1] else None
        value = cast("dict[str, Any]", following)
    return value


def _globbed(tree: Tree, patterns: Any, manifest: str) -> list[str]:
    """The folders with a manifest that one of the patterns means; `!` takes away again."""
    places = [path.rpartition("/")[0] for path in tree.named(manifest, depth=4) if "/" in path]
    wanted = (
        [item for item in cast("list[Any]", patterns) if isinstance(item, str)]
        if isinstance(patterns, list)
        else []
    )
    meant = [
        place for place in places if any(_fits(place, item) for item in wanted if not item.startswith("!"))
    ]
    return [
        place for place in meant if not any(_fits(place, item[1:]) for item in wanted if item.startswith("!"))
    ]


def _fits(place: str, pattern: str) -> bool:
    steps = pattern.removeprefix("./").rstrip("/").split("/")
    if steps[-1:] == ["**"]:
        steps = steps[:-1]
        return place.split("/")[: len(steps)] == steps or (not steps)
    names = place.split("/")
    return len(names) == len(steps) and all(
        PurePosixPath(name).match(step) for name, step in zip(names, steps, strict=True) if step
    )
