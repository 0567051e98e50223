"""The command that starts a package in production."""

import posixpath
import re

from jarvis.analysis.node import config, production, typescript
from jarvis.analysis.node.config import Fact
from jarvis.analysis.node.frameworks import MADE, SERVED
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.package_manager import Manager
from jarvis.analysis.node.recognise import Choice, called
from jarvis.analysis.node.script import Command
from jarvis.analysis.node.source import NAMES, PLAIN, Sources
from jarvis.analysis.node.values import dig, mapping, text
from jarvis.analysis.tree import Tree

SCRIPTS = (
    "start:prod", "start:production", "start-prod", "start:server", "production", "prod", "serve:prod",
    "server", "serve",
)  # fmt: skip
"""Scripts that start it when `start` is missing, the plainest first."""
_WATCHERS = frozenset({
    "nodemon", "ts-node-dev", "tsnd", "node-dev", "supervisor", "webpack-dev-server", "live-server",
    "browser-sync", "lite-server", "vite-node", "wrangler", "vercel", "netlify", "firebase", "listhen",
    "start-storybook", "budo", "electron", "cypress", "jest", "vitest", "mocha",
})  # fmt: skip
PAGES = frozenset({
    "serve", "http-server", "sirv", "sirv-cli", "static-server", "local-web-server", "ws", "superstatic",
    "live-server", "lite-server", "light-server", "node-static", "static", "servor", "spa-http-server",
})  # fmt: skip
"""Programs that hand out the files of a folder."""


def develops(command: Command) -> str:
    """Why a command is a development server; empty when it is not."""
    words = command.arguments
    if command.tool in _WATCHERS or {"--watch", "--hot"} & set(words) or words[:1] == ("watch",):
        return f"{command.tool} is for development: it watches the sources."
    for row in (*SERVED, *MADE):
        if command.tool not in row.tools:
            continue
        plain = tuple(word for word in words if not word.startswith("-"))
        for way in row.develop:
            if way.startswith("-"):
                hit = way in words
            else:
                hit = (
                    plain[: len(way.split())] == tuple(way.split())
                    if way
                    else not plain or _is_page(plain[0])
                )
            if hit:
                return f"{command.tool} {way}".strip() + " is a development server."
    return ""


def _is_page(word: str) -> bool:
    return word.endswith(".html") or word in (".", "src", "app")


def pages_served(manifest: Manifest) -> tuple[str, Fact] | None:
    """The folder that the start script hands out with a ready file server; None when it does not."""
    for command in called(manifest, "start"):
        if command.tool in PAGES and not command.folder:
            valued = {
                "-l",
                "-p",
                "--port",
                "--listen",
                "-c",
                "--config",
                "-a",
                "-P",
                "--proxy",
                "-d",
                "--directory",
            }
            free = [
                word
                for at, word in enumerate(command.arguments)
                if not word.startswith("-") and not (at and command.arguments[at - 1] in valued)
            ]
            folder = command.option("-d", "--directory") or (free[0] if free else ".")
            why = f"{command.tool} hands out the files of this folder."
            return posixpath.normpath(folder), Fact("", manifest.file, why, manifest.line("scripts", "start"))
    return None


def entry(tree: Tree, manifest: Manifest | None, sources: Sources) -> Fact | None:
    """The file that a runtime is told to run: as stated, or as such files are usually called."""
    if manifest:
        stated = [manifest.main, text(manifest.data.get("module")).removeprefix("./")]
        if isinstance(manifest.data.get("bin"), dict):
            stated += [
                word.removeprefix("./")
                for word in mapping(manifest.data["bin"]).values()
                if isinstance(word, str)
            ]
        else:
            stated.append(text(manifest.data.get("bin")).removeprefix("./"))
        if told := _watched(tree):
            return told
        for name in filter(None, stated):
            if file := resolve(tree, name):
                return Fact(file, file, f"{manifest.file} names it as the program.")
            if made := _made_from(tree, manifest, name):
                return made
    if sources.server and "/" not in sources.server.file and _NAMED.match(sources.server.file):
        return sources.server
    for folder in ("", "src/"):
        for name in NAMES:
            for ending in PLAIN:
                if (path := f"{folder}{name}{ending}") in tree:
                    return Fact(path, path, "Main files are called like this.")
    if sources.server:
        return sources.server
    return None


