"""Swift on the server: packages, with Vapor, Hummingbird and others."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

PACKAGE = "Package.swift"
FRAMEWORKS = (
    ("vapor", "vapor"), ("hummingbird", "hummingbird"), ("kitura", "kitura"),
    ("perfect-httpserver", "perfect"), ("smoke-framework", "smoke"), ("publish", "publish"),
    ("saga", "saga"), ("ignite", "ignite"), ("grpc-swift", "grpc"),
    ("grpc-swift-nio-transport", "grpc"), ("swift-aws-lambda-runtime", "aws-lambda"),
    ("swifter", "swifter"), ("flyingfox", "flyingfox"),
)  # fmt: skip
"""Last part of a package's address → framework."""
PAGES = ("publish", "saga", "ignite")
"""Those that make finished pages."""
DATABASES = {
    "fluent-postgres-driver": "postgres", "postgres-kit": "postgres", "postgres-nio": "postgres",
    "postgresclientkit": "postgres", "fluent-mysql-driver": "mysql", "mysql-kit": "mysql",
    "mysql-nio": "mysql", "fluent-sqlite-driver": "sqlite", "sqlite-kit": "sqlite",
    "grdb.swift": "sqlite", "sqlite.swift": "sqlite", "fluent-mongo-driver": "mongodb",
    "mongokitten": "mongodb", "mongo-swift-driver": "mongodb", "redis": "redis", "redistack": "redis",
    "queues-redis-driver": "redis", "rabbitmq-nio": "rabbitmq", "swift-kafka-client": "kafka",
}  # fmt: skip
_USED = {"postgres": "postgres", "mysql": "mysql", "sqlite": "sqlite", "mongo": "mongodb"}

