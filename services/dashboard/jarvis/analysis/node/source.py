"""The project's own programs, searched for what they import, where they listen and what they hand out."""

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import islice

from jarvis.analysis.node.config import LARGE, Fact
from jarvis.analysis.tree import Tree

ENDINGS = (".js", ".ts", ".mjs", ".mts", ".cjs", ".cts", ".tsx", ".jsx")
PLAIN = ENDINGS[:6]
"""Endings of programs that are started; the rest are pages' parts."""
NAMES = ("index", "server", "app", "main")
"""How main files are called, the likeliest first."""
MOST = 90
"""Files that are read."""
DEPTH = 4

_ASIDE = re.compile(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|specs?|cypress|e2e|fixtures?|mocks?|stories|storybook|examples?|docs?|public|"
    r"static|assets|vendor|wwwroot|www|dist|build|out|lib/vendor|coverage|typings|migrations?|bench(?:marks?)?)/"
    r"|\.(?:test|spec|stories|e2e|min|d|bundle)\.[cm]?[jt]sx?$|\.config\.[cm]?[jt]s$|(?:^|/)(?:gulpfile|gruntfile|tests?)\.",
    re.IGNORECASE,
)
"""Tests, pages' files and made files: what they import says nothing of the program."""
_IMPORT = re.compile(
    r"""(?:\bfrom\s*|\brequire\(\s*|\bimport\s*\(?\s*)["']((?:npm:|jsr:|node:|bun:|https?:)?@?[\w][^"'\s]*)["']"""
)
_LISTEN = re.compile(
    r"\.listen\(\s*(?:\)|[\"'`]?\d|\{|(?:this\.)?[\w.$\[\]\"']*(?:port\b|PORT|Port\b)|process\.env|Number\(|parseInt\("
    r"|\+|[\w.]*(?:config|options|opts|settings|address)\b|normalizePort)"
    r"|\bBun\.serve\(|\bDeno\.serve\(|\bserve\(\s*(?:\{\s*(?:fetch|port|hostname)|(?:app|handler|router)\b)"
    r"|\.startStandaloneServer\(|\bstartStandaloneServer\(|\bexport default \{[^}]{0,300}\bfetch\b"
)
_QUICK = (".listen(", "serve(", "StandaloneServer(", "Server(", "export default {")
"""One of these is in every match of the two searches; looking for plain words is many times faster."""
_MADE = re.compile(r"\bcreate(?:Secure)?Server\(")
_NETWORK = frozenset({"http", "https", "http2", "net"})
_EXPORTED = re.compile(
    r"^[ \t]*(?:module\.)?exports\.\w+\s*=\s*(?:async\s*)?(?:function\b[^(\n]*)?"
    r"\(\s*(?:_?req\w*|event|\w*[cC]ontext|message|cloudEvent|data)\b"
    r"|^[ \t]*exports\.handler\s*=|^export\s+(?:const|async\s+function|function)\s+handler\b",
    re.MULTILINE,
)
_NODE = re.compile(
    r"\brequire\(\s*[\"']|\bmodule\.exports\b|\bprocess\.(?:env|argv|exit|on|version|stdout)|\b__dirname\b"
    r"|\bfrom\s+[\"'](?:node:|fs|http|path|express)|\bBun\."
)
_PAGE = re.compile(r"\bdocument\.|\bwindow\.|\bjQuery\b|\$\(\s*[\"'(]|\blocalStorage\b|\baddEventListener\(")
_DATABASES = frozenset(
    {5432, 3306, 27017, 6379, 1433, 1521, 9200, 5672, 9092, 11211, 25, 465, 587, 2525, 1025}
)
_PORTS = (
    re.compile(
        r"""(?:\benv\b|getenv|get)[.(\[]+["']?(?:\w+_)?PORT\b["']?[\])]*[^\n;]{0,30}?(?:\|\||\?\?|,)\s*["'`]?(\d{2,5})\b"""
    ),
    re.compile(r"""\.listen\(\s*(?:\{\s*port:\s*)?["'`]?(\d{2,5})\b"""),
    re.compile(r"""(?i)\b(?:\w*_)?port["']?\s*(?::\s*number\s*)?[=:]\s*(?:[\w.]+\(\s*)?["'`]?(\d{2,5})\b"""),
    re.compile(r"""(?i)["'`]port["'`]\s*,\s*(?:[\w.]+\.)*[^\n"'`\d]{0,20}["'`]?(\d{2,5})\b"""),
    re.compile(r"""(?i)\bport\b[^\n;]{0,30}?(?:\|\||\?\?)\s*["'`]?(\d{2,5})\b"""),
)


