"""Shell scripts, where there is nothing else to start."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.tree import Tree

NAMES = (
    "start",
    "run",
    "entrypoint",
    "docker-entrypoint",
    "server",
    "main",
    "app",
    "script",
    "launch",
    "serve",
    "boot",
)
"""Names of scripts that start a program, the surest first."""
SHELLS = ("bash", "zsh", "dash", "ksh", "fish", "ash", "sh")
SUFFIXES = (".sh", ".bash", ".zsh", ".ksh", ".fish")
_SHEBANG = re.compile(r"\A#![ \t]*(?:\S*/)?(\w+)(?:[ \t]+(?:-S[ \t]+)?(\w+))?")
_OTHERS = (
    ".py", ".js", ".mjs", ".ts", ".rb", ".php", ".go", ".rs", ".java", ".kt", ".cs", ".pl", ".c",
    ".cpp", ".ex", ".exs", ".scala", ".clj", ".swift", ".dart", ".jar", ".lua", ".r", ".jl", ".hs",
    ".ipynb",
)  # fmt: skip
"""Sources of programs that a script beside them only helps along."""
_BASH = re.compile(
    r"\[\[|\bdeclare\s+-|\blocal\s+-|^[ \t]*\w+=\(|\$\{\w+\[[@*]\]\}|<<<"
    r"|\bfunction\s+\w+\s*\{|\bset\s+-o\s+pipefail",
    re.MULTILINE,
)
_SERVES = re.compile(
    r"\bn(?:c|cat|etcat)\s+[^\n|]{0,80}?-\w{0,8}l|\bsocat\s+[^\n]{0,120}?(?:TCP-LISTEN|TCP4-LISTEN)"
    r"|\bhttpd\s+-|python3?\s+-m\s+http\.server|\bphp\s+-S\b|\bbusybox\s+httpd"
)
_PORT = re.compile(
    r"\$\{PORT:-(\d{2,5})\}|(?:TCP4?-LISTEN:|-l\s+(?:-p\s+)?|-p\s+|http\.server\s+|-S\s+[\w.]+:)(\d{2,5})"
)
_TOOLS = re.compile(
    r"(?:^|[-_/])(?:build|test|install|setup|deploy|release|lint|format|clean|check|ci|bootstrap|update|backup|migrate)\w*(?:[-_.]|$)"
)


def detect(tree: Tree) -> Candidate | None:
    """A folder that is started by a script, or None."""
    file = _first(tree)
    if not file:
        return None
    name = file.partition(".")[0]
    found = Candidate("script", "shell", 0.62 if name in NAMES[:2] else 0.56 if name in NAMES else 0.5)
    served = tree.search(file, _SERVES)
    if served:
        claim(found, file, "opens a server", served[1], kind="web", language="shell")
        if port := tree.search(file, _PORT):
            claim(found, file, "the port it names", port[1], port=int(port[0][1] or port[0][2]))
    else:
        claim(found, file, "a script for a shell", kind="script", language="shell")
    claim(found, file, "runs the script", 1, start_command=f"{shell(tree, file)} {file}")
    if others := tree.ending(*_OTHERS, depth=1):
        found.confidence = 0.45
        found.against.append(f"{others[0]} is a program that the script may only help along.")
    if _TOOLS.search(name):
        found.confidence = 0.35
        found.against.append("By its name the script is a tool for working on the project.")
    return found


def _first(tree: Tree) -> str:
    """The script to start, at the top or in a folder for scripts."""
    scripts = [file for file in tree.top if file.lower().endswith(SUFFIXES) or _shebang(tree, file) in SHELLS]
    for wanted in NAMES:
        for file in scripts:
            if file.lower().partition(".")[0] == wanted:
                return file
    for folder in ("bin/", "scripts/", "script/"):
        for wanted in NAMES[:2]:
            if file := tree.first(*(f"{folder}{wanted}{suffix}" for suffix in (*SUFFIXES, ""))):
                return file
    rest = [file for file in scripts if not _TOOLS.search(file.lower())]
    return next(iter([*rest, *scripts]), "")


def _shebang(tree: Tree, file: str) -> str:
    """The program that the first line asks for, for files without a suffix."""
    if "." in file or tree.sizes[file] > 64 * 1024:
        return ""
    return _named(tree, file)


def _named(tree: Tree, file: str) -> str:
    match = _SHEBANG.match(tree.text(file))
    if match is None:
        return ""
    return (match[2] or "") if match[1] == "env" else match[1]


def shell(tree: Tree, file: str) -> str:
    """The shell that runs the script: by its first line, its suffix, its grammar."""
    named = _named(tree, file)
    if named in SHELLS:
        return named
    suffix = file.rpartition(".")[2].lower()
    if suffix in ("bash", "zsh", "ksh", "fish"):
        return suffix
    return "bash" if not named and _BASH.search(tree.text(file)) else "sh"