_COMMENT = re.compile(r"(\"(?:\\.|[^\"\\\n])*\"?)|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_DEP = re.compile(r"\.package\(\s*(?:name:\s*\"[^\"]*\"\s*,\s*)?url:\s*\"[^\"]*/([^/\"]+?)(?:\.git)?\"")
_EXECUTABLE = re.compile(r"\.executable(?:Target)?\(\s*name:\s*\"([^\"]+)\"")
_TARGET = re.compile(r"\.target\(\s*name:\s*\"([^\"]+)\"")
_TOOLS = re.compile(r"swift-tools-version:\s*(\d+(?:\.\d+)*)")
_PORT = re.compile(
    r"configuration\.port\s*=\s*(\d{2,5})|environment\[\"PORT\"\][^\n]{0,80}?\?\?\s*\"?(\d{2,5})|\.hostname\([^,\n]+,\s*port:\s*(\d{2,5})|\bport:\s*(?:Int\s*=\s*)?(\d{4,5})\b"
)
_USE = re.compile(r"databases\.use\(\s*(?:DatabaseConfigurationFactory)?\.(postgres|mysql|sqlite|mongo)")
_PHONE = re.compile(r"import\s+(?:SwiftUI|UIKit|AppKit)\b")


def detect(tree: Tree) -> Candidate | None:
    """A program in Swift that can run on a server, or None."""
    files = tree.named(PACKAGE, depth=2)
    if not files:
        return _loose(tree)
    file = files[0]
    root = file[: -len(PACKAGE)]
    text = _COMMENT.sub(lambda match: match[1] or "\n" * match[0].count("\n"), tree.text(file))
    found = Candidate("script", "swift", 0.93)
    claim(found, file, "a package of Swift", language="swift", package_manager="swiftpm")
    for match in _DEP.finditer(text):
        found.dependencies.setdefault(match[1].lower(), (file, text.count("\n", 0, match.start(1)) + 1))
    program = _program(tree, root, text)
    row = next((row for row in FRAMEWORKS if row[0] in found.dependencies), None)
    sources = [path for path in tree.ending(".swift") if path.startswith(root + "Sources/")]
    if row:
        found.confidence = 0.97
        _framework(found, tree, root, file, row, sources)
    elif not program:
        if any(folder.endswith((".xcodeproj", ".xcworkspace")) for folder in tree.folders):
            return None
        claim(found, file, "nothing in it is a program", kind="library")
    else:
        claim(found, file, "a program without a web framework", kind="script")
    if root:
        found.confidence = min(found.confidence, 0.8)
    _version(found, tree, root, file)
    _commands(found, root, file, program)
    _databases(found, tree, sources)
    if root + "Package.resolved" not in tree and found.dependencies:
        found.find(
            "missing-lock-file",
            "warning",
            file,
            "Package.resolved is missing: run swift package resolve and add it.",
        )
    return found


def _framework(
    found: Candidate, tree: Tree, root: str, file: str, row: tuple[str, str], sources: list[str]
) -> None:
    line = found.dependencies[row[0]][1]
    kind = "static" if row[1] in PAGES else "function" if row[1] == "aws-lambda" else "web"
    claim(
        found,
        file,
        f"depends on {row[0]}",
        line,
        kind=kind,
        framework="none" if kind == "function" else row[1],
    )
    if kind == "static":
        folder = {"publish": "Output", "ignite": "Build"}.get(row[1], "deploy")
        claim(found, file, f"where {row[1]} puts the pages", static_dir=root + folder)
    if kind != "web":
        return
    for path in sources[:60]:
        if match := tree.search(path, _PORT):
            claim(
                found,
                path,
                "the port it names",
                match[1],
                port=int(next(group for group in match[0].groups() if group)),
            )
            break
    else:
        claim(found, file, f"the usual port of {row[1]}", port=8080)
    if route := health_route(tree, sources):
        claim(found, route[1], "a route for it", route[2], health_path=route[0])


def _program(tree: Tree, root: str, text: str) -> str:
    """The name of the executable."""
    named = _EXECUTABLE.findall(text)
    if named:
        usual = [name for name in named if name in ("Run", "App", "Server")]
        return (usual or named)[0]
    for name in _TARGET.findall(text):
        if f"{root}Sources/{name}/main.swift" in tree:
            return name
    mains = [path for path in tree.named("main.swift") if path.startswith(root + "Sources/")]
    inside = mains[0][len(root) :].split("/") if mains else []
    return inside[1] if len(inside) == 3 else ""


def _version(found: Candidate, tree: Tree, root: str, file: str) -> None:
    if match := tree.search(root + ".swift-version", re.compile(r"(\d+(?:\.\d+)*)")):
        claim(
            found,
            root + ".swift-version",
            "the version that is pinned",
            match[1],
            language_version=match[0][1],
        )
    elif known := pinned(tree, "swift"):
        claim(found, known[1], "the version that is pinned", known[2], language_version=known[0])
    elif match := tree.search(file, _TOOLS):
        claim(found, file, "the version of its tools", match[1], language_version=match[0][1])


def _commands(found: Candidate, root: str, file: str, program: str) -> None:
    inner = f"cd {root.rstrip('/')} && " if root else ""
    if found.kind == "static":
        claim(found, file, "makes the pages", build_command=f"{inner}swift run")
        return
    claim(found, file, "compiles it", build_command=f"{inner}swift build -c release")
    if not program:
        return
    extra = ""
    if found.framework == "vapor":
        extra = f" serve --env production --hostname 0.0.0.0 --port ${{PORT:-{found.port}}}"
    claim(found, file, "starts what was compiled", start_command=f"{inner}.build/release/{program}{extra}")


def _databases(found: Candidate, tree: Tree, sources: list[str]) -> None:
    used = {_USED[hit[0][1]]: (path, hit[1]) for path in sources[:60] if (hit := tree.search(path, _USE))}
    for engine, (path, line) in used.items():
        found.need(
            engine, "embedded" if engine == "sqlite" else "required", path, "the database it uses", line
        )
    for name, (file, line) in found.dependencies.items():
        engine = DATABASES.get(name)
        if engine:
            other = bool(used) and engine in _USED.values() and engine not in used
            level = "optional" if other else "embedded" if engine == "sqlite" else "required"
            found.need(engine, level, file, f"depends on {name}", line)


def _loose(tree: Tree) -> Candidate | None:
    """Sources without a package, unless they are made for Apple's screens."""
    files = tree.ending(".swift", depth=0)
    if not files or any(_PHONE.search(tree.text(file)) for file in files):
        return None
    if any(".xcodeproj" in folder for folder in tree.folders):
        return None
    file = tree.first("main.swift") or files[0]
    found = Candidate("script", "swift", 0.6)
    claim(found, file, "a program in Swift", kind="script", language="swift")
    claim(found, file, "compiles the program", build_command=f"swiftc -O {' '.join(files[:40])} -o main")
    claim(found, file, "starts the program", start_command="./main")
    return found
