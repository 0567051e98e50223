"""The pictures of what a service uses: lines with gaps, round edges, and the same in words."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jarvis.web.usage import COLUMNS, charts, nice, path, percent

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def told(*minutes: int, cpu: float | None = 3.0, limit: int | None = None) -> dict[str, Any]:
    rows = [
        {
            "at": (NOW - timedelta(minutes=each)).isoformat(),
            "cpu": cpu,
            "memory": 3 << 20,
            "memory_limit": limit,
        }
        for each in sorted(minutes, reverse=True)
    ]
    return {"history": rows, "now": rows[-1] if rows else None}


def test_it_works() -> None:
    processors, memory = charts(told(3, 2, 1, 0, limit=4 << 20), NOW)
    assert (processors.title, processors.hours, processors.top, processors.limit) == (
        "Processors",
        1,
        "5 %",
        None,
    )
    assert processors.said == "3 % at the last look; 3 % on average, 3 % at most"
    assert processors.line.count("M") == 1
    assert memory.said.endswith("of 4.0 MiB that it may take")
    assert memory.limit == 0


def test_there_is_no_picture_of_one_sample() -> None:
    assert charts(told(), NOW) == charts(told(1), NOW) == []


def test_what_was_never_known_is_an_empty_line() -> None:
    processors, _ = charts(told(2, 1, cpu=None), NOW)
    assert processors.line == ""


@pytest.mark.parametrize(("minutes", "hours"), [(59, 1), (61, 3), (700, 12), (1439, 24), (1600, 24)])
def test_as_many_hours_are_shown_as_there_is_something_of(minutes: int, hours: int) -> None:
    assert charts(told(minutes, 0), NOW)[0].hours == hours


def test_a_line_has_a_gap_where_nothing_was_measured() -> None:
    points = [(NOW - timedelta(minutes=each), 1.0) for each in (30, 29, 10, 9)]
    assert path(points, NOW - timedelta(hours=1), NOW, 2.0).count("M") == 2


def test_a_line_is_short_and_stays_in_its_box() -> None:
    points = [(NOW - timedelta(minutes=each), float(each % 7)) for each in range(2000, -1, -1)]
    made = path(points, NOW - timedelta(hours=24), NOW, 5.0)
    assert len(re.findall("[ML]", made)) <= COLUMNS + 1
    numbers = [float(one) for one in re.findall(r"[\d.]+ ([\d.]+)", made)]
    assert min(numbers) == 0, "the highest of a column counts"
    assert max(numbers) <= 100
    assert "-" not in made


@pytest.mark.parametrize(
    ("most", "edge"),
    [(0, 1), (1, 1), (3, 5), (17, 20), (150, 200), (400, 500), (3 << 20, 3 << 20), (5 << 20, 6 << 20)],
)
def test_edges_are_round_and_not_below(most: float, edge: float) -> None:
    assert nice(most) == edge


def test_shares_are_told_briefly() -> None:
    assert [percent(one) for one in (0.0, 3.42, 9.0, 45.6, 200.0)] == ["0 %", "3.4 %", "9 %", "46 %", "200 %"]