def _watched(tree: Tree) -> Fact | None:
    """The program that the settings of pm2 name."""
    for settings in _PM2:
        if settings in tree:
            named = config.look(tree, [settings], r"\bscript[\"']?\s*:\s*[\"'`](?P<value>[^\"'`\n]+)", "")
            if named and (file := resolve(tree, named.value)):
                return Fact(file, settings, "The settings of pm2 name the program.", named.line)
    return None


_PM2 = (
    "ecosystem.config.js",
    "ecosystem.config.cjs",
    "ecosystem.json",
    "process.json",
    "pm2.json",
    "pm2.config.js",
)
_NAMED = re.compile(r"(?:index|server|app|main|web|www)\.[cm]?[jt]s$")


def resolve(tree: Tree, name: str) -> str:
    """The file behind a name without an ending, or behind a folder; empty for none."""
    name = posixpath.normpath(name)
    start = "" if name == "." else name
    tries = [start, *(start + ending for ending in PLAIN)] if start else []
    tries += [posixpath.join(start, "index") + ending for ending in PLAIN]
    return tree.first(*filter(None, tries))


def _made_from(tree: Tree, manifest: Manifest, name: str) -> Fact | None:
    """A file that the build will write: its source is there, or its folder is one that builds write to."""
    if not manifest.scripts.get("build") and not manifest.has("typescript"):
        return None
    top, _, rest = name.partition("/")
    stem = re.sub(r"\.[cm]?js$", "", rest)
    out = text(dig(tree.json("tsconfig.json"), "compilerOptions", "outDir")).removeprefix("./").strip("/")
    if not rest or (top not in ("dist", "build", "lib", "out", ".output", "output") and top != out):
        return None
    source = resolve(tree, f"src/{stem}") or resolve(tree, stem)
    return Fact(name, source or manifest.file, f"{manifest.file} names what is built from it.")


def command(
    tree: Tree,
    manifest: Manifest,
    manager: Manager,
    choice: Choice | None,
    kind: str,
    static_dir: str,
    sources: Sources,
) -> Fact | None:
    """How it is started; None when nothing shows how."""
    if "start" in manifest.scripts:
        why = "The project's own start script."
        return Fact(manager.run("start"), manifest.file, why, manifest.line("scripts", "start"))
    if kind == "static":
        file = choice.fact.file if choice else manifest.file
        line = f"caddy file-server --root {static_dir} --listen :${{PORT:-8080}}"
        return Fact(line, file, "The pages are made by the build; a file server hands them out.")
    if kind in ("web", "script", "worker"):
        for name in (*SCRIPTS, *(name for name in manifest.scripts if name.startswith("serve:ssr"))):
            run = called(manifest, name)
            if run and not any(develops(item) or "preview" in item.arguments for item in run):
                why = f"The script {name} starts it."
                return Fact(manager.run(name), manifest.file, why, manifest.line("scripts", name))
    words = production.server(tree, manifest, choice) if choice and kind == "web" else ""
    if choice and words and (choice.sort != "server" or choice.framework.name in production.RUNNERS):
        return _served(manager, choice, words)
    if found := entry(tree, manifest, sources):
        return Fact(_run(tree, manifest, manager, found.value), found.file, found.why, found.line)
    if choice and words:
        return _served(manager, choice, words)
    if kind == "web" and "dev" in manifest.scripts:
        why = "Only a development script is there."
        return Fact(manager.run("dev"), manifest.file, why, manifest.line("scripts", "dev"))
    return None


def _served(manager: Manager, choice: Choice, words: str) -> Fact:
    line = words if words.startswith("node ") else manager.execute(words)
    return Fact(line, choice.fact.file, f"{choice.framework.name} is served like this.", choice.fact.line)


def _run(tree: Tree, manifest: Manifest, manager: Manager, file: str) -> str:
    """How a file is run."""
    if manager.name == "bun":
        return f"bun {file}"
    if not typescript.is_source(file):
        return f"node {file}"
    if typescript.compiled_by_script(manifest):
        return f"node {typescript.output(tree, file)}"
    for runner in ("tsx", "ts-node"):
        if manifest.has(runner):
            return manager.execute(f"{runner} {file}")
    if typescript.has_compiler(manifest):
        return f"node {typescript.output(tree, file)}"
    return f"node {file}"  # Node itself leaves the types out since 22.18
