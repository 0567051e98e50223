from datetime import UTC, datetime, timedelta, timezone

import pytest

from jarvis.web import words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "under 1 ms"),
        (0.0022, "2 ms"),
        (0.0125, "13 ms"),
        (0.9996, "1.0 s"),
        (1.44, "1.4 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min 0 s"),
        (125.2, "2 min 5 s"),
        (3600, "1 h 0 min"),
        (7384, "2 h 3 min"),
    ],
)
def test_it_works(seconds: float, said: str) -> None:
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1.0 KiB"),
        (1_258_291, "1.2 MiB"),
        (2 * 1024**3, "2.0 GiB"),
        (3 * 1024**4, "3.0 TiB"),
    ],
)
def test_a_size_is_said_in_its_nearest_unit(count: int, said: str) -> None:
    assert words.size(count) == said


def test_a_time_is_shown_in_utc_whatever_zone_it_came_in() -> None:
    moment = datetime(2026, 3, 2, 1, 5, 9, tzinfo=timezone(timedelta(hours=2)))
    assert words.moment(moment) == (
        '<time datetime="2026-03-01T23:05:09+00:00" data-show="short">1 Mar 2026, 23:05 UTC</time>'
    )
    assert "23:05:09 UTC" in words.moment(moment, exact=True)


def test_what_has_not_happened_is_a_dash() -> None:
    assert words.moment(None) == "–"
    assert words.between(datetime(2026, 1, 1, tzinfo=UTC), None) == "–"


def test_a_clock_that_was_set_back_makes_no_negative_duration() -> None:
    later, earlier = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    assert words.between(later, earlier) == "under 1 ms"


def test_an_unknown_state_has_a_quiet_colour() -> None:
    assert words.tone("running") == "good"
    assert words.tone("something new") == "quiet"


def test_backticks_become_code_and_nothing_else_becomes_markup() -> None:
    assert words.ticks("the `next` <b>") == "the <code>next</code> &lt;b&gt;"
    assert words.ticks("`<b>`") == "<code>&lt;b&gt;</code>"
