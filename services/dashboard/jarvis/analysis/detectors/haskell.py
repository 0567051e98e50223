"""Haskell: stack and cabal projects, IHP, and lone sources."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

FRAMEWORKS = (
    ("ihp", "ihp"), ("yesod", "yesod"), ("yesod-core", "yesod"), ("servant-server", "servant"),
    ("servant", "servant"), ("scotty", "scotty"), ("spock", "spock"), ("snap", "snap"),
    ("snap-server", "snap"), ("happstack-server", "happstack"), ("twain", "twain"), ("okapi", "okapi"),
    ("hyperbole", "hyperbole"), ("obelisk-backend", "obelisk"), ("hakyll", "hakyll"), ("wai", "wai"),
    ("warp", "wai"),
)  # fmt: skip
"""Package → framework; what others stand upon comes last."""
DATABASES = {
    "postgresql-simple": "postgres", "persistent-postgresql": "postgres", "hasql": "postgres",
    "postgresql-libpq": "postgres", "beam-postgres": "postgres", "opaleye": "postgres",
    "rel8": "postgres", "squeal-postgresql": "postgres", "groundhog-postgresql": "postgres",
    "esqueleto-postgres": "postgres", "mysql-simple": "mysql", "persistent-mysql": "mysql",
    "mysql-haskell": "mysql", "mysql": "mysql", "sqlite-simple": "sqlite",
    "persistent-sqlite": "sqlite", "beam-sqlite": "sqlite", "direct-sqlite": "sqlite",
    "mongodb": "mongodb", "persistent-mongodb": "mongodb", "mongoDB": "mongodb", "hedis": "redis",
    "persistent-redis": "redis", "amqp": "rabbitmq", "hw-kafka-client": "kafka",
    "bloodhound": "elasticsearch", "cql-io": "cassandra", "memcache": "memcached",
}  # fmt: skip
_PORTS = {
    "yesod": 3000,
    "servant": 8080,
    "scotty": 3000,
    "ihp": 8000,
    "snap": 8000,
    "spock": 8080,
    "happstack": 8000,
}

_SECTION = re.compile(
    r"^(executable|library|test-suite|benchmark|foreign-library|common)\b[ \t]*(\S*)", re.IGNORECASE
)
_PACKAGE = re.compile(r"(?:^|,)\s*(?:[\w-]+:)?([A-Za-z][A-Za-z0-9-]*)(?=\s*(?:[,(<>=^&|*{]|$))", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*-\s*[\"']?([A-Za-z][A-Za-z0-9-]*)")
_PORT = re.compile(
    r"\b(?:scotty|run|runEnv|spockNoCfg|runSpock|setPort|runSettingsPort|httpServe|scottyOpts)\s+(\d{2,5})\b|lookupEnv\s+\"PORT\"[^\n]{0,80}?(\d{4,5})"
    r"|\bport\s*=\s*(\d{4,5})\b|fromMaybe\s+(?:\"(\d{4,5})\"|(\d{4,5}))"
)


def detect(tree: Tree) -> Candidate | None:
    """A program in Haskell, or None."""
    files = [
        *tree.ending(".cabal", depth=2), *tree.named("package.yaml", "stack.yaml", "cabal.project", depth=2)
    ]  # fmt: skip
    files = [
        file
        for file in files
        if not re.search(r"(?:^|/)(?:dist-newstyle|\.stack-work|tests?|examples?)/", file)
    ]
    if not files or not (tree.ending(".hs") or any(file.endswith(".cabal") for file in files)):
        return _loose(tree)
    depth = min(file.count("/") for file in files)
    files = sorted(
        files, key=lambda file: (file.count("/"), file.rpartition("/")[2] in ("stack.yaml", "cabal.project"))
    )
    file = files[0]
    root = file[: file.rfind("/") + 1]
    found = Candidate("script", "haskell", 0.93)
    programs: list[tuple[str, str, int]] = []
    for other in files:
        if other.endswith(".cabal"):
            programs += _cabal(found, tree, other)
        elif other.endswith("package.yaml"):
            programs += _hpack(found, tree, other)
    stack = tree.first(root + "stack.yaml")
    claim(found, file, "a project of Haskell", language="haskell")
    claim(found, stack or file, "what builds it", package_manager="stack" if stack else "cabal")
    _framework(found, tree, root, file, programs)
    if depth:
        found.confidence = 0.8 if depth == 1 else 0.76
    if version := pinned(tree, "ghc", "haskell"):
        claim(found, version[1], "the version that is pinned", version[2], language_version=version[0])
    for name, (place, line) in found.dependencies.items():
        if engine := DATABASES.get(name):
            found.need(
                engine, "embedded" if engine == "sqlite" else "required", place, f"depends on {name}", line
            )
    _commands(found, root, file, programs)
    return found


def _cabal(found: Candidate, tree: Tree, file: str) -> list[tuple[str, str, int]]:
    """The programs of a package; what they and the library depend on is noted."""
    programs: list[tuple[str, str, int]] = []
    section, deps = "", False
    for number, line in tree.lines(file):
        if match := _SECTION.match(line):
            section, deps = match[1].lower(), False
            if section == "executable":
                programs.append((match[2], file, number))
            continue
        text = line.partition("--")[0]
        if re.match(r"^\s+[\w-]+\s*:", text) or (text.strip() and not text[0].isspace()):
            deps = bool(re.match(r"^[ \t]*build-depends\s*:", text, re.IGNORECASE))
            text = text.partition(":")[2] if deps else ""
        if deps and section not in ("test-suite", "benchmark"):
            for match in _PACKAGE.finditer(text):
                found.dependencies.setdefault(match[1].lower(), (file, number))
    return programs


def _hpack(found: Candidate, tree: Tree, file: str) -> list[tuple[str, str, int]]:
    """The same from the short form that stack turns into a cabal file."""
    programs: list[tuple[str, str, int]] = []
    section, deps = "", -1
    for number, line in tree.lines(file):
        bare = line.strip()
        deep = len(line) - len(line.lstrip())
        if not bare or bare.startswith("#"):
            continue
        if deep == 0 and bare.endswith(":") and not bare.startswith("-"):
            section = bare[:-1]
        if section in ("executables", "executable") and deep > 0 and bare.endswith(":") and not programs:
            programs.append((bare[:-1].strip("\"'"), file, number))
        if bare.startswith("dependencies:"):
            deps = deep
        elif deps >= 0 and (item := _ITEM.match(line)) and section not in ("tests", "benchmarks"):
            found.dependencies.setdefault(item[1].lower(), (file, number))
        elif not bare.startswith("-"):
            deps = -1
    return programs


def _framework(
    found: Candidate, tree: Tree, root: str, file: str, programs: list[tuple[str, str, int]]
) -> None:
    row = next((row for row in FRAMEWORKS if row[0] in found.dependencies), None)
    if row is None:
        shown = programs[0] if programs else ("", file, None)
        why = "a program without a web framework" if programs else "nothing in it is a program"
        claim(
            found, shown[1], why, shown[2], kind="script" if programs or "stack.yaml" in file else "library"
        )
        return
    place, line = found.dependencies[row[0]]
    found.confidence = 0.97
    if row[1] == "hakyll":
        claim(
            found,
            place,
            "depends on hakyll",
            line,
            kind="static",
            framework="hakyll",
            static_dir=f"{root}_site",
        )
        return
    claim(
        found,
        place,
        f"depends on {row[0]}",
        line,
        kind="web",
        framework="none" if row[1] == "wai" else row[1],
    )
    sources = [path for path in tree.ending(".hs") if path.startswith(root)]
    for path in sources[:60]:
        if match := tree.search(path, _PORT):
            port = int(next(group for group in match[0].groups() if group))
            claim(found, path, "the port it names", match[1], port=port)
            break
    else:
        claim(found, place, f"the usual port of {row[1]}", port=_PORTS.get(row[1], 3000))
    if route := health_route(tree, sources):
        claim(found, route[1], "a route for it", route[2], health_path=route[0])


def _commands(found: Candidate, root: str, file: str, programs: list[tuple[str, str, int]]) -> None:
    inner = f"cd {root.rstrip('/')} && " if root else ""
    stack = found.package_manager == "stack"
    if not programs:
        claim(
            found,
            file,
            "builds it",
            build_command=f"{inner}stack build" if stack else f"{inner}cabal build all",
        )
        return
    name, place, line = programs[0]
    if stack:
        build = f"{inner}stack install --local-bin-path bin"
    else:
        copied = "--installdir=bin --install-method=copy --overwrite-policy=always"
        build = f"{inner}cabal update && cabal install exe:{name} {copied}"
    claim(found, file, "builds the program", build_command=build)
    if found.kind == "static":
        claim(found, place, "makes the pages", line, build_command=f"{build} && ./bin/{name} build")
        return
    claim(found, place, "the program it builds", line, start_command=f"./{root}bin/{name}")


def _loose(tree: Tree) -> Candidate | None:
    """Sources without a project."""
    file = tree.first("Main.hs", "main.hs", "app/Main.hs", "src/Main.hs") or next(
        iter(tree.ending(".hs", depth=0)), ""
    )
    if not file:
        return None
    ihp = tree.first("Config/Config.hs") if "Application/Schema.sql" in tree else ""
    found = Candidate("web" if ihp else "script", "haskell", 0.9 if ihp else 0.6)
    claim(found, ihp or file, "sources in Haskell", kind=found.kind, language="haskell")
    if ihp:
        claim(found, ihp, "the settings of IHP", framework="ihp", port=8000)
        claim(found, ihp, "builds the server", build_command="nix build .#unoptimized-prod-server")
        claim(found, ihp, "starts the server", start_command="PORT=${PORT:-8000} ./result/bin/RunProdServer")
        found.need("postgres", "required", "Application/Schema.sql", "IHP keeps its data in PostgreSQL")
        return found
    claim(found, file, "compiles the program", build_command=f"ghc -O {file} -o main")
    claim(found, file, "starts the program", start_command="./main")
    return found
