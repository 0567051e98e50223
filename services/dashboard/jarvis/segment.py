"""A part of a log as one event holds it: many lines of a program, and how they are shown. Pure.

Pages and the command line show the same, so it belongs to neither.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

KIND = "log"
"""The kind of an event that holds lines."""


class Line(NamedTuple):
    """One line of a program.

    Attributes:
        seconds: After the first one of its step.
        stream: `out` or `err`.
        text: Without its end.
    """

    seconds: float
    stream: str
    text: str


def read(data: Mapping[str, Any]) -> list[Line]:
    """The lines in the data of a `log` event. What is no line is left out: another version may write more."""
    rows: Any = data.get("lines")
    return [line for row in _sequence(rows) if (line := _line(row)) is not None]


def _line(row: object) -> Line | None:
    words = _sequence(row)
    if len(words) < 3 or isinstance(words[0], bool) or not isinstance(words[0], int | float):
        return None
    return Line(float(words[0]), str(words[1]), str(words[2]))


def _sequence(value: object) -> Sequence[Any]:
    return cast("list[Any]", value) if isinstance(value, list | tuple) else ()


def printable(event: Mapping[str, Any]) -> list[str]:
    """What to print for an event: the lines of a `log`, the message of any other."""
    if event.get("kind") != KIND:
        return [str(event.get("message") or "")]
    return [line.text for line in read(event.get("data") or {})]
