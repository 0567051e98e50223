"""Requirement files of pip: their lines, the files they include, and names that were meant to be theirs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jarvis.analysis.tree import Tree

NAME = "requirements.txt"
INCLUDES = 12
"""Files that one requirement file may pull in, one after another."""

_LONGEST = 300
"""Signs of a requirement; anything longer is something else."""
_LINE = re.compile(
    r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?\s*(?:\(?\s*((?:===|[=~<>!]=|[<>^~]).*?)\)?)?\s*$"
)
_EGG = re.compile(r"#(?:.*&)?egg=([A-Za-z0-9][A-Za-z0-9._-]*)")
_REPOSITORY = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*?)(?:\.git)?(?:@[^/]*)?(?:#.*)?$")
_WHEEL = re.compile(r"([A-Za-z0-9][A-Za-z0-9._]*?)-\d[^/]*\.(?:whl|tar\.gz|zip)$")
_INCLUDE = re.compile(r"(?:-r|--requirement)[\s=]*(\S+)")
_EDITABLE = re.compile(r"(?:-e|--editable)[\s=]+(\S+)")
_FOR_MAKERS = re.compile(
    r"(?:^|[._/-])(dev|develop|development|test|tests|testing|lint|docs?|ci|local|build|style|typing)(?=[._/-]|$)"
)
_PRODUCTION = ("prod", "production", "base", "common", "main", "default", "app", "deploy", "heroku", "web")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a project asks for.

    Attributes:
        name: Normalised: in lower case, with single hyphens.
        written: As written, in lower case.
        extras: What stands in square brackets.
        version: What is asked of its version; empty for any.
    """

    name: str
    written: str
    extras: tuple[str, ...]
    version: str
    file: str
    line: int | None


def normal(name: str) -> str:
    """The one spelling of a distribution's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parse(text: str, file: str = "", line: int | None = None) -> Requirement | None:
    """One requirement as pip reads it; None for anything else."""
    text = text.split(" #", 1)[0].split(";", 1)[0].split(" --", 1)[0].strip()
    if not text or text[0] in "#-" or len(text) > _LONGEST:
        return None
    before, at, address = text.partition("@")
    if at and "://" not in before and "/" not in before and ("/" in address or ":" in address):
        text = before.strip()
    elif "://" in text or text.startswith(("git+", ".", "/")):
        return _from_address(text, file, line)
    match = _LINE.match(text)
    if match is None:
        return None
    extras = tuple(part.strip().lower() for part in (match[2] or "").split(",") if part.strip())
    return Requirement(normal(match[1]), match[1].lower(), extras, (match[3] or "").strip(), file, line)


def _from_address(text: str, file: str, line: int | None) -> Requirement | None:
    match = _EGG.search(text)
    last = text.rpartition("/")[2]
    match = match or _WHEEL.match(last) or (_REPOSITORY.match(last) if text.startswith("git+") else None)
    return Requirement(normal(match[1]), match[1].lower(), (), "", file, line) if match else None


def read(tree: Tree, path: str) -> Iterator[Requirement]:
    """All requirements of a file and of those it includes."""
    waiting, seen = [path], {path}
    while waiting:
        current = waiting.pop(0)
        folder = current.rpartition("/")[0]
        for number, raw in tree.lines(current):
            line = raw.strip().rstrip("\\").strip()
            include = _INCLUDE.match(line)
            if include:
                inner = _within(folder, include[1])
                if inner not in seen and inner in tree and len(seen) < INCLUDES:
                    seen.add(inner)
                    waiting.append(inner)
                continue
            editable = _EDITABLE.match(line)
            found = parse(editable[1] if editable else line, current, number)
            if found is not None:
                yield found


def _within(folder: str, name: str) -> str:
    parts = folder.split("/") if folder else []
    for part in name.strip("\"'").split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def for_makers(path: str) -> bool:
    """By its name it lists what only the makers of the project install."""
    return _FOR_MAKERS.search(path.lower().removesuffix(".txt").removesuffix(".in")) is not None


def find(tree: Tree) -> str:
    """The file that pip should be given; empty for none."""
    plain = tree.first(NAME, "requirements.lock", "requirements/requirements.txt")
    if plain:
        return plain
    files = [path for path in (*tree.ending(".txt", ".in", depth=1),) if _is_variant(path)]
    files = [path for path in files if not for_makers(path)]
    for word in _PRODUCTION:
        for path in files:
            if re.search(rf"(?:^|[._/-]){word}(?=[._-])", path.rpartition("/")[2].lower()):
                return path
    return files[0] if files else ""


def _is_variant(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    if folder:
        return folder in ("requirements", "reqs", "deps")
    return re.match(r"(?:requirements|reqs?)[._-][\w.-]*(?:txt|in)$|requirements\.in$", name) is not None


def misspelt(tree: Tree) -> str:
    """A file at the top that was meant to be `requirements.txt`, by name and lines; empty for none."""
    for path in tree.top:
        name = path.lower()
        stem, dot, suffix = name.partition(".")
        if (
            path == NAME
            or suffix not in ("txt", "text", "tx", "md", "")
            or not 6 <= len(stem) <= 16
            or path in tree.links
        ):
            continue
        near = stem in ("requirement", "dependencies", "dependency") or _distance(stem, "requirements") <= 3
        if not near or (stem.startswith("depend") and not dot):
            continue
        lines = [
            line.strip()
            for _, line in tree.lines(path)
            if line.strip() and not line.lstrip().startswith(("#", "-"))
        ]
        if lines and all(parse(line) for line in lines[:20]):
            return path
    return ""


def _distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]
