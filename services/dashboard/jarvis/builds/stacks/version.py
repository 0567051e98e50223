"""Which of the versions that have an image a project gets."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Numbers = tuple[int, ...]
Test = Callable[[Numbers], bool]

_PART = re.compile(
    r"\s*(>=|<=|==|!=|~>|~=|=>|[<>^~=])?\s*[A-Za-z]{0,12}[-/]?v?(\d+(?:\.(?:\d+|[xX*]))*|[*xX])[\w.+-]*"
)
_NAMED = re.compile(r"(?i)(lts(/\*|/[a-z]+|-[a-z]+)?|latest|stable|current|system|node|nightly|\*)?")
_HYPHEN = re.compile(r"(\S*\d)\s+-\s+(\S*\d\S*)")
NEWEST = 1_000_000
LONGEST = 100
"""Signs of what can still be a version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The versions of one language that have an image, as of the release of this Jarvis.

    Attributes:
        language: As a person calls it.
        versions: From old to new.
        usual: Taken where the project leaves the choice.
        old: Those that get no security fixes any more.
        minimum: What a project states is the oldest version that will do, as go.mod has it.
    """

    language: str
    versions: tuple[str, ...]
    usual: str
    old: tuple[str, ...] = ()
    minimum: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A version from the shelf, and what a person should know of the choice."""

    version: str
    notes: tuple[str, ...] = ()


def choose(shelf: Shelf, wanted: str) -> Choice:
    """The version of `shelf` for what the project states: one version, a range, a name, or nothing.

    The usual one if it will do, else the nearest to it that does.
    """
    name, usual = shelf.language, shelf.usual
    if _NAMED.fullmatch(wanted):
        said = f"asks for {wanted!r}" if wanted else "does not say which version it wants"
        return Choice(usual, (f"The project {said}: {name} {usual} is used.",))
    stated = _HYPHEN.sub(r">=\1 <=\2", wanted[:LONGEST])
    alternatives = [_alternative(part, minimum=shelf.minimum) for part in stated.split("||")]
    if not all(alternatives) or len(wanted) > LONGEST:
        said = f"The version {wanted[:LONGEST]!r} could not be read"
        return Choice(usual, (f"{said}: {name} {usual} is used.",))
    fits = [
        version
        for version in shelf.versions
        if any(all(test(_numbers(version)) for test in tests) for tests in alternatives)
    ]
    if not fits:
        there = ", ".join(shelf.versions)
        said = f"There is no image for {name} {wanted!r} (there is {there})"
        return Choice(
            usual, (f"{said}: {usual} is used. If that does not do, use a Dockerfile of your own.",)
        )
    older = [version for version in fits if _numbers(version) <= _numbers(usual)]
    version = usual if usual in fits else older[-1] if older else fits[0]
    notes: list[str] = []
    if len(fits) > 1 and not shelf.minimum:
        notes.append(f"The project allows {name} {wanted}: {version} is used.")
    if version in shelf.old:
        notes.append(f"{name} {version} gets no security fixes any more.")
    return Choice(version, tuple(notes))


def _alternative(text: str, *, minimum: bool) -> list[Test]:
    """The tests that a version must pass; empty when `text` is not understood."""
    tests: list[Test] = []
    position = 0
    text = text.strip()
    while position < len(text):
        found = _PART.match(text, position)
        if found is None:
            return []
        operator = found[1] or (">=" if minimum else "==")
        tests.append(_test(operator, _numbers(found[2]), given=found[2].count(".") + 1))
        position = len(text) - len(text[found.end() :].lstrip(", \t\n"))
    return tests


def _numbers(text: str) -> Numbers:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def _test(operator: str, bound: Numbers, given: int) -> Test:
    """A version of the shelf stands for all its patches, so `>=3.12.4` is met by 3.12."""
    match operator:
        case "==" | "=":
            return lambda version: _same(version, bound)
        case "!=":
            return lambda version: len(bound) > len(version) or version[: len(bound)] != bound
        case ">=" | "=>":
            return lambda version: (*version, NEWEST) >= bound
        case ">":
            return lambda version: (
                ((*version, NEWEST) if len(bound) > len(version) else version[: len(bound)]) > bound
            )
        case "<=":
            return lambda version: version[: len(bound)] <= bound
        case "<":
            bound = bound[: max((place for place, number in enumerate(bound, 1) if number), default=1)]
            return lambda version: version[: len(bound)] < bound
        case "^":
            fixed = next((place for place, number in enumerate(bound) if number), 0) + 1
            return lambda version: (*version, NEWEST) >= bound and version[:fixed] == bound[:fixed]
        case "~" if given > 1:
            return lambda version: (*version, NEWEST) >= bound and version[:2] == bound[:2]
        case _:
            fixed = max(len(bound) - 1, 1)
            return lambda version: (*version, NEWEST) >= bound and version[:fixed] == bound[:fixed]


def _same(version: Numbers, bound: Numbers) -> bool:
    shared = min(len(version), len(bound))
    return version[:shared] == bound[:shared]
