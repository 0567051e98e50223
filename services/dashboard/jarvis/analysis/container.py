"""What a Dockerfile says of the program in it."""

import json
import re
import shlex
from dataclasses import dataclass, field

from jarvis.analysis.tree import Tree

NAMES = ("Dockerfile", "dockerfile", "Containerfile", "Dockerfile.production", "Dockerfile.prod")
"""At the top, the likeliest first."""
WRAPPERS = re.compile(r"(?:^|/)(?:tini|dumb-init|catatonit|gosu|su-exec|[\w.-]*entry-?point[\w.-]*)$")
"""Programs that only start the one that CMD names."""
MOST = 2000
"""Instructions that are read."""

_STARTED = re.compile(r"^\s*([A-Za-z]+)\s+(\S.*)$")
_PAIR = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(\"(?:[^\"\\]|\\.)*\"|'[^']*'|\S*)")
_USED = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([^}]*))?\}|([A-Za-z_][A-Za-z0-9_]*))")
_URL = re.compile(r"https?://[^/\s\"'|]+(/[^\s\"'|;&)\]]*)")


@dataclass
class Image:
    """The last stage of a Dockerfile, with what it takes over from the stage it begins with.

    Attributes:
        base: The image that it begins with, as written.
        ports: Port → line of its EXPOSE.
        command: Words of CMD, or one text for a shell, and the line.
        entrypoint: The same of ENTRYPOINT.
        variables: ENV: name → (value, line).
        health: What HEALTHCHECK runs, and the line.
        user: USER.
    """

    base: str = ""
    line: int = 1
    ports: dict[int, int] = field(default_factory=dict[int, int])
    command: tuple[list[str], int] | None = None
    entrypoint: tuple[list[str], int] | None = None
    variables: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    arguments: dict[str, str] = field(default_factory=dict[str, str])
    health: tuple[str, int] | None = None
    user: str = ""
    inherited: bool = False
    """CMD is the one of the stage that it begins with."""

    def start(self) -> tuple[str, int] | None:
        """What runs in the container, as one line of a shell, and where that is said."""
        if self.command and (self.entrypoint is None or WRAPPERS.search(self.entrypoint[0][0])):
            return _joined(self.command[0]), self.command[1]
        if self.entrypoint:
            both = self.entrypoint[0] + (self.command[0] if self.command else [])
            return _joined(both), self.entrypoint[1]
        return None

    def health_path(self) -> tuple[str, int] | None:
        """The path that HEALTHCHECK asks for, and its line."""
        match = _URL.search(self.health[0]) if self.health else None
        return (match[1], self.health[1]) if match and self.health else None


def url_path(command: str) -> str:
    """The path of the address that a check asks for; empty when it asks for none."""
    match = _URL.search(command)
    return match[1] if match else ""


def dockerfile(tree: Tree) -> str:
    """The Dockerfile at the top; empty for none."""
    return tree.first(*NAMES)


def read(tree: Tree, file: str) -> Image | None:
    """The image that `file` makes; None when it is no Dockerfile."""
    stages: dict[str, Image] = {}
    outer: dict[str, str] = {}
    image: Image | None = None
    for line, word, rest in _instructions(tree, file):
        if word == "FROM":
            words = [item for item in rest.split() if not item.startswith("--")]
            if not words:
                continue
            base = _filled(words[0], outer)
            image = _copy(stages.get(base.lower()), base, line)
            name = words[2].lower() if len(words) > 2 and words[1].lower() == "as" else ""
            stages[name or str(len(stages))] = image
        elif image is None:
            if word == "ARG":
                outer.update(_pairs(rest))
        else:
            _apply(image, word, rest, line)
    return image


def _copy(known: Image | None, base: str, line: int) -> Image:
    if known is None:
        return Image(base, line)
    return Image(
        known.base,
        known.line,
        dict(known.ports),
        known.command,
        known.entrypoint,
        dict(known.variables),
        dict(known.arguments),
        known.health,
        known.user,
        inherited=known.command is not None,
    )


def _apply(image: Image, word: str, rest: str, line: int) -> None:
    """Take one instruction in."""
    known = {**image.arguments, **{name: value for name, (value, _) in image.variables.items()}}
    if word == "EXPOSE":
        for item in _filled(rest, known).split():
            port, _, protocol = item.partition("/")
            if port.isdecimal() and 0 < int(port) < 65536 and protocol.lower() != "udp":
                image.ports.setdefault(int(port), line)
    elif word == "ENV":
        pairs = _pairs(rest)
        if not pairs and " " in rest:
            name, _, value = rest.partition(" ")
            pairs = {name: value.strip()}
        image.variables.update({name: (_filled(value, known), line) for name, value in pairs.items()})
    elif word == "ARG":
        image.arguments.update(_pairs(rest))
    elif word == "CMD":
        image.command = _words(rest, line)
        image.inherited = False
    elif word == "ENTRYPOINT":
        image.entrypoint = _words(rest, line)
        if image.inherited:
            image.command = None  # as docker does: that CMD was meant for another ENTRYPOINT
    elif word == "HEALTHCHECK":
        image.health = None if rest.strip().upper() == "NONE" else (_filled(rest, known), line)
    elif word == "USER":
        image.user = rest.strip()


def _instructions(tree: Tree, file: str) -> list[tuple[int, str, str]]:
    """Line, word in capitals and the rest of each instruction; lines that end with a backslash go on."""
    found: list[tuple[int, str, str]] = []
    waiting: list[str] = []
    began = 0
    ends = ""
    for number, text in tree.lines(file):
        if ends:
            ends = "" if text.strip() == ends else ends
            continue
        stripped = text.strip()
        if stripped.startswith("#") or (not stripped and waiting):
            continue
        began = began if waiting else number
        if stripped.endswith("\\"):
            waiting.append(stripped[:-1])
            continue
        whole = " ".join([*waiting, stripped])
        waiting = []
        match = _STARTED.match(whole)
        if match:
            found.append((began, match[1].upper(), match[2]))
            here = re.search(r"<<-?\s*[\"']?(\w+)", match[2]) if match[1].upper() in ("RUN", "COPY") else None
            ends = here[1] if here else ""
        if len(found) >= MOST:
            break
    return found


def _words(text: str, line: int) -> tuple[list[str], int]:
    """The words of an instruction in JSON, or the one text that a shell is given."""
    if text.startswith("["):
        try:
            words = json.loads(text)
        except (ValueError, RecursionError):
            return [text], line
        if isinstance(words, list) and words:
            return [str(word) for word in words], line  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - JSON
    return [text.strip()], line


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else shlex.join(words).replace("'$PORT'", "$PORT")


def _pairs(text: str) -> dict[str, str]:
    return {match[1]: match[2].strip("\"'") for match in _PAIR.finditer(text)}


def _filled(text: str, known: dict[str, str]) -> str:
    """The text with its variables put in; one that is unknown becomes its default, or nothing."""
    return _USED.sub(lambda match: known.get(match[1] or match[3], match[2] or ""), text)
