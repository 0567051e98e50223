"""When a job is due: the five fields of crontab(5), in UTC. Pure."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from jarvis.errors import InvalidInput

WORDS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
YEARS = 8
"""A day that comes at all comes within eight years: 29 February may be missing at the turn of a century."""


class _Field(NamedTuple):
    """What stands in one place of the line."""

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("weekday", 0, 7, _DAYS),
)


class Times(NamedTuple):
    """A schedule, read.

    Attributes:
        either: Both the day and the weekday are restricted: then one of them is enough, as cron has it.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def on(self, day: datetime) -> bool:
        """Does it run on that day?"""
        if day.month not in self.months:
            return False
        by_day, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return by_day or by_weekday if self.either else by_day and by_weekday


def read(schedule: str) -> Times:
    """The times that a schedule names.

    Raises:
        InvalidInput: It is none, or no time ever fits it.
    """
    line = WORDS.get(schedule.strip().lower(), schedule)
    parts = line.split()
    if len(parts) != len(_FIELDS):
        raise _wrong(schedule, f"it has {len(parts)} fields and not five")
    minute, hour, day, month, weekday = (
        _values(schedule, part, field) for part, field in zip(parts, _FIELDS, strict=True)
    )
    weekday = frozenset(value % 7 for value in weekday)
    either = not parts[2].startswith("*") and not parts[4].startswith("*")
    times = Times(minute, hour, day, month, weekday, either)
    if not either and not _comes(day, month):
        raise _wrong(schedule, "no month in it has such a day")
    return times


def _comes(days: frozenset[int], months: frozenset[int]) -> bool:
    longest = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
    return any(min(days) <= longest.get(month, 31) for month in months)


def _values(schedule: str, text: str, field: _Field) -> frozenset[int]:
    found: set[int] = set()
    for part in text.lower().split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span == "*":
            low, high = field.low, min(field.high, 6) if field.name == "weekday" else field.high
        else:
            low = _number(schedule, first, field)
            high = _number(schedule, last, field) if dash else field.high if slash else low
        if slash and not (step.isascii() and step.isdigit() and int(step)):
            raise _wrong(schedule, f"“{part}” has no step that one can go by")
        if low > high:
            raise _wrong(schedule, f"“{part}” runs backwards")
        found.update(range(low, high + 1, int(step) if slash else 1))
    return frozenset(found)


def _number(schedule: str, text: str, field: _Field) -> int:
    if text in field.words:
        return field.words.index(text) + (1 if field.name == "month" else 0)
    if not (text.isascii() and text.isdigit() and len(text) < 4 and field.low <= int(text) <= field.high):
        raise _wrong(schedule, f"“{text[:20]}” is no {field.name}: they go from {field.low} to {field.high}")
    return int(text)


def _wrong(schedule: str, why: str) -> InvalidInput:
    return InvalidInput(
        f"“{schedule[:60]}” is no schedule: {why}.",
        "Five fields: minute, hour, day, month and weekday, such as 30 3 * * 1-5; or @daily and the like.",
    )


def next_after(schedule: str, after: datetime) -> datetime:
    """The first time of `schedule` that lies behind `after`, in UTC.

    Raises:
        InvalidInput: It is no schedule.
    """
    times = read(schedule)
    moment = after.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    day = moment.replace(hour=0, minute=0)
    for _ in range(YEARS * 366):
        if times.on(day):
            for hour in sorted(times.hours):
                for minute in sorted(times.minutes):
                    found = day.replace(hour=hour, minute=minute)
                    if found >= moment:
                        return found
        day += timedelta(days=1)
    raise _wrong(schedule, "its day does not come")
