"""A worker goes on watching the others, whatever the database does."""

import threading
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from jarvis.engine import lease
from jarvis.engine.lease import Lease, new_executor_id
from jarvis.engine.terms import lock_key
from services.db_service import DatabaseUnavailable


def nothing() -> None:
    """Stands for waking the dispatcher."""


@pytest.mark.parametrize(
    "error",
    [psycopg.OperationalError(), OperationalError("SELECT", {}, Exception()), DatabaseUnavailable("away")],
)
def test_it_works(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(lease, "LOOK_EVERY", 0.0)
    watcher = Lease("me", "1", nothing)
    looks: list[Any] = []
    again = threading.Event()

    def take() -> None:
        watcher._connection = None
        looks.append("take")
        if len(looks) > 2:
            again.set()
            watcher._stop.set()
        raise error

    monkeypatch.setattr(watcher, "take", take)
    watcher.start()
    assert again.wait(30)
    watcher.stop()
    assert not watcher._thread.is_alive()


def test_no_two_lives_have_one_name() -> None:
    assert len({new_executor_id() for _ in range(100)}) == 100


def test_the_key_of_a_lock_fits_postgresql() -> None:
    keys = [lock_key(f"host:{number}") for number in range(1000)]
    assert all(-(2**31) <= key < 2**31 for key in keys)
    assert min(keys) < 0 < max(keys)
    assert lock_key("host:1") == lock_key("host:1")
