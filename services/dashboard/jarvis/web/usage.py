"""What a service used, as lines in a picture and as a sentence. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jarvis.web.words import size

Json = Mapping[str, Any]

WIDTH, HEIGHT = 600, 100
COLUMNS = 240
"""Points of a line at most; of several samples in one column, the highest counts."""
SPANS = (1, 3, 6, 12, 24)
"""Hours that a picture may show."""
GAP = timedelta(minutes=4)
"""Where nothing was measured for longer, the line has a gap."""
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Chart:
    """One line over the last hours.

    Attributes:
        title: What it shows.
        line: The path, in a box of WIDTH × HEIGHT.
        limit: Where the limit is, from the top of the box; None for outside of it.
        top: What the upper edge means.
        hours: What the left edge means.
        said: The same in words.
    """

    title: str
    line: str
    limit: float | None
    top: str
    hours: int
    said: str


def charts(told: Json, now: datetime) -> list[Chart]:
    """The pictures of processors and memory; none where there are not two samples.

    Args:
        told: As the API says it.
        now: The right edge.
    """
    rows = [(datetime.fromisoformat(row["at"]), row) for row in told["history"]]
    if len(rows) < 2:
        return []
    hours = next((each for each in SPANS if now - rows[0][0] <= timedelta(hours=each)), SPANS[-1])
    limit = (told["now"] or rows[-1][1])["memory_limit"]
    processors = [(at, float(row["cpu"])) for at, row in rows if row["cpu"] is not None]
    memory = [(at, float(row["memory"])) for at, row in rows]
    return [
        _chart("Processors", processors, percent, now, hours, None),
        _chart("Memory", memory, lambda count: size(round(count)), now, hours, limit),
    ]


def percent(number: float) -> str:
    """A share of one processor: `3.4 %`."""
    return f"{number:.1f} %" if number < 10 and number % 1 else f"{number:.0f} %"


def _chart(
    title: str,
    points: Sequence[tuple[datetime, float]],
    words: Callable[[float], str],
    now: datetime,
    hours: int,
    limit: float | None,
) -> Chart:
    values = [value for _, value in points] or [0.0]
    most = max(values)
    top = nice(max(most, limit if limit and most > limit / 3 else 0.0))
    start = now - timedelta(hours=hours)
    mean = sum(values) / len(values)
    said = f"{words(values[-1])} at the last look; {words(mean)} on average, {words(most)} at most"
    if limit:
        said += f", of {words(limit)} that it may take"
    shown = HEIGHT * (1 - limit / top) if limit and limit <= top else None
    return Chart(title, path(points, start, now, top), shown, words(top), hours, said)


def nice(most: float) -> float:
    """A round number that is not smaller: for bytes in powers of two, for others 1, 2 or 5 with zeros."""
    if most > 1 << 18:
        scale = float(1 << 20)
        while scale < most:
            scale *= 2
        return scale * 0.75 if most <= scale * 0.75 else scale
    scale = 1.0
    while True:
        for step in STEPS:
            if most <= step * scale:
                return step * scale
        scale *= 10


def path(points: Sequence[tuple[datetime, float]], start: datetime, end: datetime, top: float) -> str:
    """The line through the points, as SVG writes it."""
    columns: dict[int, tuple[datetime, float]] = {}
    whole = (end - start).total_seconds()
    for at, value in points:
        share = (at - start).total_seconds() / whole
        if 0 <= share <= 1:
            column = int(share * COLUMNS)
            columns[column] = (at, max(value, columns[column][1] if column in columns else 0.0))
    words: list[str] = []
    before: datetime | None = None
    for at, value in columns.values():
        x = WIDTH * (at - start).total_seconds() / whole
        y = HEIGHT * (1 - min(value / top, 1.0))
        joined = before is not None and at - before <= max(GAP, (end - start) / COLUMNS * 2)
        words.append(f"{'L' if joined else 'M'}{x:.1f} {y:.1f}{'' if joined else 'h0'}")
        before = at
    return "".join(words)
