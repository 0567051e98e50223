"""What angular.json says of the finished pages."""

from dataclasses import dataclass

from jarvis.analysis.node.config import Fact
from jarvis.analysis.node.values import dig, items, mapping, text
from jarvis.analysis.tree import Tree

_PAGES_APART = (":application", ":ssr-dev-server", ":prerender")
"""Builders that put pages into a folder `browser`, beside the server's."""


@dataclass(frozen=True, slots=True)
class Build:
    """How the main project is built: where its pages lie, and the server's folder when it has one."""

    pages: Fact
    server: str = ""


def build(tree: Tree) -> Build | None:
    """The build of the main project; None when there is no angular.json."""
    file = tree.first("angular.json", ".angular.json", ".angular-cli.json")
    if not file:
        return None
    data = tree.json(file)
    if file == ".angular-cli.json":
        folder = next((out for app in items(data.get("apps")) if (out := text(dig(app, "outDir")))), "dist")
        return Build(Fact(folder, file, "The pages are written there.", tree.line_of(file, '"outDir"')))
    name, project = _project(data)
    target = mapping(dig(project, "architect", "build") or dig(project, "targets", "build"))
    options = mapping(target.get("options"))
    stated = options.get("outputPath")
    base = text(stated) or text(dig(stated, "base")) or f"dist/{name}"
    base = base.removeprefix("./").rstrip("/")
    folder = base
    apart = text(target.get("builder")).endswith(_PAGES_APART)
    if apart:
        inner = dig(stated, "browser")
        inner = inner if isinstance(inner, str) else "browser"
        folder = f"{base}/{inner}" if inner else base
    pages = Fact(folder, file, "The pages are written there.", tree.line_of(file, '"outputPath"'))
    if apart and (options.get("ssr") or options.get("server")) and options.get("outputMode") != "static":
        return Build(pages, f"{base}/server")
    return Build(pages)


def _project(data: dict[str, object]) -> tuple[str, dict[str, object]]:
    projects = mapping(data.get("projects"))
    wanted = text(data.get("defaultProject"))
    if wanted in projects:
        return wanted, mapping(projects[wanted])
    for name, project in projects.items():
        if mapping(project).get("projectType", "application") == "application" and not name.endswith("-e2e"):
            return name, mapping(project)
    return "app", {}
