"""A program without a manifest."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.node import package_manager, version
from jarvis.analysis.node.source import NAMES, PLAIN, Sources, runs_in_node
from jarvis.analysis.tree import Tree

_FOLDERS = ("", "src/")
_DENO = re.compile(r"\bDeno\.|[\"'](?:https://deno\.land|https://esm\.sh|jsr:|npm:)")


def describe(tree: Tree) -> Candidate | None:
    """The program in a lone server.js, index.js or the like; None when the scripts only belong to a page."""
    file, usual = _program(tree)
    if not file:
        return None
    sources = Sources(tree, [file])
    listening = sources.listens(file) or sources.server
    text = tree.text(file)
    has_page = bool(tree.first("index.html", "index.htm", "public/index.html"))
    if listening is None and (has_page or not runs_in_node(text)):
        return None
    found = Candidate("web" if listening else "script", "node", 0.7 if listening else 0.6 if usual else 0.5)
    claim(found, file, "A program without a manifest.", language="node")
    if listening:
        claim(found, listening.file, listening.why, listening.line, kind="web")
    elif handler := sources.handler(file):
        claim(found, handler.file, handler.why, handler.line, kind="function")
    else:
        claim(found, file, "Nothing in it listens for requests.", kind="script")
    manager = package_manager.choose(tree, None)
    bun = manager.name == "bun" or "Bun." in text
    if bun and manager.name != "bun":
        claim(found, file, "It calls what only Bun has.", tree.line_of(file, "Bun."), package_manager="bun")
    else:
        claim(
            found, manager.fact.file if manager.lock else file, manager.fact.why, package_manager=manager.name
        )
    claim(found, file, "This file is the program.", start_command=f"{'bun' if bun else 'node'} {file}")
    if fact := version.stated(tree, None):
        claim(found, fact.file, fact.why, fact.line, language_version=fact.value)
    if found.kind == "web":
        if port := sources.port():
            claim(found, port.file, port.why, port.line, port=int(port.value))
        if route := health_route(tree, sources.files):
            claim(
                found,
                route[1],
                "A route with this name answers when it is well.",
                route[2],
                health_path=route[0],
            )
    found.against.append("There is no package.json.")
    return found


def _program(tree: Tree) -> tuple[str, bool]:
    """The likeliest main file, and whether it is called as such files are."""
    for folder in _FOLDERS:
        for name in ("server", *NAMES):
            for ending in PLAIN:
                path = f"{folder}{name}{ending}"
                if path in tree and runs_in_node(tree.text(path)) and not _DENO.search(tree.text(path)):
                    return path, True
    top = [
        path for path in tree.ending(*PLAIN, depth=0) if ".config." not in path and not path.startswith(".")
    ]
    if len(top) == 1 and runs_in_node(tree.text(top[0])) and not _DENO.search(tree.text(top[0])):
        return top[0], False
    return "", False
