"""Dart: servers, programs, and Flutter for the web."""

import re
from typing import Any

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.shape import listing, mapping
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

PUBSPEC = "pubspec.yaml"
FRAMEWORKS = (
    ("serverpod", "serverpod"), ("dart_frog", "dart-frog"), ("angel3_framework", "angel3"),
    ("conduit", "conduit"), ("conduit_core", "conduit"), ("jaspr", "jaspr"), ("alfred", "alfred"),
    ("get_server", "get-server"), ("functions_framework", "functions-framework"), ("vania", "vania"),
    ("shelf", "shelf"), ("relic", "relic"), ("grpc", "grpc"),
)  # fmt: skip
DATABASES = {
    "postgres": "postgres", "postgresql2": "postgres", "stormberry": "postgres", "mysql1": "mysql",
    "mysql_client": "mysql", "mysql_dart": "mysql", "mongo_dart": "mongodb", "redis": "redis",
    "sqlite3": "sqlite", "sqflite_common_ffi": "sqlite", "dart_amqp": "rabbitmq",
}  # fmt: skip
_PORT = re.compile(
    r"environment\[\s*['\"]PORT['\"]\s*\]\s*\?\?\s*['\"]?(\d{2,5})|\.serve\([^)]{0,120}?,\s*(\d{2,5})\s*\)|\.bind\([^)]{0,120}?,\s*(\d{2,5})\s*[,)]"
    r"|\.listen\(\s*(\d{2,5})|\bport\s*[=:]\s*(\d{2,5})"
)
_SERVER = re.compile(r"HttpServer\.bind\(|ServerSocket\.bind\(")
_MAIN = re.compile(r"^(?:Future<?\w*>?\s+|void\s+)?main\s*\(", re.MULTILINE)


def detect(tree: Tree) -> Candidate | None:
    """A program in Dart, or None. Flutter apps that have no pages for the web are left to `unsupported`."""
    files = [
        file for file in tree.named(PUBSPEC, depth=2) if not re.search(r"(?:^|/)(?:example|test)s?/", file)
    ]
    if not files:
        return _loose(tree)
    members = _members(tree, files)
    file = _first(tree, members or files)
    root = file[: -len(PUBSPEC)]
    facts = tree.yaml(file)
    found = Candidate("script", "dart", 0.93)
    _dependencies(found, tree, file)
    claim(found, file, "a package of Dart", language="dart", package_manager="pub")
    _version(found, tree, file, facts)
    if "flutter" in found.dependencies:
        if not _flutter(found, tree, root, file):
            return None
    else:
        _program(found, tree, root, file, str(facts.get("name") or ""))
    if members:
        _workspace(found, tree, file, members)
    elif root:
        found.confidence = min(found.confidence, 0.8 if root.count("/") == 1 else 0.76)
    for name, (place, line) in found.dependencies.items():
        if (engine := DATABASES.get(name)) and found.kind != "static":
            found.need(
                engine, "embedded" if engine == "sqlite" else "required", place, f"depends on {name}", line
            )
    if found.framework == "serverpod":
        found.need("postgres", "required", file, "Serverpod keeps its data in PostgreSQL")
    if not tree.first(root + "pubspec.lock", "pubspec.lock") and found.kind != "library":
        found.find(
            "missing-lock-file", "warning", file, "pubspec.lock is missing: run dart pub get and add it."
        )
    return found


def _dependencies(found: Candidate, tree: Tree, file: str) -> None:
    for name in mapping(tree.yaml(file).get("dependencies")):
        found.dependencies.setdefault(name.lower(), (file, tree.line_of(file, f"{name}:")))


def _members(tree: Tree, files: list[str]) -> list[str]:
    """The packages of a workspace; none when the top is no workspace."""
    places = tree.yaml(files[0]).get("workspace") if files[0] == PUBSPEC else None
    wanted = [f"{str(place).strip('/')}/{PUBSPEC}" for place in listing(places)]
    return [file for file in wanted if file in tree]


def _first(tree: Tree, files: list[str]) -> str:
    """The package to run: the one at the top, a server beside its clients, the first one."""
    if PUBSPEC in files:
        return PUBSPEC

    def rank(file: str) -> tuple[bool, bool, int, str]:
        root = file[: -len(PUBSPEC)]
        program = any(path.startswith(root + "bin/") for path in tree.ending(".dart"))
        return (not root.endswith("_server/"), not program, file.count("/"), file)

    return min(files, key=rank)


def _workspace(found: Candidate, tree: Tree, file: str, members: list[str]) -> None:
    """Pages that are built with Flutter beside the server that gives them out."""
    found.confidence = 0.95
    for other in members:
        root = other[: -len(PUBSPEC)]
        if other == file or root + "web/index.html" not in tree or found.kind == "static":
            continue
        _dependencies(found, tree, other)
        if "flutter" not in tree.text(other) and "flutter" not in tree.text(PUBSPEC):
            continue
        claim(found, other, "its pages are made with Flutter", framework="flutter")
        both = f"(cd {root.rstrip('/')} && flutter build web --release) && {found.build_command}"
        claim(found, other, "makes the pages and the server", build_command=both)


