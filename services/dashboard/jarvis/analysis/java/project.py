"""The build of a folder and the module of it that is meant to run."""

import re
from dataclasses import dataclass, field

from jarvis.analysis.java import gradle, maven
from jarvis.analysis.java.frameworks import framework
from jarvis.analysis.java.module import Module
from jarvis.analysis.tree import Tree

MODULES = 60
"""Modules of one build that are read at most."""

_ASIDE = re.compile(
    r"(?:^|/)(?:android|ios|test|tests|examples?|samples?|buildSrc|build-logic|archetype-resources|docs|target|build)/"
)
_SIBLING = re.compile(r"\b(\w+)\s*\(?\s*project\(\s*(?:path\s*[:=]\s*)?[\"']([\w:.-]+)[\"']")
_LESS = re.compile(
    r"(?:test|example|sample|common|shared|core|client|model|bom|parent|util|benchmark|docs)", re.IGNORECASE
)
_MORE = re.compile(
    r"(?:^|[-/])(?:app|application|web|webapp|server|api|service|backend|main|boot|runner)(?:[-/]|$)"
)


@dataclass(slots=True)
class Project:
    """A build.

    Attributes:
        root: The folder of the topmost build file: empty, or ending with a slash.
        module: The one that is meant to run.
        modules: All that were read.
    """

    root: str
    module: Module
    modules: list[Module]
    against: list[str] = field(default_factory=list[str])


def project(tree: Tree) -> Project | None:
    """The build at the top, or the first one up to two folders below; None without one."""
    names = (*maven.POMS, *gradle.BUILDS, *gradle.SETTINGS)
    files = [file for file in tree.named(*names, depth=2) if not _ASIDE.search(file)]
    if not files:
        return None
    root = files[0][: files[0].rfind("/") + 1]
    modules = _modules(tree, root)
    if not modules:
        return None
    _link(modules, root)
    ranked = sorted(modules, key=lambda item: -_rank(item, root))
    found = Project(root, ranked[0], modules)
    others = [item for item in ranked[1:] if framework(item) is not None and _rank(item, root) > 0]
    if others and framework(ranked[0]) is not None:
        folders = ", ".join(item.folder.rstrip("/") or item.file for item in others[:3])
        found.against.append(f"Other modules could be started too: {folders}.")
    if (
        root
        and len({file[: file.rfind("/") + 1] for file in files if file.count("/") == files[0].count("/")}) > 1
    ):
        found.against.append("There are several builds side by side; the first one was taken.")
    return found


def _modules(tree: Tree, root: str) -> list[Module]:
    """Every module of the build, the topmost first. Maven's comes before Gradle's in the same folder."""
    waiting, seen = [root], {root}
    found: list[Module] = []
    above: list[Module] = []
    while waiting and len(found) < MODULES:
        folder = waiting.pop(0)
        module = _module(tree, folder)
        if module is None:
            continue
        found.append(module)
        if module.tool == "gradle":
            for higher in above:
                module.artifacts += higher.artifacts
                for name, line in higher.plugins.items():
                    if name != "application":
                        module.plugins.setdefault(name, line)
            if folder == root and gradle.hands_down(module):
                above.append(module)
        for inner in module.modules:
            if inner not in seen:
                seen.add(inner)
                waiting.append(inner)
    return found


def _link(modules: list[Module], root: str) -> None:
    """Give each module what its siblings bring along that it depends on."""
    names = {module.name: module for module in modules if module.name}
    folders = {module.folder: module for module in modules}
    near: dict[str, list[Module]] = {}
    for module in modules:
        found = [names[item.name] for item in module.artifacts if item.scope == "main" and item.name in names]
        for match in _SIBLING.finditer(module.text if module.tool == "gradle" else ""):
            folder = f"{root}{match[2].strip(':').replace(':', '/')}/"
            if "est" not in match[1] and folder in folders:
                found.append(folders[folder])
        near[module.folder] = found
    own = {module.folder: list(module.artifacts) for module in modules}
    for module in modules:
        seen = [module]
        for one in seen:
            seen += [other for other in near[one.folder] if all(other is not known for known in seen)]
        for other in seen[1:]:
            module.artifacts += own[other.folder]


def _module(tree: Tree, folder: str) -> Module | None:
    if pom := tree.first(*(folder + name for name in maven.POMS)):
        return maven.read(tree, pom)
    if folder.endswith(".xml/"):
        return maven.read(tree, folder.rstrip("/")) if folder.rstrip("/") in tree else None
    if build := tree.first(*(folder + name for name in (*gradle.BUILDS, *gradle.SETTINGS))):
        return gradle.read(tree, build)
    return None


def _rank(module: Module, root: str) -> float:
    """How much the module looks like the one to run."""
    row = framework(module)
    rank = 0.0
    if row is not None:
        rank += 3 if row[0].packed else 2.5
    if module.plugin(
        "spring-boot-maven-plugin", "org.springframework.boot", "quarkus-maven-plugin", "io.quarkus",
        "application", "io.ktor.plugin", "io.micronaut.application", "micronaut-maven-plugin",
    ):  # fmt: skip
        rank += 1.5
    rank += 1 if module.main else 0
    rank += {"war": 1.5, "ear": -1}.get(module.packaging, 0)
    if module.packaging == "pom" or (module.modules and module.folder == root and row is None):
        rank -= 5
    own = module.folder[len(root) :] + module.name
    rank -= 1 if _LESS.search(own) and module.folder != root else 0
    rank += 0.5 if _MORE.search(own) else 0
    return rank
