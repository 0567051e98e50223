"""Sizes, spans and times as people read them."""

from datetime import UTC, datetime


def size(count: float) -> str:
    """`count` bytes: `512 B`, `1.2 MB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            return f"{count:.0f} {unit}" if unit == "B" or count >= 99.95 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def span(seconds: float) -> str:
    """A length of time: `0.03 s`, `12 s`, `4 min 5 s`, `3 h 10 min`."""
    if seconds < 10:
        return f"{seconds:.2f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def count(number: int, one: str, many: str = "") -> str:
    """`1 file`, `2 files`."""
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def age(text: object, now: datetime | None = None) -> str:
    """How long ago the ISO time `text` was; empty when it is none."""
    moment = _moment(text)
    if moment is None:
        return ""
    seconds = int(((now or datetime.now(UTC)) - moment).total_seconds())
    for length, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= length:
            return f"{seconds // length} {unit} ago"
    return "just now"


def clock(text: object) -> str:
    """The ISO time `text` on this machine's clock; what is no time stays as it is."""
    moment = _moment(text)
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}" if moment else str(text or "")
