"""The times of jobs, as crontab(5) has them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jarvis.errors import InvalidInput
from jarvis.settings.cron import next_after, read


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "after", "then"),
    [
        ("* * * * *", "2026-03-01 10:00:30", "2026-03-01 10:01"),
        ("30 3 * * *", "2026-03-01 03:29:59", "2026-03-01 03:30"),
        ("30 3 * * *", "2026-03-01 03:30:00", "2026-03-02 03:30"),
        ("*/20 * * * *", "2026-03-01 10:41", "2026-03-01 11:00"),
        ("5/20 * * * *", "2026-03-01 10:41", "2026-03-01 10:45"),
        ("0 9-17/4 * * mon-fri", "2026-03-06 17:00", "2026-03-09 09:00"),
        ("0 0 1,15 * *", "2026-03-02 00:00", "2026-03-15 00:00"),
        ("0 0 13 * fri", "2026-03-01 00:00", "2026-03-06 00:00"),
        ("0 0 29 feb *", "2026-03-01 00:00", "2028-02-29 00:00"),
        ("0 0 29 2 *", "2096-03-01 00:00", "2104-02-29 00:00"),
        ("0 12 * * 7", "2026-03-01 12:00", "2026-03-08 12:00"),
        ("@monthly", "2026-12-31 23:59", "2027-01-01 00:00"),
        (" @Daily ", "2026-03-01 00:00", "2026-03-02 00:00"),
    ],
)
def test_the_next_time(schedule: str, after: str, then: str) -> None:
    assert next_after(schedule, at(after)) == at(then)


def test_other_zones_are_understood() -> None:
    east = datetime(2026, 3, 1, 5, 0, tzinfo=timezone(timedelta(hours=5)))
    assert next_after("30 0 * * *", east) == at("2026-03-01 00:30")


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ("", "it has 0 fields and not five"),
        ("* * * *", "it has 4 fields and not five"),
        ("60 * * * *", "“60” is no minute: they go from 0 to 59"),
        ("* 24 * * *", "“24” is no hour"),
        ("* * 0 * *", "“0” is no day"),
        ("* * * 13 *", "“13” is no month"),
        ("* * * * 8", "“8” is no weekday"),
        ("*/0 * * * *", "no step"),
        ("5-1 * * * *", "runs backwards"),
        ("0 0 31 2 *", "no month in it has such a day"),
        ("0 0 ² * *", "is no day"),
        ("@never", "it has 1 fields and not five"),
        ("0 0 1-2-3 * *", "is no day"),
    ],
)
def test_what_is_no_schedule_is_refused(schedule: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        read(schedule)
    assert "Five fields" in caught.value.hint


@given(
    st.tuples(st.integers(0, 59), st.integers(0, 23), st.integers(1, 28), st.integers(1, 12)),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - it wants them so
)
def test_a_fixed_time_comes_once_a_year(when: tuple[int, int, int, int], after: datetime) -> None:
    minute, hour, day, month = when
    found = next_after(f"{minute} {hour} {day} {month} *", after.replace(tzinfo=UTC))
    assert (found.minute, found.hour, found.day, found.month) == when
    assert timedelta(0) < found - after.replace(tzinfo=UTC) <= timedelta(days=366)
