"""Elixir: mix projects, Phoenix, umbrellas and releases, and lone scripts."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

MIX = "mix.exs"
FRAMEWORKS = (
    ("phoenix", "phoenix"), ("ash_phoenix", "phoenix"), ("phoenix_live_view", "phoenix"),
    ("tableau", "tableau"), ("raxx", "raxx"), ("maru", "maru"), ("grpc", "grpc"), ("bandit", "none"),
    ("plug_cowboy", "none"), ("cowboy", "none"), ("elli", "none"), ("ace", "none"), ("plug", "none"),
)  # fmt: skip
"""Dependency → framework; whole ones first. Plug calls itself a specification, and the rest are servers."""
DATABASES = {
    "postgrex": "postgres", "myxql": "mysql", "mariaex": "mysql", "tds": "mssql",
    "ecto_sqlite3": "sqlite", "exqlite": "sqlite", "sqlite_ecto2": "sqlite", "mongodb": "mongodb",
    "mongodb_driver": "mongodb", "mongodb_ecto": "mongodb", "redix": "redis", "amqp": "rabbitmq",
    "broadway_rabbitmq": "rabbitmq", "brod": "kafka", "kafka_ex": "kafka", "broadway_kafka": "kafka",
    "xandra": "cassandra", "ex_aws_dynamo": "dynamodb", "elasticsearch": "elasticsearch",
    "snap": "elasticsearch", "bolt_sips": "neo4j", "boltx": "neo4j", "ch": "clickhouse",
    "ecto_ch": "clickhouse", "memcachex": "memcached",
}  # fmt: skip
ADAPTERS = {
    "Postgres": "postgres",
    "MyXQL": "mysql",
    "Tds": "mssql",
    "SQLite3": "sqlite",
    "ClickHouse": "clickhouse",
}

_APP = re.compile(r"^[ \t]*app:\s*:(\w+)", re.MULTILINE)
_ELIXIR = re.compile(r"^[ \t]*elixir:\s*\"([^\"]+)\"", re.MULTILINE)
_DEP = re.compile(r"^[ \t]*(?:\[[ \t]*)?\{[ \t]*:(\w+)[ \t]*,([^\n]*)", re.MULTILINE)
_RELEASE = re.compile(r"\breleases:\s*\[\s*\"?(\w+)\"?:|def(?:p)?\s+releases\b[^\[]*\[\s*(\w+):")
_STARTED = re.compile(r"^[ \t]*mod:\s*\{\s*([\w.]+)", re.MULTILINE)
_ESCRIPT = re.compile(r"\bescript:\s*(?:\[\s*main_module|escript\()|main_module:")
_ADAPTER = re.compile(r"adapter:\s*Ecto\.Adapters\.(\w+)")
_PORT = re.compile(
    r"System\.get_env\(\s*\"PORT\"\s*(?:,\s*\"|\)\s*\|\|\s*\"?)(\d{2,5})|\bport:\s*(\d{2,5})\b"
)
_UMBRELLA = re.compile(r"^[ \t]*apps_path:\s*\"(\w+)\"", re.MULTILINE)


def detect(tree: Tree) -> Candidate | None:
    """A program in Elixir, or None."""
    mixes = [file for file in tree.named(MIX, depth=2) if not file.startswith(("deps/", "test/"))]
    if not mixes:
        return _script(tree)
    top = mixes[0]
    root = top[: -len(MIX)]
    umbrella = tree.search(top, _UMBRELLA)
    below = f"{root}{umbrella[0][1]}/" if umbrella else ""
    files = [top, *(file for file in tree.named(MIX) if umbrella and file.startswith(below))]
    found = Candidate("script", "elixir", 0.93)
    claim(found, top, "a mix project", language="elixir", package_manager="mix")
    _dependencies(found, tree, files)
    _framework(found, tree, root, files)
    if root:
        found.confidence = 0.8 if root.count("/") == 1 else 0.76
    if version := pinned(tree, "elixir") or _stated(tree, root):
        claim(found, version[1], "the version of Elixir", version[2], language_version=version[0])
    _commands(found, tree, root, top, bool(umbrella))
    _databases(found, tree, root)
    if root + "mix.lock" not in tree and found.dependencies:
        found.find("missing-lock-file", "warning", top, "mix.lock is missing: run mix deps.get and add it.")
    return found


def _stated(tree: Tree, root: str) -> tuple[str, str, int] | None:
    buildpack = tree.search(
        root + "elixir_buildpack.config", re.compile(r"^elixir_version=v?([\w.-]+)", re.MULTILINE)
    )
    if buildpack:
        return buildpack[0][1], root + "elixir_buildpack.config", buildpack[1]
    match = tree.search(root + ".elixir-version", re.compile(r"(\d[\w.-]*)"))
    if match:
        return match[0][1], root + ".elixir-version", match[1]
    match = tree.search(root + MIX, _ELIXIR)
    return (match[0][1], root + MIX, match[1]) if match else None


def _dependencies(found: Candidate, tree: Tree, files: list[str]) -> None:
    """Those that are there in production."""
    for file in files:
        text = tree.text(file)
        for match in _DEP.finditer(text):
            only = re.search(r"only:\s*(\[[^\]]*\]|:\w+)", match[2])
            if (only and ":prod" not in only[1]) or "in_umbrella" in match[2]:
                continue
            found.dependencies.setdefault(match[1], (file, text.count("\n", 0, match.start(1)) + 1))


def _framework(found: Candidate, tree: Tree, root: str, files: list[str]) -> None:
    for name, framework in FRAMEWORKS:
        if name in found.dependencies:
            file, line = found.dependencies[name]
            found.confidence = 0.97
            claim(found, file, f"depends on {name}", line, kind="web", framework=framework)
            _port(found, tree, root, file)
            sources = [path for path in tree.ending(".ex") if path.startswith(root)]
            if route := health_route(
                tree, [path for path in sources if "router" in path or "endpoint" in path]
            ):
                claim(found, route[1], "a route for it", route[2], health_path=route[0])
            return
    for file in files:
        if match := tree.search(file, _STARTED):
            claim(found, file, "an application that is started", match[1], kind="script")
            return
    claim(found, files[0], "a mix project without a web framework", kind="script")


def _port(found: Candidate, tree: Tree, root: str, file: str) -> None:
    places = [
        root + "config/runtime.exs",
        root + "config/prod.exs",
        root + "config/releases.exs",
        root + "config/config.exs",
    ]
    if found.framework != "phoenix":
        places += [path for path in tree.ending(".ex") if path.startswith(root + "lib/")][:40]
    for place in places:
        if match := tree.search(place, _PORT):
            claim(found, place, "the port it names", match[1], port=int(match[0][1] or match[0][2]))
            return
    claim(found, file, "the usual port of web servers in Elixir", port=4000)


def _commands(found: Candidate, tree: Tree, root: str, top: str, umbrella: bool) -> None:
    text = tree.text(top)
    inner = f"cd {root.rstrip('/')} && " if root else ""
    app = tree.search(top, _APP)
    released = tree.search(top, _RELEASE)
    name = (released[0][1] or released[0][2]) if released else app[0][1] if app else ""
    claim(found, top, "fetches what it depends on", install_command=f"{inner}mix deps.get --only prod")
    assets = ", assets.deploy" if "assets.deploy" in text else ""
    if _ESCRIPT.search(text) and app:
        claim(found, top, "an escript", build_command=f"{inner}MIX_ENV=prod mix escript.build")
        claim(found, top, "an escript", start_command=f"{inner}./{app[0][1]}")
        return
    if not name or (umbrella and not released):
        # Without a release of its own an umbrella is started as a whole from its sources.
        command = "phx.server" if found.framework == "phoenix" else "run --no-halt"
        claim(found, top, "compiles it", build_command=f"{inner}MIX_ENV=prod mix do compile{assets}")
        claim(
            found,
            top,
            "starts it",
            start_command=f"{inner}MIX_ENV=prod PORT=${{PORT:-{found.port or 4000}}} mix {command}",
        )
        return
    claim(
        found, top, "makes the release", build_command=f"{inner}MIX_ENV=prod mix do compile{assets}, release"
    )
    line = released[1] if released else app[1] if app else None
    settings = f"PHX_SERVER=true PORT=${{PORT:-{found.port}}} " if found.framework == "phoenix" else ""
    claim(
        found, top, "starts the release", line,
        start_command=f"{settings}{root}_build/prod/rel/{name}/bin/{name} start",
    )  # fmt: skip


def _databases(found: Candidate, tree: Tree, root: str) -> None:
    """Adapters of repositories say more than drivers do."""
    named: dict[str, tuple[str, int]] = {}
    for file in tree.ending(".ex", ".exs"):
        if not file.startswith(root) or "/test/" in file or not ("repo" in file.lower() or "config" in file):
            continue
        if (match := tree.search(file, _ADAPTER)) and (engine := ADAPTERS.get(match[0][1])):
            named.setdefault(engine, (file, match[1]))
    for engine, (file, line) in named.items():
        found.need(
            engine,
            "embedded" if engine == "sqlite" else "required",
            file,
            "the adapter of a repository",
            line,
        )
    for name, (file, line) in found.dependencies.items():
        engine = DATABASES.get(name)
        if engine:
            sql = engine in ADAPTERS.values()
            level = "optional" if sql and named and engine not in named else "required"
            found.need(
                engine,
                "embedded" if engine == "sqlite" and level == "required" else level,
                file,
                f"depends on {name}",
                line,
            )


def _script(tree: Tree) -> Candidate | None:
    """A lone script; `Mix.install` lets it bring its dependencies."""
    for file in tree.ending(".exs", depth=0):
        text = tree.text(file)
        found = Candidate("script", "elixir", 0.6)
        web = re.search(r"\{\s*:(phoenix|bandit|plug_cowboy)\b|\"(?:bandit|plug_cowboy|phoenix)\"", text)
        claim(found, file, "a script in Elixir", kind="web" if web else "script", language="elixir")
        if web:
            line = text.count("\n", 0, web.start()) + 1
            framework = "phoenix" if ":phoenix" in text else "none"
            claim(found, file, "installs a web server", line, framework=framework, port=4000)
        claim(found, file, "runs the script", start_command=f"elixir {file}")
        return found
    return None
