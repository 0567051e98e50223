"""Crystal: shards, and lone sources."""

import re
from shlex import quote

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

FILE = "shard.yml"
FRAMEWORKS: dict[str, tuple[str, int]] = {
    "lucky": ("lucky", 3000),
    "amber": ("amber", 3000),
    "athena": ("athena", 3000),
    "athena-framework": ("athena", 3000),
    "spider-gazelle": ("spider-gazelle", 3000),
    "action-controller": ("spider-gazelle", 3000),
    "marten": ("marten", 8000),
    "grip": ("grip", 4004),
    "kemal": ("kemal", 3000),
    "raze": ("raze", 7777),
    "orion": ("orion", 4000),
}
DRIVERS = {
    "pg": "postgres", "will/crystal-pg": "postgres", "mysql": "mysql", "sqlite3": "sqlite", "redis": "redis",
    "mongo": "mongodb", "cryomongo": "mongodb", "sidekiq": "redis", "mosquito": "redis",
    "amqp-client": "rabbitmq",
}  # fmt: skip
_FLAGS = {
    "kemal": " --bind 0.0.0.0 --port ${{PORT:-{port}}}",
    "grip": "",
    "spider-gazelle": " -b 0.0.0.0 -p ${{PORT:-{port}}}",
}

_ENTRY = re.compile(r"^( *)([\w.-]+):(.*)$")
_SERVER = re.compile(r"\bHTTP::Server\.new\b")
_SOCKET = re.compile(r"\b(?:TCPServer|UNIXServer|UDPSocket)\.new\b")
_PORT = re.compile(
    r"(?:\bport\s*[=:]\s*|\blisten\w{0,20}[( ]\s*|bind_tcp\W{1,9}(?:\"[\d.]+\",\s*)?|\"PORT\"[^\n]{0,60}?)"
    r"(\d{4,5})\b"
)


def detect(tree: Tree) -> Candidate | None:
    """A program or a library in Crystal."""
    sources = [path for path in tree.ending(".cr") if not path.startswith(("lib/", "spec/"))]
    top = [path for path in sources if "/" not in path]
    if FILE not in tree and not top:
        return None
    shards, targets, stated = _shard(tree)
    candidate = Candidate("script", "crystal", 0.93 if FILE in tree else 0.65)
    candidate.because("language", FILE if FILE in tree else top[0], "A project in Crystal.")
    candidate.dependencies.update({name: (FILE, line) for name, line in shards.items()})
    if FILE in tree:
        claim(candidate, FILE, "Shards fetches what it names.", package_manager="shards")
        claim(candidate, FILE, "It fetches the shards.", install_command="shards install --production")
        if shards and "shard.lock" not in tree:
            why = "Run `shards install` and add shard.lock, or every build may take other versions."
            candidate.find("missing-lock-file", "warning", FILE, why)
    if found := pinned(tree, "crystal"):
        claim(candidate, found[1], "It states the version.", found[2], language_version=found[0])
    elif stated[0]:
        claim(candidate, FILE, "It states the version.", stated[1], language_version=stated[0])
    main = _kind(candidate, tree, shards, targets, sources)
    if main:
        _commands(candidate, main, targets)
    for name, line in shards.items():
        if known := DRIVERS.get(name):
            level = "embedded" if known == "sqlite" else "required"
            candidate.need(known, level, FILE, f"The shard {name} is there for {known}.", line)
    return candidate


def _shard(tree: Tree) -> tuple[dict[str, int], dict[str, tuple[str, int]], tuple[str, int]]:
    """Dependencies with their lines, targets with their source and line, and the version that is stated."""
    section, target = "", ""
    shards: dict[str, int] = {}
    targets: dict[str, tuple[str, int]] = {}
    stated = ("", 0)
    for number, line in tree.lines(FILE) if FILE in tree else ():
        match = _ENTRY.match(line)
        if match is None:
            continue
        depth, key, value = len(match[1]), match[2], match[3].strip().strip("\"'")
        if not depth:
            section = key
            stated = (value, number) if key == "crystal" else stated
        elif section == "dependencies" and not value:
            shards[key.lower()] = number
        elif section == "targets" and not value:
            target = key
        elif section == "targets" and key == "main":
            targets[target] = (value, number)
    return shards, targets, stated


def _kind(
    candidate: Candidate,
    tree: Tree,
    shards: dict[str, int],
    targets: dict[str, tuple[str, int]],
    sources: list[str],
) -> str:
    """Fill in kind, framework and port; the source of the program, empty for none."""
    name = next(iter(targets), "")
    usual = ("src/server.cr", "src/app.cr", "src/main.cr", "app.cr", "main.cr", "server.cr")
    main = targets[name][0] if name else tree.first(*usual) or (sources[0] if FILE not in tree else "")
    shown = main if main in tree else FILE
    row = next((FRAMEWORKS[shard] for shard in FRAMEWORKS if shard in shards), None)
    served = _first(tree, sources, _SERVER)
    if row is not None and main:
        shard = next(shard for shard in FRAMEWORKS if shard in shards)
        claim(candidate, FILE, f"It depends on {shard}.", shards[shard], framework=row[0], kind="web")
        candidate.confidence = 0.97
    elif served is not None and main:
        claim(candidate, served[0], "It makes a server for HTTP.", served[1], kind="web")
    elif not main:
        claim(candidate, FILE, "No target and no program.", kind="library")
        return ""
    elif listening := _first(tree, sources, _SOCKET):
        claim(candidate, listening[0], "It listens, but not to HTTP.", listening[1], kind="worker")
    else:
        candidate.because("kind", shown, "A program that listens nowhere.")
    if candidate.kind == "web":
        number, file, line = row[1] if row else 8080, shown, None
        for path in sources[:30]:
            if hit := tree.search(path, _PORT):
                number, file, line = int(hit[0][1]), path, hit[1]
                break
        claim(candidate, file, "The port it takes by itself.", line, port=number)
        if found := health_route(tree, sources):
            claim(candidate, found[1], "A path that is there to be asked.", found[2], health_path=found[0])
    return main


def _first(tree: Tree, sources: list[str], pattern: re.Pattern[str]) -> tuple[str, int] | None:
    return next(((path, hit[1]) for path in sources[:30] if (hit := tree.search(path, pattern))), None)


def _commands(candidate: Candidate, main: str, targets: dict[str, tuple[str, int]]) -> None:
    name = next(iter(targets), main.rpartition("/")[2].removesuffix(".cr"))
    shown, line = (FILE, targets[name][1]) if name in targets else (main, None)
    build = f"mkdir -p bin && crystal build --release -o {quote(f'bin/{name}')} {quote(main)}"
    if name in targets:
        build = f"shards build {name} --production --release"
    claim(candidate, shown, "It makes the program.", line, build_command=build)
    flags = _FLAGS.get(candidate.framework, "").format(port=candidate.port)
    claim(candidate, shown, "What the build makes.", line, start_command=quote(f"./bin/{name}") + flags)
