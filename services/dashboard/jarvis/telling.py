"""Which of the last lines of a program that failed says why."""

import re
from collections.abc import Iterable
from pathlib import Path

_NOISE = re.compile(
    r"^Node\.js v\d|A complete log of this run|^\[notice\]|^npm (?:notice|warn)|^(?:hint|note):"
    r"|^\s+at \S|^\s*[\^~]+\s*$"
)
"""Lines that come last and do not say why."""
_ERROR = re.compile(
    r"^\s*(?:\w+: )?(?:Uncaught |Unhandled )?(?:[\w.]*(?:Error|Exception)\b|panic:|fatal\b)", re.IGNORECASE
)
_TEXT = re.compile(r"^(?:Syntax|Indentation|Tab)Error\b")
_PLACE = re.compile(r'^\s*File "([^"]+)", line (\d+)')
_REST = re.compile(r"^(?:\s|[\]})]+[,;]?$)")
"""What follows an error that goes over several lines."""


def line(lines: Iterable[str]) -> str:
    """The line that says why, without the blanks around it; empty when there is none."""
    said = [one for one in lines if one.strip()]
    useful = [one for one in said if not _NOISE.search(one)] or said
    if not useful:
        return ""
    if _REST.match(useful[-1]):
        return next((one for one in reversed(useful) if _ERROR.match(one)), useful[-1]).strip()
    return useful[-1].strip() + _where(said)


def _where(lines: list[str]) -> str:
    """In which file and line, where the text of a program itself is wrong: its words do not say that."""
    if not _TEXT.match(lines[-1]):
        return ""
    places = [found for one in lines if (found := _PLACE.match(one))]
    return f" ({Path(places[-1][1]).name}, line {places[-1][2]})" if places else ""