class Sources:
    """The programs of one folder.

    Attributes:
        files: What is searched, the likeliest entry points first.
    """

    def __init__(self, tree: Tree, first: Iterable[str] = ()) -> None:
        """Choose the files; `first` are those that are known to be started."""
        self.tree = tree
        likely = [
            path
            for folder in ("", "src/", "server/", "app/", "api/", "backend/", "bin/", "lib/")
            for name in (*NAMES, "www", "web", "worker", "bot", "api")
            for ending in (*PLAIN, "")
            if (path := f"{folder}{name}{ending}") in tree and (ending or folder == "bin/")
        ]
        known = dict.fromkeys([*(path for path in first if path in tree), *likely])
        others = (
            path for path in tree.files if path.endswith(ENDINGS) and path not in known and _is_own(path)
        )
        self.files = [*known, *islice(others, max(0, MOST - len(known)))][:MOST]

    def text(self, file: str) -> str:
        """A source; empty when it is too large to have been written by hand."""
        return self.tree.text(file) if self.tree.sizes.get(file, 0) < LARGE else ""

    @cached_property
    def imports(self) -> dict[str, tuple[str, int]]:
        """Package → the first file that imports it, and the line."""
        found: dict[str, tuple[str, int]] = {}
        for file in self.files:
            body = self.text(file)
            for match in _IMPORT.finditer(body):
                name = package(match[1])
                if name not in found:
                    found[name] = (file, body.count("\n", 0, match.start()) + 1)
        return found

    @cached_property
    def server(self) -> Fact | None:
        """The place where a server begins to listen."""
        return next((fact for file in self.files if (fact := self.listens(file))), None)

    def listens(self, file: str) -> Fact | None:
        """The place in one file where a server begins to listen."""
        body = self.text(file)
        if not any(word in body for word in _QUICK):
            return None
        match = _LISTEN.search(body)
        if match is None and (match := _MADE.search(body)):
            used = {package(item[1]) for item in _IMPORT.finditer(body)}
            match = match if used & _NETWORK else None
        if match is None:
            return None
        line = body.count("\n", 0, match.start()) + 1
        return Fact(file, file, "It listens for requests here.", line)

    def mention(self, *words: str) -> tuple[str, int] | None:
        """The first file that holds one of the words, and the line."""
        for file in self.files:
            body = self.text(file)
            for word in words:
                if (at := body.find(word)) >= 0:
                    return file, body.count("\n", 0, at) + 1
        return None

    def handler(self, *files: str) -> Fact | None:
        """The place where one of the files exports a function that answers a single request or event."""
        for file in files:
            if match := _EXPORTED.search(self.text(file)):
                line = match.string.count("\n", 0, match.start()) + 1
                return Fact(file, file, "It exports a handler, and nothing here listens.", line)
        return None

    def port(self) -> Fact | None:
        """The port that the program listens on by itself."""
        places = [self.server.file] if self.server else []
        for file in dict.fromkeys([*places, *self.files[:12]]):
            body = self.text(file)
            for pattern in _PORTS:
                for match in pattern.finditer(body):
                    if 0 < int(match[1]) < 65536 and int(match[1]) not in _DATABASES:
                        line = body.count("\n", 0, match.start(1)) + 1
                        return Fact(match[1], file, "The program names its port here.", line)
        return None


def _is_own(path: str) -> bool:
    return path.count("/") <= DEPTH and not _ASIDE.search(path)


def package(name: str) -> str:
    """The package behind an import: `node:fs` is fs, `@scope/x/y` is @scope/x, `npm:hono@4` is hono."""
    name = re.sub(r"^(?:npm|jsr|node):/?", "", name)
    if name.startswith(("http:", "https:", "bun:")):
        return name
    parts = name.split("/")
    whole = "/".join(parts[:2]) if name.startswith("@") else parts[0]
    return whole[0] + whole[1:].partition("@")[0]


def runs_in_node(text: str) -> bool:
    """Is this source a program of its own, not a part of a page?"""
    return bool(_NODE.search(text)) or not _PAGE.search(text)
