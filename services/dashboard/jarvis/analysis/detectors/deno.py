"""Programs for Deno."""

import re
from typing import Any

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.node.source import Sources, package
from jarvis.analysis.node.values import dig, mapping, text, texts
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

MANIFESTS = ("deno.json", "deno.jsonc")
PORT = 8000
"""Where Deno.serve listens by itself."""
FRAMEWORKS = {
    "fresh": ("@fresh/core", "$fresh", "fresh"),
    "lume": ("lume", "@lume/lume"),
    "oak": ("@oak/oak", "oak"),
    "hono": ("@hono/hono", "hono"),
    "aleph": ("aleph",),
    "danet": ("@danet/core", "danet"),
    "express": ("express",),
    "fastify": ("fastify",),
    "koa": ("koa",),
}
ENGINES = {
    "postgres": ("@db/postgres", "postgres", "postgresjs", "pg", "@bartlomieju/postgres", "deno-postgres"),
    "mysql": ("@db/mysql", "mysql", "mysql2"),
    "sqlite": ("@db/sqlite", "sqlite", "sqlite3", "better-sqlite3", "@libsql/client"),
    "mongodb": ("@db/mongo", "mongo", "mongodb", "mongoose"),
    "redis": ("@db/redis", "@iuioiua/redis", "redis", "r2d2", "ioredis"),
}

_MARK = re.compile(r"\bDeno\.\w|[\"'](?:https://(?:deno\.land|esm\.sh)/|jsr:|npm:)")
_LAND = re.compile(r"https://deno\.land/x/([\w$-]+)|https://esm\.sh/(?:v\d+/)?((?:@[\w-]+/)?[\w.-]+)")
_FETCH = re.compile(
    r"\bexport\s+default\s+(?:\{[^}]{0,400}\bfetch\b|app\b|\w+\s+satisfies\s+Deno\.ServeDefaultExport)"
)
_NAMES = ("main", "mod", "server", "app", "index", "dev")


def detect(tree: Tree) -> Candidate | None:
    """A Deno project, by its manifest, its lock file, or a program that calls Deno."""
    file = tree.first(*MANIFESTS)
    data = tree.json(file) if file else {}
    entry = _entry(tree, data)
    if not file and "deno.lock" not in tree and not (entry and _MARK.search(tree.text(entry))):
        return None
    if not file and "package.json" in tree and "deno.lock" not in tree:
        return None
    first = file or tree.first("deno.lock") or entry
    if not entry and not file:
        return None
    found = Candidate("script", "deno", 0.93 if file else 0.7)
    claim(found, first, "It is a project for Deno.", language="deno", package_manager="deno")
    sources = Sources(tree, [entry])
    used = _used(tree, file, data, sources)
    found.dependencies = {name.lower(): place for name, place in used.items()}
    _recognise(found, tree, entry, used, sources)
    if version := _version(tree):
        claim(found, version[0], "The file names it.", version[2], language_version=version[1])
    _commands(found, tree, file, data, entry)
    if found.kind == "web":
        port = sources.port()
        reason = next(item for item in found.evidence if item.fact == "kind")
        place = (port.file, port.line) if port else (reason.file, reason.line)
        why = port.why if port else "Deno listens there unless it is told otherwise."
        claim(found, place[0], why, place[1], port=int(port.value) if port else PORT)
        if route := health_route(tree, sources.files):
            claim(
                found,
                route[1],
                "A route with this name answers when it is well.",
                route[2],
                health_path=route[0],
            )
    for engine, names in ENGINES.items():
        if name := next((name for name in names if name in used), ""):
            level = "embedded" if engine == "sqlite" else "required"
            found.need(engine, level, used[name][0], f"It uses {name}.", used[name][1])
    _weigh(found, tree)
    return found


def _entry(tree: Tree, data: dict[str, Any]) -> str:
    """The main file: as the manifest or a task names it, or as such files are called."""
    tasks = mapping(data.get("tasks"))
    for name in ("start", "serve", "dev"):
        words = text(tasks.get(name)) or text(dig(tasks.get(name), "command"))
        for word in words.split():
            if re.search(r"\.[jt]sx?$", word) and word.removeprefix("./") in tree:
                return word.removeprefix("./")
    exported = text(data.get("exports")) or text(dig(data.get("exports"), "."))
    if exported.removeprefix("./") in tree:
        return exported.removeprefix("./")
    for folder in ("", "src/"):
        for name in _NAMES:
            for ending in (".ts", ".tsx", ".js", ".mjs", ".jsx"):
                if (path := f"{folder}{name}{ending}") in tree:
                    return path
    top = [
        path
        for path in tree.ending(".ts", ".js", depth=0)
        if not re.search(r"[._]test\.|\.config\.|\.d\.ts$", path)
    ]
    return top[0] if len(top) == 1 else ""


