"""`jarvis.toml`: what a project says of itself. All that is wrong is told at once, with its lines. Pure."""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any, cast

from jarvis.analysis.corrected import CHECKS
from jarvis.errors import InvalidInput
from jarvis.settings import check, keys, values, wishes
from jarvis.settings.check import Problem
from jarvis.settings.lines import Place, lines
from jarvis.settings.wishes import Wish

Json = dict[str, Any]

FILE = "jarvis.toml"
LARGEST = 256 * 1024
"""Bytes of the file."""
BUILD = "build"
"""The table that says better what the analysis would find."""
PRIVATE = "logins"
"""What nobody should write into a file that goes through many hands."""
_AT = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


_TWICE = re.compile(r"Cannot declare (\(.*\)) twice|Cannot overwrite a value()")
_QUOTED = re.compile(r"['\"]([^'\"]*)['\"]")


@dataclass(frozen=True)
class Said:
    """What the file says.

    Attributes:
        settings: Members of the service's settings.
        build: Members of the verdict.
        env: Variables that it wants.
        lines: Where each stands.
    """

    settings: Json = field(default_factory=dict[str, Any])
    build: Json = field(default_factory=dict[str, Any])
    env: tuple[Wish, ...] = ()
    lines: dict[Place, int] = field(default_factory=dict[Place, int])


def read(content: bytes) -> Said:
    """What a `jarvis.toml` says.

    Raises:
        InvalidInput: Something in it is wrong; `facts["problems"]` has all of it with line, key and hint.
    """
    if len(content) > LARGEST:
        raise InvalidInput(f"{FILE} has more than {LARGEST // 1024} KiB.", "It is for settings only.")
    text = _text(content)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(text, str(error)) from error
    except RecursionError as error:
        raise InvalidInput(f"{FILE} has too many brackets within each other.", "Write it flat.") from error
    where = lines(text)
    build, problems = _build(document.pop(BUILD, {}))
    if PRIVATE in document:
        document.pop(PRIVATE)
        said = f"{PRIVATE} are not read from a file."
        hint = "Set them for the service: jarvis settings set NAME logins.USER"
        problems.append(Problem((PRIVATE,), said, hint))
    env, wrong = wishes.read(document.pop(wishes.KEY, {}), required=False)
    settings, more = check.checked(document, also=(BUILD, wishes.KEY))
    if problems := [*more, *wrong, *problems]:
        raise _refused(problems, where)
    told = (one._replace(source=f"{FILE}, line {_line((wishes.KEY, one.name), where)}") for one in env)
    return Said(settings, build, tuple(told), where)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _one(line, "", "it is not text in UTF-8", "Save it as UTF-8.") from error


def _broken(text: str, said: str) -> InvalidInput:
    found = _AT.search(said)
    line = int(found[1]) if found and found[1] else text.count("\n") + 1
    why = said[: found.start()].strip() if found else said
    if (twice := _TWICE.search(why)) is not None:
        names = ".".join(_QUOTED.findall(twice[1] or "")) or "a key"
        return _one(line, "", f"{values.plain(names)} stands there twice", "Put both into one.")
    return _one(line, "", f"{why[:1].lower()}{why[1:]}", "See https://toml.io for how it is written.")


def _one(line: int, key: str, why: str, hint: str) -> InvalidInput:
    problem = {"line": line, "key": key, "message": f"{why}.", "hint": hint}
    return InvalidInput(f"{FILE}, line {line}: {why}.", hint, {"field": FILE, "problems": [problem]})


def _build(table: Any) -> tuple[Json, list[Problem]]:
    if not isinstance(table, dict):
        return {}, [Problem((BUILD,), "build must be a table.", "Write [build].")]
    found: Json = {}
    problems: list[Problem] = []
    for name, value in cast("dict[str, Any]", table).items():
        member = name.replace("-", "_")
        if member not in CHECKS:
            problems.append(check.unknown((BUILD, name), name, CHECKS))
            continue
        fits, wanted = CHECKS[member]
        if fits(value):
            found[member] = value
        else:
            problems.append(Problem((BUILD, name), f"build.{name} {wanted}; this is not."))
    return found, problems


def _refused(problems: list[Problem], where: dict[Place, int]) -> InvalidInput:
    told = sorted(
        (
            {"line": _line(one.place, where), "key": one.key, "message": one.said, "hint": one.hint}
            for one in problems
        ),
        key=lambda one: one["line"],
    )
    first = told[0]
    others = ", ".join(str(one["line"]) for one in told[1:])
    more = f" Also wrong: line{'s' if len(told) > 2 else ''} {others}." if others else ""
    message = f"{FILE}, line {first['line']}: {first['message']}{more}"
    return InvalidInput(
        message, str(first["hint"]) or "See docs/settings.md.", {"field": FILE, "problems": told}
    )


def _line(place: Place, where: dict[Place, int]) -> int:
    """The line of a place, or of what it lies in."""
    for end in range(len(place), 0, -1):
        if place[:end] in where:
            return where[place[:end]]
    return 1


def names() -> list[str]:
    """All that may stand in the file, for its description."""
    return [
        *(name for name in keys.NAMES if name != PRIVATE),
        *(f"{BUILD}.{name}" for name in CHECKS),
        wishes.KEY,
    ]
