"""Zig: projects with build.zig, and lone sources."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

FRAMEWORKS = (
    ("jetzig", "jetzig", 8080), ("tokamak", "tokamak", 8080), ("zap", "zap", 3000),
    ("httpz", "httpz", 5882), ("http.zig", "httpz", 5882), ("zzz", "zzz", 9862), ("zin", "zin", 8080),
    ("horizon", "horizon", 5000),
)  # fmt: skip
"""Module → framework and its usual port."""
DATABASES = {
    "pg": "postgres", "pg.zig": "postgres", "sqlite": "sqlite", "zqlite": "sqlite",
    "zig-sqlite": "sqlite", "myzql": "mysql", "okredis": "redis", "zig-okredis": "redis",
}  # fmt: skip
_DEP = re.compile(r"^[ \t]*\.@?\"?([\w.-]+?)\"?\s*=\s*\.\{", re.MULTILINE)
_EXECUTABLE = re.compile(r"addExecutable\(\s*\.\{(?:[^{}]|\{[^{}]*\})*?\.name\s*=\s*\"([^\"]+)\"", re.DOTALL)
_OLD = re.compile(r"addExecutable\(\s*\"([^\"]+)\"")
_ZIG = re.compile(r"minimum_zig_version\s*=\s*\"([^\"]+)\"")
_PORT = re.compile(r"\.port\s*=\s*(\d{2,5})|parseIp4?\(\s*\"[^\"]*\"\s*,\s*(\d{2,5})")
_SERVER = re.compile(r"std\.http\.Server|std\.net\.Address\.listen|\.listen\(\s*\.\{")
_MAIN = re.compile(r"^pub\s+fn\s+main\s*\(", re.MULTILINE)


def detect(tree: Tree) -> Candidate | None:
    """A program in Zig, or None."""
    files = tree.named("build.zig", depth=2)
    sources = [
        file for file in tree.ending(".zig") if not file.startswith(("zig-cache/", ".zig-cache/", "zig-out/"))
    ]
    if not files:
        return _loose(tree, sources)
    file = files[0]
    root = file[: file.rfind("/") + 1]
    found = Candidate("script", "zig", 0.93)
    claim(found, file, "a build file of Zig", language="zig", package_manager="zig")
    _dependencies(found, tree, root + "build.zig.zon")
    sources = [path for path in sources if path.startswith(root)]
    program = _EXECUTABLE.search(tree.text(file)) or _OLD.search(tree.text(file))
    _kind(found, tree, file, sources, program is not None)
    if root:
        found.confidence = min(found.confidence, 0.8)
    if not tree.ending(".zig") or len(tree.ending(".c", ".cpp")) > 4 * len(sources):
        found.confidence = min(found.confidence, 0.6)
        found.against.append("Most sources are in C: Zig may only build them.")
    if known := pinned(tree, "zig"):
        claim(found, known[1], "the version that is pinned", known[2], language_version=known[0])
    elif match := tree.search(root + "build.zig.zon", _ZIG):
        claim(
            found, root + "build.zig.zon", "the version it asks for", match[1], language_version=match[0][1]
        )
    inner = f"cd {root.rstrip('/')} && " if root else ""
    claim(found, file, "builds it", build_command=f"{inner}zig build -Doptimize=ReleaseSafe")
    if program:
        line = tree.line_of(file, program[1])
        claim(found, file, "the program it builds", line, start_command=f"./{root}zig-out/bin/{program[1]}")
    elif found.kind == "web":
        claim(found, file, "starts it", start_command=f"{inner}zig build run -Doptimize=ReleaseSafe")
    for name, (place, line) in found.dependencies.items():
        if engine := DATABASES.get(name):
            found.need(
                engine, "embedded" if engine == "sqlite" else "required", place, f"depends on {name}", line
            )
    return found


def _dependencies(found: Candidate, tree: Tree, file: str) -> None:
    text = tree.text(file)
    start = text.find(".dependencies")
    if start < 0:
        return
    for match in _DEP.finditer(text, start):
        if match[1] not in ("dependencies", "paths"):
            found.dependencies.setdefault(match[1].lower(), (file, text.count("\n", 0, match.start(1)) + 1))


def _kind(found: Candidate, tree: Tree, file: str, sources: list[str], program: bool) -> None:
    row = next((row for row in FRAMEWORKS if row[0] in found.dependencies), None)
    if row:
        place, line = found.dependencies[row[0]]
        found.confidence = 0.97
        claim(found, place, f"depends on {row[0]}", line, kind="web", framework=row[1])
        _listens(found, tree, place, row[2], sources)
        return
    for path in sources[:60]:
        if hit := tree.search(path, _SERVER):
            claim(found, path, "opens a server", hit[1], kind="web")
            _listens(found, tree, file, None, sources)
            return
    main = any(path.endswith("main.zig") for path in sources)
    claim(found, file, "without a server", kind="script" if program or main else "library")


def _listens(found: Candidate, tree: Tree, file: str, port: int | None, sources: list[str]) -> None:
    for path in sources[:60]:
        if hit := tree.search(path, _PORT):
            claim(found, path, "the port it names", hit[1], port=int(hit[0][1] or hit[0][2]))
            break
    else:
        if port:
            claim(found, file, "its usual port", port=port)
    if route := health_route(tree, sources):
        claim(found, route[1], "a route for it", route[2], health_path=route[0])


def _loose(tree: Tree, sources: list[str]) -> Candidate | None:
    for file in [path for path in sources if path.count("/") <= 1]:
        main = tree.search(file, _MAIN)
        if main is None:
            continue
        found = Candidate("script", "zig", 0.6)
        server = tree.search(file, _SERVER)
        claim(found, file, "a program in Zig", main[1], kind="web" if server else "script", language="zig")
        if server:
            _listens(found, tree, file, None, [file])
        claim(
            found,
            file,
            "compiles the program",
            build_command=f"zig build-exe -O ReleaseSafe {file} -femit-bin=main",
        )
        claim(found, file, "starts the program", start_command="./main")
        return found
    return None
