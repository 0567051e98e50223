"""The project that an Nx workspace means when it is told none: its packages are all listed at the root."""

import posixpath
import re
from dataclasses import dataclass

from jarvis.analysis.node import config
from jarvis.analysis.node.config import Fact
from jarvis.analysis.node.frameworks import MADE, SERVED, SERVERS
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.recognise import Choice
from jarvis.analysis.node.source import Sources
from jarvis.analysis.node.values import dig, mapping, text
from jarvis.analysis.tree import Tree

_SETTINGS = {
    "next.config": "nextjs", "nuxt.config": "nuxt", "astro.config": "astro", "remix.config": "remix",
    "gatsby-config": "gatsby", "react-router.config": "react-router", "svelte.config": "sveltekit",
    "vite.config": "vite", "webpack.config": "webpack",
}  # fmt: skip
_PROGRAM = re.compile(
    r"[/@](?:node|webpack|esbuild|js|nest|express|rollup|rspack):(?:webpack|build|esbuild|tsc|swc|rollup|rspack)$"
)


@dataclass(frozen=True, slots=True)
class Project:
    """One application of the workspace.

    Attributes:
        folder: Where it lies.
        file: The file that describes it.
        builder: What builds it, for example `@nx/next:build`.
        output: The folder that its build is told to write to; empty when it is told none.
    """

    name: str
    folder: str
    file: str
    builder: str = ""
    output: str = ""


def is_workspace(tree: Tree) -> bool:
    """Is this the root of an Nx workspace with projects in folders?"""
    return "nx.json" in tree and "project.json" not in tree


def project(tree: Tree) -> Project | None:
    """The default project, or the only application; None when there are several and none is the default."""
    known = _projects(tree)
    default = text(tree.json("nx.json").get("defaultProject")) or text(
        tree.json("workspace.json").get("defaultProject")
    )
    if default in known:
        return known[default]
    programs = [item for item in known.values() if not item.name.endswith("-e2e")]
    return programs[0] if len(programs) == 1 else None


def _projects(tree: Tree) -> dict[str, Project]:
    found: dict[str, Project] = {}
    for file in tree.named("project.json", depth=4)[:60]:
        data = tree.json(file)
        folder = file.rpartition("/")[0]
        name = text(data.get("name")) or folder.rpartition("/")[2]
        if folder and data.get("projectType", "application") == "application":
            found[name] = _project(name, folder, file, data)
    for name, data in mapping(tree.json("workspace.json").get("projects")).items():
        folder = text(dig(data, "root"))
        if name not in found and folder and dig(data, "projectType") == "application":
            found[name] = _project(name, folder, "workspace.json", data)
    for file in tree.named("package.json", depth=3):
        folder = file.rpartition("/")[0]
        if folder.startswith("apps/") and not any(item.folder == folder for item in found.values()):
            found[folder.rpartition("/")[2]] = Project(folder.rpartition("/")[2], folder, file)
    return found


def _project(name: str, folder: str, file: str, data: object) -> Project:
    target = dig(data, "targets", "build") or dig(data, "architect", "build")
    builder = text(dig(target, "executor")) or text(dig(target, "builder"))
    output = dig(target, "options", "outputPath")
    return Project(name, folder, file, builder, text(output) or text(dig(output, "base")))


def choice(manifest: Manifest, found: Project) -> Choice | None:
    """The framework of the project, among the packages of the root."""
    tree = manifest.tree.under(found.folder)
    for stem, name in _SETTINGS.items():
        if settings := config.files(tree, stem):
            file = f"{found.folder}/{settings[0]}"
            if row := next(
                (row for row in (*SERVED, *MADE) if row.name == name and manifest.has(*row.packages)), None
            ):
                fact = Fact(name, file, f"The project {found.name} is set up for {name}.")
                return Choice(row, fact, "served" if row in SERVED else "made")
    if ":" in found.builder and "angular" in found.builder:
        row = next(row for row in MADE if row.name == "angular")
        return Choice(row, Fact(row.name, found.file, f"{found.builder} builds it."), "made")
    imports = Sources(tree).imports
    for row in SERVERS:
        for name in row.packages:
            if name in imports and manifest.has(name):
                file, line = imports[name]
                why = f"The project {found.name} imports {name}."
                return Choice(row, Fact(row.name, f"{found.folder}/{file}", why, line), "server")
    return None


def start(found: Project, chosen: Choice | None, execute: str) -> str:
    """The command that starts the built project; empty when it is not known."""
    output = found.output or posixpath.join("dist", found.folder)
    name = chosen.framework.name if chosen else ""
    if name == "nextjs":
        place = f" {found.output}" if found.output else ""
        before = "" if place else f"cd {found.folder} && "
        return f"{before}{execute} next start{place} -p ${{PORT:-3000}}"
    if (chosen is None or chosen.sort == "server") and _PROGRAM.search(found.builder):
        return f"node {output}/main.js"
    return ""
