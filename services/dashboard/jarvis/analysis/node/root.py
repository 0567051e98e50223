"""The root of a workspace: what it starts, or only the packages that it holds."""

import posixpath
import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.node import nx, output, package, package_manager, workspace
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.recognise import Choice, called
from jarvis.analysis.node.workspace import Workspace
from jarvis.analysis.tree import Tree

_SENDERS = frozenset({"turbo", "lerna", "nx", "rush", "wsrun", "ultra", "wireit", "moon"})
"""Tools that run the scripts of the members."""
MOST = 8
"""Members that are looked into when all are started."""
_ORDER = ("web", "static", "function", "worker", "script")
_WHOLE = frozenset({"redwoodjs"})
"""Frameworks whose two halves are packages of one program."""
_OWN = (".js", ".ts", ".mjs", ".cjs", ".tsx", ".jsx", ".vue", ".svelte", ".astro", ".html", ".mdx")
_ASIDE = re.compile(
    r"^(?:tools|scripts|config|configs|docs|test|tests|e2e|patches|\.[^/]+)/|\.config\.\w+$|^\.|^jest\."
)


def describe(tree: Tree, manifest: Manifest) -> Candidate | None:
    """The root of a workspace; None when the package at the top is a program by itself."""
    space = workspace.workspace(tree, manifest)
    if space is None:
        return None
    meant = nx.project(tree) if nx.is_workspace(tree) else None
    chosen = nx.choice(manifest, meant) if meant else None
    found = package.describe(tree, manifest, chosen)
    packages = workspace.members(tree, space)
    targets = workspace.started(manifest, packages)
    if targets:
        _take_over(found, tree, targets)
    elif "start" not in manifest.scripts and not _is_program(tree, manifest, found, space):
        if meant and found.kind in ("web", "static"):
            _built_by_nx(found, tree, manifest, meant, chosen)
        else:
            _only_packages(found, space)
    return found


def _take_over(found: Candidate, tree: Tree, targets: list[str]) -> None:
    """The root starts members: it is what the first of them that answers requests is.

    The framework stays what the root itself depends on; each member is described by itself, too.
    """
    described: dict[str, Candidate] = {}
    for folder in targets[:MOST]:
        inner = tree.under(folder)
        described[folder] = package.describe(inner, Manifest(inner, "package.json"))
    best = min(described, key=lambda folder: _rank(described[folder].kind))
    chosen = described[best]
    file = f"{best}/package.json"
    why = f"The start script starts {best}."
    if chosen.framework != "none":
        why = f"The start script starts {best}, which is made with {chosen.framework}."
    if chosen.kind in _ORDER and found.kind != chosen.kind:
        _forget(found, "kind", "static_dir", "spa", "health_path", "port")
        claim(found, file, why, kind=chosen.kind)
    if chosen.port and found.port is None:
        claim(found, file, why, port=chosen.port)
    if chosen.static_dir and not found.static_dir:
        place = posixpath.normpath(posixpath.join(best, chosen.static_dir))
        claim(found, file, why, static_dir=place)
    for need in chosen.needs:
        found.need(need.engine, need.level, f"{best}/{need.file}", need.why, need.line)


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _is_program(tree: Tree, manifest: Manifest, found: Candidate, space: Workspace) -> bool:
    """Does the root itself hold a program, beside its packages?"""
    if any(item.tool in _SENDERS or item.member for item in called(manifest, "build", "dev")):
        return False
    if space.fact.file == "nx.json":
        return False
    if found.framework in _WHOLE:
        return True
    if found.framework == "none" and found.kind not in ("web", "function", "worker", "static"):
        return bool(manifest.main) and manifest.main in tree and not _within(manifest.main, space)
    return any(not _within(path, space) and not _ASIDE.search(path) for path in tree.ending(*_OWN, depth=4))


def _within(path: str, space: Workspace) -> bool:
    return any(path.startswith(f"{folder}/") for folder in space.folders)


def _only_packages(found: Candidate, space: Workspace) -> None:
    """Forget what was believed of the root: it is not started."""
    _forget(found, "kind", "start_command", "port", "static_dir", "spa", "health_path")
    claim(found, space.fact.file, space.fact.why, space.fact.line, kind="monorepo")


def _built_by_nx(
    found: Candidate, tree: Tree, manifest: Manifest, meant: nx.Project, chosen: Choice | None
) -> None:
    """The root has no start script of its own, and the workspace means this project."""
    manager = package_manager.choose(tree, manifest)
    why = f"{meant.name} is the project that the workspace means."
    _forget(found, "start_command", "build_command", "static_dir")
    claim(found, meant.file, why, build_command=manager.execute(f"nx build {meant.name}"))
    if found.kind == "static" and chosen:
        inner = Manifest(tree.under(meant.folder), "package.json")
        stated = output.folder(inner, chosen)
        place = meant.output or posixpath.join("dist", meant.folder)
        if stated.file != chosen.fact.file:
            place = posixpath.normpath(posixpath.join(meant.folder, stated.value))
        claim(found, meant.file, why, static_dir=place)
        claim(
            found,
            meant.file,
            why,
            start_command=f"caddy file-server --root {place} --listen :${{PORT:-8080}}",
        )
    elif line := nx.start(meant, chosen, manager.execute("").strip()):
        claim(found, meant.file, why, start_command=line)


def _forget(found: Candidate, *facts: str) -> None:
    empty = Candidate("script", found.language, found.confidence)
    for fact in facts:
        setattr(found, fact, getattr(empty, fact))
    found.evidence = [item for item in found.evidence if item.fact not in facts]
