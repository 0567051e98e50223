"""Which of the last lines of a program that failed says why."""

import re
from collections.abc import Iterable

_NOISE = re.compile(
    r"^Node\.js v\d|A complete log of this run|^\[notice\]|^npm (?:notice|warn)|^(?:hint|note):"
    r"|^\s+at \S|^\s*[\^~]+\s*$"
)
"""Lines that come last and do not say why."""
_ERROR = re.compile(
    r"^\s*(?:\w+: )?(?:Uncaught |Unhandled )?(?:[\w.]*(?:Error|Exception)\b|panic:|fatal\b)", re.IGNORECASE
)
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
    return useful[-1].strip()
