"""Go sources: which packages are programs, what they import, and whether they listen."""

import re
from dataclasses import dataclass

from jarvis.analysis.tree import Tree

READ_AT_MOST = 90
"""Sources of one project that are read; programs and shallow files come first."""
BYTES_AT_MOST = 1_200_000
"""Bytes of sources that are read."""

_ELSEWHERE = frozenset({"vendor", "testdata", "third_party", "Godeps"})
_ASIDE = frozenset(
    {
        "example", "examples", "sample", "samples", "demo", "demos", "test", "tests", "e2e", "docs", "hack",
        "integration", "tools", "scripts", "script", "build", "ci", "mage", "magefiles", "benchmark", "gen",
        "benchmarks", "generate", "codegen", "migrations", "migrate", "seed", "seeds", "fixtures", "dev",
    }
)  # fmt: skip
"""Folders whose programs are not the one that is deployed, unless there is no other."""

_PACKAGE = re.compile(r"^package\s+(\w+)", re.MULTILINE)
_IGNORED = re.compile(r"^//(?:go:build|\s*\+build)\s+(?:ignore|mage|tools)\b", re.MULTILINE)
_IMPORT = re.compile(r"^(?:import[ \t]*)?(?:[\w.]+[ \t]+)?[\"`]([^\"`\n]{1,200})[\"`]")
_OTHER = ("func ", "type ", "var ", "const ", "var(", "const(", "type(")
"""How a line begins that comes after the imports."""
_MAIN = re.compile(r"^func\s+main\s*\(\s*\)", re.MULTILINE)
_HTTP = re.compile(
    r"\bListenAndServe(?:TLS)?\s*\(|\bhttp\.Serve(?:TLS)?\s*\(|\bhttp\.Server\s*\{|"
    r"\bappengine\.Main\s*\(|\b(?:fcgi|cgi)\.Serve\s*\(|"
    r"\bfuncframework\.Start(?:HostPort)?\s*\("
)
_SOCKET = re.compile(r"\bnet\.Listen(?:TCP|UDP|Packet|Unix|Unixgram)?\s*\(|\btls\.Listen\s*\(")
_HANDLER = re.compile(r"^func\s+([A-Z]\w*)\s*\(\s*(?:\w+\s+)?http\.ResponseWriter\s*,", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """One file.

    Attributes:
        path: Where it is.
        package: The name it states.
        imports: Path → line.
        main: The line of `func main()` of a program; 0 for none.
        http: The line where it serves HTTP; 0 for none.
        socket: The line where it listens on a socket of another kind; 0 for none.
        handler: An exported function that answers HTTP; empty for none.
    """

    path: str
    package: str
    imports: dict[str, int]
    main: int
    http: int
    socket: int
    handler: str

    @property
    def folder(self) -> str:
        """The folder of its package, empty for the top."""
        return self.path.rpartition("/")[0]


def paths(tree: Tree) -> list[str]:
    """Sources that belong to the project itself: no tests, nothing vendored or ignored by Go."""
    found: list[str] = []
    for path in tree.ending(".go"):
        slashed = f"/{path}"
        if path.endswith("_test.go") or "/_" in slashed or "/." in slashed:
            continue
        if _ELSEWHERE.isdisjoint(path.split("/")):
            found.append(path)
    return found


def read(tree: Tree, files: list[str]) -> list[Source]:
    """The sources that tell most, read."""
    found: list[Source] = []
    left = BYTES_AT_MOST
    for path in sorted(files, key=_promise)[:READ_AT_MOST]:
        if (left := left - tree.sizes[path]) < 0:
            break
        source = _parse(path, tree.text(path))
        if source is not None:
            found.append(source)
    return found


def _promise(path: str) -> tuple[int, int, str]:
    """Programs at usual places first, then shallow files."""
    parts = path.split("/")
    named = parts[-1] in ("main.go", "server.go", "app.go", "api.go", "web.go")
    return (0 if named or "cmd" in parts[:-1] else 1, len(parts), path)


def _parse(path: str, text: str) -> Source | None:
    package = _PACKAGE.search(text)
    if package is None or _IGNORED.search(text, 0, package.start()):
        return None
    made = text.startswith("// Code generated")  # by a tool: long, and never the place that listens
    main = _MAIN.search(text) if package[1] == "main" else None
    http = None if made else _HTTP.search(text)
    socket = None if made else _SOCKET.search(text)
    handler = None if made else _HANDLER.search(text)
    return Source(
        path=path,
        package=package[1],
        imports=_imports(text),
        main=_line(text, main.start()) if main else 0,
        http=_line(text, http.start()) if http else 0,
        socket=_line(text, socket.start()) if socket else 0,
        handler=handler[1] if handler else "",
    )


def _imports(text: str) -> dict[str, int]:
    """What a source imports, with the line; the part before the first declaration holds all of it."""
    found: dict[str, int] = {}
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(_OTHER):
            break
        begins = line.startswith("import")
        inside = (inside and not line.startswith(")")) or (begins and "(" in line)
        if (begins or inside) and (match := _IMPORT.match(line.replace("import (", "").strip())):
            found.setdefault(match[1], number)
    return found


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def aside(path: str) -> bool:
    """Does the program lie where examples, tests and tools are kept?"""
    return any(part in _ASIDE for part in path.split("/")[:-1])
