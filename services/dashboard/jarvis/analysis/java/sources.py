"""What the sources of a program for the Java machine say: its language, its main class, where it listens."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from jarvis.analysis.tree import Tree

LANGUAGES = {".java": "java", ".kt": "kotlin", ".scala": "scala", ".groovy": "java"}
LOOKED_AT = 160
"""Sources that are read at most; entry points lie shallow and come first."""

_ASIDE = re.compile(
    r"(?:^|/)(?:(?:test|tests|androidTest|integrationTest|it|testFixtures|buildSrc|build-logic|build|target|out|bin|"
    r"examples?|samples?|\.mvn|gradle|node_modules|project)/)"
)
_PACKAGE = re.compile(r"^[ \t]*package\s+([\w.]+)", re.MULTILINE)
_MAINS = {
    ".java": re.compile(
        r"\bstatic\s+(?:final\s+)?(?:public\s+)?void\s+main\s*\(|^[ \t]*void\s+main\s*\(", re.MULTILINE
    ),
    ".kt": re.compile(r"^(?:suspend\s+)?fun\s+main\s*\(|@JvmStatic\s+fun\s+main\s*\(", re.MULTILINE),
    ".scala": re.compile(
        r"\bobject\s+(\w+)\s+extends\s+(?:[\w.\[\]]+\s+with\s+)*(?:App|IOApp|ZIOAppDefault|ZIOApp|JFXApp|TwitterServer|"
        r"HttpServer\w*)\b|\bdef\s+main\s*\(|@main\s+def\s+(\w+)"
    ),
    ".groovy": re.compile(r"\bstatic\s+void\s+main\s*\("),
}
_JVM_NAME = re.compile(r"@file:\s*JvmName\(\s*\"(\w+)\"")
_BOOT = re.compile(r"@SpringBootApplication|@QuarkusMain|@MicronautApplication")
_NAMES = ("Main", "App", "Application", "Server", "Program", "HelloWorld", "Hello")
_SERVER = re.compile(
    r"com\.sun\.net\.httpserver|HttpServer\.create\(|new\s+ServerSocket\(|\bServerSocket\(\s*\d|ServerSocketChannel\.open\("
    r"|io\.netty\.bootstrap\.ServerBootstrap|NanoHTTPD"
)
_PORT = re.compile(
    r"(?:[Gg]etenv\(\s*\"PORT\"|\"PORT\"\s*,|envOrNone\(\s*\"PORT\"|env\.get\(\s*\"PORT\")[^\n;]{0,80}?\b(\d{2,5})\b"
    r"|InetSocketAddress\(\s*(?:\"[^\"]*\"\s*,\s*)?(\d{2,5})\s*\)|\.listen\(\s*(\d{2,5})\b|\.start\(\s*(?:\"[^\"]*\"\s*,\s*)?(\d{2,5})\s*\)"
    r"|embeddedServer\([^)\n]{0,200}?(?:port\s*=\s*)?(\d{2,5})|(?:\bport|setPort|forPort|withPort|new\s+Server|ServerSocket|asServer\(\w+)\s*\(\s*(\d{2,5})\s*\)"
    r"|asServer\(\s*\w+\(\s*(\d{2,5})|\b(?:port|PORT)\s*(?::\s*(?:Int|int))?\s*=\s*(\d{4,5})\b|\.bind\(\s*(?:\"[^\"]*\"\s*,\s*)?(\d{4,5})\s*\)"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """The class that starts the program."""

    name: str
    file: str
    line: int


def main_sources(tree: Tree, folder: str = "") -> list[str]:
    """The sources below `folder` that are not tests and not made by the build."""
    return [
        file
        for file in tree.ending(*LANGUAGES)
        if file.startswith(folder) and not _aside(file[len(folder) :])
    ]


def _aside(file: str) -> bool:
    """Is it beside the program? Below `src/main` the folders are packages, whatever their names."""
    before, main, _ = file.partition("src/main/")
    return _ASIDE.search(before if main else file) is not None


def language(files: list[str]) -> tuple[str, str]:
    """The language most of the files are written in, and the first file of it."""
    counts = Counter(LANGUAGES[file[file.rfind(".") :].lower()] for file in files)
    if not counts:
        return "java", ""
    best = max(counts, key=lambda name: (counts[name], name == "java"))
    return best, next(file for file in files if LANGUAGES[file[file.rfind(".") :].lower()] == best)


def entry(tree: Tree, files: list[str]) -> Entry | None:
    """The main class: one that a framework marks, then one with a usual name, then the first."""
    found: list[tuple[int, Entry]] = []
    for file in islice(files, LOOKED_AT):
        suffix = file[file.rfind(".") :].lower()
        match = tree.search(file, _MAINS[suffix])
        if match is None:
            continue
        item = Entry(_class(tree, file, suffix, match[0]), file, match[1])
        if _BOOT.search(tree.text(file)):
            return item
        stem = file.rpartition("/")[2].partition(".")[0]
        usual = stem in _NAMES or stem.endswith(("Application", "Main", "Server", "App", "Launcher"))
        found.append((0 if usual else 1, item))
    return min(found, key=lambda pair: pair[0], default=(0, None))[1]


def _class(tree: Tree, file: str, suffix: str, match: re.Match[str]) -> str:
    text = tree.text(file)
    stem = file.rpartition("/")[2].rpartition(".")[0]
    package = _PACKAGE.search(text)
    if suffix == ".kt" and "@JvmStatic" not in match[0]:
        given = _JVM_NAME.search(text)
        stem = given[1] if given else f"{stem[:1].upper()}{stem[1:]}Kt"
    elif suffix == ".scala":
        before = re.findall(r"\bobject\s+(\w+)", text[: match.start()])
        stem = match[1] or match[2] or (before[-1] if before else stem)
    return f"{package[1]}.{stem}" if package else stem


def serves(tree: Tree, files: list[str]) -> tuple[str, int] | None:
    """A file and a line that open a server without any framework."""
    for file in islice(files, LOOKED_AT):
        if match := tree.search(file, _SERVER):
            return file, match[1]
    return None


def listens(tree: Tree, files: list[str]) -> tuple[int, str, int] | None:
    """A port that the sources name, the file and the line."""
    for file in islice(files, LOOKED_AT):
        if match := tree.search(file, _PORT):
            port = int(next(group for group in match[0].groups() if group))
            if 0 < port < 65536:
                return port, file, match[1]
    return None
