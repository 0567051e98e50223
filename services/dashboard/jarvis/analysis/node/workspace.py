"""Several packages in one folder, and which of them the root starts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from jarvis.analysis.node.config import Fact
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.script import Command, commands
from jarvis.analysis.node.values import dig, words
from jarvis.analysis.tree import Tree

MOST = 60
"""Members that are read."""
TOOLS = {
    "pnpm-workspace.yaml": "pnpm", "lerna.json": "lerna", "nx.json": "nx", "turbo.json": "turbo",
    "rush.json": "rush",
}  # fmt: skip

_USUAL = frozenset({"apps", "packages", "libs", "services", "sites"})
"""Folders of members when nothing lists them."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder of packages: what says so, and where they are."""

    fact: Fact
    folders: tuple[str, ...]


def workspace(tree: Tree, manifest: Manifest) -> Workspace | None:
    """The workspace whose root this is; None when it is a package by itself."""
    stated = manifest.data.get("workspaces")
    globs = words(stated) or words(dig(stated, "packages"))
    fact = (
        Fact("", manifest.file, "It lists the packages of a workspace.", manifest.line("workspaces"))
        if globs
        else None
    )
    for file in TOOLS:
        if file not in tree:
            continue
        fact = fact or Fact("", file, "It makes the folder a workspace.")
        if file == "pnpm-workspace.yaml":
            globs += words(tree.yaml(file).get("packages"))
        elif file == "lerna.json":
            globs += words(tree.json(file).get("packages"))
    if fact is None or (fact.file == "pnpm-workspace.yaml" and not globs):
        return None  # pnpm keeps its settings in that file, too, packages or not
    places = [path.rpartition("/")[0] for path in tree.named("package.json", depth=4) if "/" in path]
    if "nx.json" in tree:
        places += [path.rpartition("/")[0] for path in tree.named("project.json", depth=4) if "/" in path]
    places = list(dict.fromkeys(places))
    chosen = [place for place in places if _matches(place, globs)] if globs else []
    if not globs:
        chosen = [place for place in places if place.partition("/")[0] in _USUAL]
        if not chosen and (fact.file != "nx.json" or "project.json" in tree):
            return None  # turbo and Nx also run the scripts of a single package
    return Workspace(fact, tuple(chosen[:MOST]))


def _matches(folder: str, globs: Iterable[str]) -> bool:
    inside = False
    for glob in globs:
        wanted = glob.removeprefix("!").removeprefix("./").rstrip("/")
        pattern = "".join(
            {"**": ".+", "*": "[^/]*", "**/": "(?:.+/)?"}.get(part, re.escape(part))
            for part in re.split(r"(\*\*/|\*\*|\*)", wanted)
        )
        if re.fullmatch(pattern, folder):
            inside = not glob.startswith("!")
    return inside


def members(tree: Tree, found: Workspace) -> dict[str, Manifest]:
    """Folder → manifest of each member that has one, as seen from the root."""
    return {
        folder: Manifest(tree, f"{folder}/package.json")
        for folder in found.folders
        if f"{folder}/package.json" in tree
    }


def started(manifest: Manifest, packages: dict[str, Manifest]) -> list[str]:
    """The folders of the members that the root's start script starts, all of them when it names none."""
    run = commands(manifest.scripts, "start")
    found: list[str] = []
    for command in run:
        found += _targets(command, packages)
    return list(dict.fromkeys(found))


def _targets(command: Command, packages: dict[str, Manifest]) -> list[str]:
    if command.folder in packages:
        return [command.folder]
    if command.member and command.member != "*":
        wanted = re.sub(r"^[.^{]*|[.^}]*$", "", command.member).removeprefix("/").removeprefix("./")
        return [
            folder
            for folder, member in packages.items()
            if wanted in (member.name, folder, folder.rpartition("/")[2], member.name.rpartition("/")[2])
        ]
    if command.member == "*":
        return [
            folder for folder, member in packages.items() if (command.script or "start") in member.scripts
        ]
    path = command.entry
    return [folder for folder in packages if path.startswith(f"{folder}/")][:1]
