"""Tables that fit the screen, and stay whole when they are piped."""

import unicodedata
from collections.abc import Sequence

from jarvis.cli.console import clean

_GAP = 2
_LEAST = 6


def cells(text: str) -> int:
    """The columns that `text` takes on a screen."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)


def _fit(text: str, width: int) -> str:
    """`text` in exactly `width` columns; what is too long ends in `…`."""
    if cells(text) > width:
        while cells(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - cells(text))


def _widths(rows: Sequence[Sequence[str]], width: int | None) -> list[int]:
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    if width is not None:
        while sum(widths) + _GAP * (len(widths) - 1) > width and max(widths) > _LEAST:
            widths[widths.index(max(widths))] -= 1
    return widths


def table(titles: Sequence[str], rows: Sequence[Sequence[object]], width: int | None) -> list[str]:
    """The lines of a table.

    Args:
        titles: One title a column.
        rows: The cells; None is shown as `-`.
        width: Columns of the screen; None keeps every cell whole.
    """
    body = [["-" if cell in (None, "") else clean(str(cell)) for cell in row] for row in rows]
    everything = [list(titles), *body]
    widths = _widths(everything, width)
    lines = ((" " * _GAP).join(map(_fit, row, widths)).rstrip() for row in everything)
    return list(lines) if width is None else [line[:width] for line in lines]
