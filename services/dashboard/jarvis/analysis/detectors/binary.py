"""A compiled program for Linux that was handed in by itself."""

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.tree import Tree

ELF = b"\x7fELF"
"""How a program for Linux begins."""
_BESIDE = (
    ".md", ".txt", ".toml", ".yml", ".yaml", ".json", ".env", ".conf", ".ini", ".html", ".css", ".js",
    ".png", ".svg", ".ico", ".example", ".pem", ".so", ".sha256", ".sig", ".service",
)  # fmt: skip
"""What a program brings along: settings, pages, words about it."""


def detect(tree: Tree) -> Candidate | None:
    """The only program in a folder without sources, or None."""
    rest = [file for file in tree.files if not _aside(file)]
    if len(rest) != 1 or not _program(tree, rest[0]):
        return None
    file = rest[0]
    found = Candidate("script", "binary", 0.6 if len(tree.files) == 1 else 0.52)
    claim(found, file, "a compiled program", kind="script", language="binary")
    claim(found, file, "starts the program", start_command=f"./{file}")
    if not tree.modes[file] & 0o100:
        claim(found, file, "came without the right to be run", build_command=f"chmod +x {file}")
    return found


def _program(tree: Tree, file: str) -> bool:
    """A program, not a part of one: those are called `.so` or `.o`."""
    place, _, name = file.rpartition("/")
    return (
        place in ("", "bin")
        and not name.endswith((".so", ".o", ".ko"))
        and ".so." not in name
        and tree.begins(file, ELF)
    )


def _aside(file: str) -> bool:
    name = file.rpartition("/")[2]
    return (
        name.startswith(".")
        or name in ("LICENSE", "README", "Procfile", "Dockerfile")
        or file.endswith(_BESIDE)
    )
