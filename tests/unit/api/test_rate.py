"""Buckets of tokens, by a clock of the test's own."""

import pytest

from jarvis.api import rate
from jarvis.api.rate import Buckets


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def taken(buckets: Buckets, who: str, times: int) -> int:
    """How many of so many requests pass."""
    return sum(buckets.take(who) >= 1 for _ in range(times))


def test_it_works() -> None:
    buckets = Buckets(60, Clock())
    assert taken(buckets, "a", 100) == 60
    assert taken(buckets, "b", 1) == 1


def test_a_bucket_fills_again_with_time() -> None:
    clock = Clock()
    buckets = Buckets(60, clock)
    taken(buckets, "a", 100)
    clock.now += 5
    assert taken(buckets, "a", 100) == 5
    clock.now += 10_000
    assert taken(buckets, "a", 100) == 60


def test_refused_requests_cost_nothing() -> None:
    clock = Clock()
    buckets = Buckets(60, clock)
    taken(buckets, "a", 1000)
    clock.now += 1
    assert buckets.take("a") == pytest.approx(1)


def test_the_wait_is_told_in_whole_seconds() -> None:
    assert [Buckets(size).wait(1) for size in (1, 6, 60, 1200)] == [60, 10, 1, 1]
    assert Buckets(60).wait(0) == 1


def test_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "MOST", 100)
    clock = Clock()
    buckets = Buckets(60, clock)
    for number in range(1000):
        clock.now += 0.001
        buckets.take(str(number))
    assert len(buckets._kept) <= 100
    taken(buckets, "busy", 60)
    clock.now += 100
    for number in range(200):
        buckets.take(str(number))
    assert len(buckets._kept) <= 100