def _version(found: Candidate, tree: Tree, file: str, facts: dict[str, Any]) -> None:
    if known := pinned(tree, "dart", "flutter"):
        claim(found, known[1], "the version that is pinned", known[2], language_version=known[0])
        return
    if stated := mapping(facts.get("environment")).get("sdk"):
        claim(
            found, file, "the version it asks for", tree.line_of(file, "sdk:"), language_version=str(stated)
        )


def _flutter(found: Candidate, tree: Tree, root: str, file: str) -> bool:
    """Flutter's pages for the web; False when it is made for phones only, or is a package for others."""
    phones = any(folder in tree.folders for folder in (root + "android", root + "ios"))
    pages = root + "web/index.html" in tree
    main = root + "lib/main.dart"
    if not pages and (phones or main not in tree):
        return False
    found.confidence = 0.97 if pages else 0.85
    shown = root + "web/index.html" if pages else main
    line = found.dependencies["flutter"][1]
    claim(found, file, "depends on flutter", line, framework="flutter")
    claim(found, shown, "made for the browser", kind="static", static_dir=f"{root}build/web", spa=True)
    inner = f"cd {root.rstrip('/')} && " if root else ""
    create = "" if pages else "flutter create . --platforms web && "
    claim(found, file, "fetches what it depends on", install_command=f"{inner}flutter pub get")
    claim(found, file, "makes the pages", build_command=f"{inner}{create}flutter build web --release")
    return True


def _program(found: Candidate, tree: Tree, root: str, file: str, name: str) -> None:
    sources = [path for path in tree.ending(".dart") if path.startswith(root) and "/test/" not in "/" + path]
    row = next((row for row in FRAMEWORKS if row[0] in found.dependencies), None)
    server = next(((path, hit[1]) for path in sources[:60] if (hit := tree.search(path, _SERVER))), None)
    inner = f"cd {root.rstrip('/')} && " if root else ""
    claim(found, file, "fetches what it depends on", install_command=f"{inner}dart pub get")
    entry = _entry(tree, root, name)
    if row:
        found.confidence = 0.97
        kind = "function" if row[1] == "functions-framework" else "web"
        claim(found, file, f"depends on {row[0]}", found.dependencies[row[0]][1], kind=kind, framework=row[1])
    elif server:
        claim(found, server[0], "opens a server", server[1], kind="web")
    elif not entry and root + "web/index.html" in tree:
        claim(
            found, root + "web/index.html", "made for the browser", kind="static", static_dir=f"{root}build"
        )
        claim(
            found,
            file,
            "makes the pages",
            build_command=f"{inner}dart run build_runner build --release -o web:build",
        )
        return
    else:
        claim(found, entry or file, "without a web framework", kind="script" if entry else "library")
    if found.kind == "web":
        _listens(found, tree, file, sources)
    if found.framework == "dart-frog":
        claim(
            found,
            file,
            "makes the server",
            build_command=f"{inner}dart pub global run dart_frog_cli:dart_frog build"
            " && dart compile exe build/bin/server.dart -o build/bin/server.exe",
        )
        claim(found, file, "starts the server", start_command=f"./{root}build/bin/server.exe")
    elif entry:
        short = entry[len(root) :]
        program = short.removesuffix(".dart") + ".exe"
        extra = " --mode production" if found.framework == "serverpod" else ""
        claim(found, entry, "compiles the program", build_command=f"{inner}dart compile exe {short}")
        start = f"cd {root.rstrip('/')} && ./{program}" if root else f"./{program}"
        claim(found, entry, "starts the program", start_command=start + extra)


def _entry(tree: Tree, root: str, name: str) -> str:
    wanted = [f"bin/{name}.dart", "bin/server.dart", "bin/main.dart", "bin/app.dart"]
    first = tree.first(*(root + path for path in wanted))
    if first:
        return first
    inside = [
        path
        for path in tree.ending(".dart")
        if path.startswith(root + "bin/") and _MAIN.search(tree.text(path))
    ]
    return next(iter(inside), "") or tree.first(
        *(root + path for path in ("lib/main.dart", "main.dart", "lib/server.dart"))
    )


def _listens(found: Candidate, tree: Tree, file: str, sources: list[str]) -> None:
    for path in sources[:60]:
        if match := tree.search(path, _PORT):
            port = int(next(group for group in match[0].groups() if group))
            claim(found, path, "the port it names", match[1], port=port)
            break
    else:
        claim(found, file, "the usual port of Dart's servers", port=8080)
    if route := health_route(tree, sources):
        claim(found, route[1], "a route for it", route[2], health_path=route[0])


def _loose(tree: Tree) -> Candidate | None:
    """Sources without a package."""
    for file in (
        *tree.ending(".dart", depth=0),
        *(path for path in tree.ending(".dart", depth=1) if path.startswith("bin/")),
    ):
        main = tree.search(file, _MAIN)
        if main is None:
            continue
        found = Candidate("script", "dart", 0.6)
        server = tree.search(file, _SERVER)
        claim(found, file, "a program in Dart", main[1], kind="web" if server else "script", language="dart")
        if server:
            _listens(found, tree, file, [file])
        program = file.removesuffix(".dart") + ".exe"
        claim(found, file, "compiles the program", build_command=f"dart compile exe {file}")
        claim(found, file, "starts the program", start_command=f"./{program}")
        return found
    return None
