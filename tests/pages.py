"""The Markdown of the project, and every file that belongs to it."""

import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def files() -> list[Path]:
    """Every file of the project: what lies in its folder, without what `.gitignore` names."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    ignored = [".git", *(line.rstrip("/") for line in lines)]
    found: list[Path] = []
    waiting = [ROOT]
    while waiting:
        for entry in waiting.pop().iterdir():
            if any(fnmatch(entry.name, pattern) for pattern in ignored):
                continue
            if entry.is_dir() and not entry.is_symlink():
                waiting.append(entry)
            else:
                found.append(entry)
    return sorted(found)


def markdown() -> list[Path]:
    """Every page."""
    return [file for file in files() if file.suffix == ".md"]


def name(file: Path) -> str:
    """How a test calls a file."""
    return str(file.relative_to(ROOT))


def links(page: Path) -> list[str]:
    """Where the page's links and pictures lead, except to other sites. Code is not looked at."""
    text = _INLINE.sub("", _FENCE.sub("", page.read_text(encoding="utf-8")))
    return [target for target in _LINK.findall(text) if not re.match(r"[a-z]+:", target)]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text))
    return {heading.replace(" ", "-") for heading in plain}


def commands(page: Path, program: str) -> Iterator[list[str]]:
    """The words of every command of `program` in the page's code, without the program itself."""
    text = page.read_text(encoding="utf-8")
    lines = [line for _, code in _FENCE.findall(text) for line in code.replace("\\\n", " ").splitlines()]
    for line in [*lines, *_INLINE.findall(_FENCE.sub("", text))]:
        for part in re.split(r"\||&&|;|\$\(|>", line):
            words = shlex.split(part, comments=True) if program in part else []
            if words and words[0] == program:
                yield words[1:]
