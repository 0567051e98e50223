"""Which framework a package is made with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from jarvis.analysis.node import config
from jarvis.analysis.node.config import Fact
from jarvis.analysis.node.frameworks import MADE, SERVED, SERVERS, Framework
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.script import Command, commands
from jarvis.analysis.node.source import Sources
from jarvis.analysis.node.values import dig, mapping, text

BUILDS = (
    "build", "vercel-build", "heroku-postbuild", "gcp-build", "build:prod", "build:production", "prod",
    "dist", "generate", "export", "docs:build", "build:docs", "docs-build", "build:web", "web:build",
    "compile", "bundle", "site:build", "build-storybook", "postinstall",
)  # fmt: skip
"""Scripts that make what is served, the commonest first."""
_SHARED = frozenset({
    "rollup", "vite", "shopify", "srvx", "listhen", "ace", "ionic", "max", "sb", "webpack-cli", "vinxi",
})  # fmt: skip
"""Tools of several frameworks: a script that calls one does not tell which."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A framework, why it is believed, and whether it stands on its own server or makes pages."""

    framework: Framework
    fact: Fact
    sort: Literal["served", "made", "server"]


def recognise(manifest: Manifest, sources: Sources) -> Choice | None:
    """The framework of a package; None for none."""
    for row in SERVED:
        if fact := _depends(manifest, row):
            return Choice(row, fact, "served")
    server = _server(manifest, sources)
    for row in MADE:
        fact = _depends(manifest, row)
        confirm = _CONFIRM.get(row.name)
        if fact and (confirm is None or confirm(manifest)):
            if server and _starts_program(manifest, sources, row):
                return server
            return Choice(row, fact, "made")
    return server or _by_script(manifest)


def called(manifest: Manifest, *names: str) -> list[Command]:
    """What the scripts of these names run."""
    return [command for name in names for command in commands(manifest.scripts, name)]


def _depends(manifest: Manifest, row: Framework) -> Fact | None:
    if row.name == "meteor" and ".meteor/release" in manifest.tree:
        return Fact("meteor", ".meteor/release", "The folder is a Meteor project.", 1)
    name = manifest.has(*row.packages)
    if not name or (name not in manifest.runtime and name in mapping(manifest.data.get("peerDependencies"))):
        return None  # a plugin brings its host only to be tested with it
    return Fact(row.name, manifest.file, f"It depends on {name}.", manifest.line_of(name))


def _server(manifest: Manifest, sources: Sources) -> Choice | None:
    """The library that the program's own server is made with."""
    found = [row for row in SERVERS if any(name in manifest.runtime for name in row.packages)]
    if not found:
        found = [
            row
            for row in SERVERS
            if any(name in manifest.development and name in sources.imports for name in row.packages)
        ]
    if len(found) > 1 and sources.server and (used := _used(found, sources)):
        found = [used]
    for row in found[:1]:
        if fact := _depends(manifest, row):
            return Choice(row, fact, "server")
    return None


def _used(rows: list[Framework], sources: Sources) -> Framework | None:
    """The one that the sources import, when they import only one of those without a program of its own."""
    used = [row for row in rows if any(name in sources.imports for name in row.packages)]
    return used[0] if used else None


def _starts_program(manifest: Manifest, sources: Sources, row: Framework) -> bool:
    """Does production start the project's own program, while `row` only makes what that program sends?"""
    if "start" in manifest.scripts:
        run = called(manifest, "start")
        own = [command for command in run if command.entry or command.tool in _PROGRAMS]
        return bool(own) and not any(
            command.tool in row.tools for command in run if command.arguments[:1] != ("build",)
        )
    return sources.server is not None and any(
        name in sources.imports for server in SERVERS for name in server.packages
    )


_PROGRAMS = frozenset(tool for row in SERVERS for tool in row.tools)


def _by_script(manifest: Manifest) -> Choice | None:
    """By the tool that a script calls: it may be installed for the whole machine, or higher up."""
    for name in ("build", "start", "dev", "serve", *BUILDS[1:]):
        tools = [command.tool for command in commands(manifest.scripts, name) if not command.member]
        for row in (*SERVED, *MADE):
            tool = next((tool for tool in tools if tool in row.tools and tool not in _SHARED), "")
            confirm = _CONFIRM.get(row.name)
            if tool and (confirm is None or confirm(manifest)):
                fact = Fact(
                    row.name,
                    manifest.file,
                    f"The script {name} calls {tool}.",
                    manifest.line("scripts", name),
                )
                return Choice(row, fact, "served" if row in SERVED else "made")
    return None


def _calls(manifest: Manifest, *tools: str) -> bool:
    return any(command.tool in tools for command in called(manifest, *manifest.scripts))


def _is_vite(manifest: Manifest) -> bool:
    tree = manifest.tree
    places = config.files(tree, "vite.config")
    root = config.setting(tree, places, "root", "")
    folder = root.value.removeprefix("./").strip("/") if root else ""
    if (f"{folder}/index.html" if folder and folder != "." else "index.html") in tree:
        return True
    if config.look(tree, places, r"\blib\s*:\s*\{", "", ""):
        return False
    return any(
        command.tool == "vite" and "--ssr" not in command.arguments
        for command in called(manifest, "build", "dev")
    )


def _is_webpack(manifest: Manifest) -> bool:
    tree = manifest.tree
    pages = tree.first(
        "index.html", "public/index.html", "src/index.html", "app/index.html", "dist/index.html"
    )
    if not pages and not manifest.has("html-webpack-plugin"):
        return False
    return bool(config.files(tree, "webpack.config")) or _calls(manifest, "webpack", "webpack-dev-server")


def _is_expo(manifest: Manifest) -> bool:
    web = dig(manifest.tree.json("app.json"), "expo", "web")
    return bool(manifest.has("react-native-web", "@expo/webpack-config")) or bool(mapping(web).get("output"))


def _is_angular(manifest: Manifest) -> bool:
    settings = manifest.tree.first("angular.json", ".angular-cli.json", "project.json")
    return bool(settings) or _calls(manifest, "ng")


def _is_storybook(manifest: Manifest) -> bool:
    """A library shows its parts in one, too, without being it."""
    tools = ("storybook", "build-storybook", "start-storybook")
    if any(command.tool in tools for command in called(manifest, "build", "start")):
        return True
    return "build-storybook" in manifest.scripts and "build" not in manifest.scripts and not manifest.main


def _is_parcel(manifest: Manifest) -> bool:
    return _calls(manifest, "parcel") or text(manifest.data.get("source")).endswith(".html")


_CONFIRM: dict[str, Callable[[Manifest], bool]] = {
    "vite": _is_vite,
    "webpack": _is_webpack,
    "expo": _is_expo,
    "parcel": _is_parcel,
    "svelte": lambda manifest: _calls(manifest, "rollup") and "public/index.html" in manifest.tree,
    "storybook": _is_storybook,
    "ice": lambda manifest: _calls(manifest, "ice"),
    "angular": _is_angular,
}  # fmt: skip
"""Further signs, for packages that others use as a tool, too."""