def _used(tree: Tree, file: str, data: dict[str, Any], sources: Sources) -> dict[str, tuple[str, int | None]]:
    """Packages that the import map or the sources name, and where."""
    found: dict[str, tuple[str, int | None]] = {}
    maps = [(file, texts(data.get("imports")))]
    named = text(data.get("importMap")).removeprefix("./") or "import_map.json"
    if named in tree:
        maps.append((named, texts(tree.json(named).get("imports"))))
    for place, imports in maps:
        for key, target in imports.items():
            if name := _name(target):
                found.setdefault(name, (place, tree.line_of(place, f'"{key}"')))
    for target, place in sources.imports.items():
        if target.startswith("http") and (name := _name(target)):
            found.setdefault(name, place)
        elif not target.startswith(("http", "bun:")):
            found.setdefault(target, place)
    return found


def _name(target: str) -> str:
    if match := _LAND.search(target):
        return match[1] or match[2]
    return package(target) if target.startswith(("jsr:", "npm:")) else ""


def _recognise(
    found: Candidate, tree: Tree, entry: str, used: dict[str, tuple[str, int | None]], sources: Sources
) -> None:
    for framework, names in FRAMEWORKS.items():
        name = next((name for name in names if name in used), "")
        if not name:
            continue
        place = used[name]
        kind = "static" if framework == "lume" else "web"
        claim(found, place[0], f"It uses {name}.", place[1], framework=framework, kind=kind)
        return
    if sources.server:
        claim(found, sources.server.file, sources.server.why, sources.server.line, kind="web")
    elif entry and (match := tree.search(entry, _FETCH)):
        claim(found, entry, "It answers requests.", match[1], kind="web")
    else:
        claim(found, entry or found.evidence[0].file, "Nothing in it listens for requests.", kind="script")


def _version(tree: Tree) -> tuple[str, str, int | None] | None:
    for file in (".deno-version", ".dvmrc"):
        for number, line in tree.lines(file):
            if line.strip():
                return file, line.strip().removeprefix("v"), number
    found = pinned(tree, "deno")
    return (found[1], found[0], found[2]) if found else None


def _commands(found: Candidate, tree: Tree, file: str, data: dict[str, Any], entry: str) -> None:
    tasks = mapping(data.get("tasks"))
    if "imports" in data or "package.json" in tree:
        claim(
            found,
            file or "package.json",
            "Its dependencies are listed there.",
            install_command="deno install",
        )
    if "build" in tasks:
        claim(
            found,
            file,
            "The task build builds it.",
            tree.line_of(file, '"build"'),
            build_command="deno task build",
        )
    if found.framework == "lume":
        line = tree.line_of(file, "lume") if file else None
        claim(found, file or entry, "Lume writes its pages there.", line, static_dir="_site")
    start = next((name for name in ("start", "serve", "preview") if name in tasks), "")
    if start and not (found.framework == "lume" and start != "start"):
        why = f"The project's own task {start}."
        claim(found, file, why, tree.line_of(file, f'"{start}"'), start_command=f"deno task {start}")
    elif found.framework == "lume":
        line = "caddy file-server --root _site --listen :${PORT:-8080}"
        claim(found, file or entry, "A file server hands out the pages.", start_command=line)
    elif found.framework == "fresh" and "vite.config.ts" in tree:
        claim(
            found,
            "vite.config.ts",
            "Fresh is served like this.",
            start_command="deno serve -A _fresh/server.js",
        )
    elif entry and _FETCH.search(tree.text(entry)) and "Deno.serve" not in tree.text(entry):
        line = "deno serve --allow-all --port ${PORT:-8000} " + entry
        claim(found, entry, "It exports what answers requests.", start_command=line)
    elif entry:
        claim(found, entry, "This file is the program.", start_command=f"deno run --allow-all {entry}")


def _weigh(found: Candidate, tree: Tree) -> None:
    if found.framework != "none" and found.confidence > 0.9:
        found.confidence = 0.97
    if "package.json" not in tree:
        return
    scripts = texts(tree.json("package.json").get("scripts"))
    if any(name in scripts and "deno" not in scripts[name] for name in ("start", "build")):
        found.confidence = min(found.confidence, 0.6)
        found.against.append("package.json has scripts that do not call Deno.")
