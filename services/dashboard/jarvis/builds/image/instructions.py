"""Reads a Dockerfile as far as one must know it before it is built: its instructions and what they need."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIRECTIVE = re.compile(r"#\s*([a-z]+)\s*=\s*(\S+)\s*")
_FLAG = re.compile(r"--[a-z][a-z-]*(?:=(?:\"[^\"]*\"|'[^']*'|\S)*)?(?:\s+|$)")
_HERE = re.compile(r"(?<![<\\])<<(-?)([\"']?)([A-Za-z_][A-Za-z0-9_]*)\2")
_MOUNT_ID = re.compile(r"(?:^|,)id=([^,]+)")
_NEW_FLAGS = ("--link", "--chmod", "--parents", "--exclude", "--checksum", "--keep-git-dir")
_USUAL_SYNTAX = re.compile(r"(?:docker\.io/)?docker/dockerfile:1(?:\.\d+)*(?:-labs)?")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction.

    Attributes:
        name: In capitals.
        flags: Such as `--mount=type=cache,target=/root`.
        rest: What comes after them, in one line.
        lines: How it stands in the file, with the comments in it.
        here: It brings here-documents.
    """

    name: str
    flags: tuple[str, ...]
    rest: str
    lines: tuple[str, ...]
    here: bool = False

    @property
    def mounted(self) -> tuple[str, ...]:
        """The names of the secrets that it mounts."""
        found = [_MOUNT_ID.search(flag.partition("=")[2]) for flag in self.flags if is_secret(flag)]
        return tuple(match[1] for match in found if match)


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A whole one; `between` are comments and empty lines."""

    syntax: str
    parts: tuple[Instruction | str, ...]

    @property
    def text(self) -> str:
        """As it was read."""
        lines = (line for part in self.parts for line in ([part] if isinstance(part, str) else part.lines))
        return "\n".join(lines) + "\n"

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        return tuple(part for part in self.parts if isinstance(part, Instruction))

    @property
    def arguments(self) -> frozenset[str]:
        """The names that it declares with ARG."""
        words = [word for one in self.instructions if one.name == "ARG" for word in one.rest.split()]
        return frozenset(word.partition("=")[0] for word in words)

    @property
    def secrets(self) -> frozenset[str]:
        """The names of the secrets that it mounts."""
        return frozenset(name for one in self.instructions for name in one.mounted)

    def modern(self) -> str:
        """What in it only BuildKit can do; empty when Docker's old builder can do all."""
        if self.syntax and not _USUAL_SYNTAX.fullmatch(self.syntax):
            return f"# syntax={self.syntax}"
        for one in self.instructions:
            for flag in one.flags:
                if one.name == "RUN" or flag.split("=")[0] in _NEW_FLAGS:
                    return f"{one.name} {flag.split('=')[0]}"
            if one.here:
                return f"{one.name} with a here-document"
        return ""


def is_secret(flag: str) -> bool:
    """Does the flag of a RUN mount a secret?"""
    return flag.startswith("--mount=") and "type=secret" in flag.removeprefix("--mount=").split(",")


def is_cache(flag: str) -> bool:
    """Does the flag of a RUN mount a folder that outlives the build?"""
    return flag.startswith("--mount=") and "type=cache" in flag.removeprefix("--mount=").split(",")


def parse(text: str) -> Dockerfile:
    """Read a Dockerfile; what is wrong in it Docker will say."""
    lines = text.removeprefix("\ufeff").splitlines()
    told: dict[str, str] = {}
    for line in lines:
        match = _DIRECTIVE.fullmatch(line.strip().lower()) if line.lstrip().startswith("#") else None
        if match is None or match[1] in told:
            break
        told[match[1]] = line.partition("=")[2].strip()
    escape = told.get("escape", "\\")
    return Dockerfile(told.get("syntax", ""), tuple(_parts(lines, escape)))


def _parts(lines: list[str], escape: str) -> Iterator[Instruction | str]:
    place = 0
    while place < len(lines):
        if _empty(lines[place]):
            yield lines[place]
            place += 1
            continue
        start, text = place, ""
        while place < len(lines):
            line = lines[place]
            place += 1
            if text and _empty(line):  # comments and empty lines may stand within
                continue
            if not line.rstrip().endswith(escape):
                text += line
                break
            text += line.rstrip()[:-1] + " "
        name, _, rest = text.strip().partition(" ")
        name = name.upper()
        flags, rest = _flags(rest.strip())
        ends = [(match[3], bool(match[1])) for match in _HERE.finditer(rest)]
        here = bool(ends) and name in {"RUN", "COPY", "ADD"} and not rest.startswith("[")
        for end, indented in ends if here else ():
            while place < len(lines):
                place += 1
                if (lines[place - 1].lstrip("\t") if indented else lines[place - 1]) == end:
                    break
        yield Instruction(name, flags, rest, tuple(lines[start:place]), here)


def _empty(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _flags(rest: str) -> tuple[tuple[str, ...], str]:
    flags: list[str] = []
    while match := _FLAG.match(rest):
        flags.append(match[0].strip())
        rest = rest[match.end() :]
    return tuple(flags), rest
