"""Sizes, durations, states and times in the words and colours of the pages. Pure."""

import math
import re
from datetime import UTC, datetime

from markupsafe import Markup, escape

TONES = {
    "running": "good",
    "completed": "good",
    "done": "good",
    "healthy": "good",
    "active": "good",
    "pending": "busy",
    "deploying": "busy",
    "paused": "busy",
    "now": "busy",
    "failed": "bad",
    "unhealthy": "bad",
}
"""State → the colour that stands beside its word; other states are quiet."""


def tone(state: str) -> str:
    """The colour class of a state."""
    return TONES.get(state, "quiet")


def size(count: int) -> str:
    """A number of bytes: `2.4 MiB`."""
    if count < 1024:
        return f"{count} byte{'' if count == 1 else 's'}"
    number = float(count)
    for unit in ("KiB", "MiB", "GiB"):
        number /= 1024
        if number < 1000:
            return f"{number:.1f} {unit}"
    return f"{number / 1024:.1f} TiB"


def duration(seconds: float) -> str:
    """How long something took: `12 ms`, `1.4 s`, `2 min 5 s`. live.js says the same (`duration`)."""
    if seconds < 0.001:
        return "under 1 ms"
    if seconds < 0.9995:
        return f"{math.floor(seconds * 1000 + 0.5)} ms"
    if seconds < 59.95:
        return f"{math.floor(seconds * 10 + 0.5) / 10:.1f} s"
    whole = math.floor(seconds + 0.5)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def between(start: datetime | None, end: datetime | None) -> str:
    """The time from `start` to `end`, or a dash while one of them is missing."""
    if start is None or end is None:
        return "–"
    return duration(max((end - start).total_seconds(), 0.0))


def moment(value: datetime | None, *, exact: bool = False) -> Markup:
    """A point in time, in UTC; live.js writes it anew in the viewer's own zone."""
    if value is None:
        return Markup("–")
    shown = value.astimezone(UTC)
    seconds = shown.strftime(":%S") if exact else ""
    text = f"{shown.day} {shown.strftime('%b %Y, %H:%M')}{seconds} UTC"
    kind = "exact" if exact else "short"
    return Markup('<time datetime="{}" data-show="{}">{}</time>').format(shown.isoformat(), kind, text)


def short(identifier: object) -> str:
    """The first eight characters of an id, as people read it aloud."""
    return str(identifier)[:8]


def ticks(text: str) -> Markup:
    """`text` with what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped right here


FILTERS = {
    "tone": tone,
    "size": size,
    "duration": duration,
    "between": between,
    "moment": moment,
    "short": short,
    "ticks": ticks,
}
"""What templates may call."""
