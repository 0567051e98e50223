"""Asking for work: in the caller's transaction, heard at once, one at a time for a service."""

import uuid

import pytest
from sqlalchemy import text

from caddy_lab import poll
from engine_lab import Engines
from jarvis.engine import request
from jarvis.engine.terms import QUEUE, SCHEMA, VERSION
from jarvis.errors import Unavailable
from services.db_service import DatabaseService


def test_it_works(engines: Engines) -> None:
    engines.start()
    key = engines.ask("quick")
    assert engines.outcome(key) == {"status": "completed"}
    assert engines.notes(key) == ["quick"]


def test_a_transaction_that_is_rolled_back_leaves_nothing(engines: Engines) -> None:
    key = str(uuid.uuid4())
    with engines.database.get_session() as session:
        request.enqueue(session, "quick", key, service="shop")
        session.rollback()
    assert engines.row(key) is None
    engines.start()
    after = engines.ask("quick")
    engines.outcome(after)
    assert engines.notes(key) == []


def silently(engines: Engines) -> str:
    """Enqueue without the NOTIFY."""
    key = str(uuid.uuid4())
    with engines.database.get_session() as session:
        request.client().enqueue_in_transaction(
            session,
            {
                "workflow_name": "quick",
                "queue_name": QUEUE,
                "workflow_id": key,
                "queue_partition_key": "silent",
                "app_version": VERSION,
            },
            key,
        )
    return key


def test_a_worker_is_woken_by_the_notify_alone(engines: Engines) -> None:
    engines.start()
    seen = engines.ask("slow", "seen")
    assert poll(lambda: engines.notes(seen) == ["began"])
    # Its one look without a NOTIFY is over, the next is a day away, and nothing ends that would cause one.
    silent = silently(engines)
    woken = engines.ask("slow", "woken")
    assert poll(lambda: engines.notes(woken) == ["began"])
    engines.outcome(silent)  # seen in passing, since somebody else was announced


def test_a_lost_notify_costs_seconds_and_not_the_work(engines: Engines) -> None:
    engines.start(look_every=0.2)
    engines.outcome(silently(engines))


def test_a_service_has_one_at_a_time_and_in_order(engines: Engines) -> None:
    engines.start()
    first = engines.ask("slow", "shop")
    assert poll(lambda: engines.notes(first) == ["began"])
    others = [engines.ask("quick", "shop") for _ in range(5)]
    elsewhere = engines.ask("quick", "blog")
    engines.outcome(elsewhere)
    assert all(engines.notes(key) == [] for key in others)
    engines.go()
    for key in others:
        engines.outcome(key)
    lines = [line for line in engines.notes() if not line.startswith(elsewhere)]
    assert lines == [f"{first} began", f"{first} ended", *(f"{key} quick" for key in others)]


def test_services_do_not_wait_for_each_other(engines: Engines) -> None:
    engines.start()
    keys = [engines.ask("slow", f"service{number}") for number in range(5)]
    assert poll(lambda: all(engines.notes(key) == ["began"] for key in keys))
    engines.go()
    for key in keys:
        engines.outcome(key)


def test_two_workers_share_a_service_without_running_it_side_by_side(engines: Engines) -> None:
    engines.start()
    engines.start()
    engines.go()
    keys = [engines.ask("slow", "shop") for _ in range(8)]
    for key in keys:
        engines.outcome(key)
    assert engines.notes() == [line for key in keys for line in (f"{key} began", f"{key} ended")]


def test_an_unknown_kind_of_work_does_not_stop_the_others(engines: Engines) -> None:
    engines.start()
    engines.ask("of a newer version", "shop")
    engines.outcome(engines.ask("quick", "blog"))
    assert "of a newer version is not a registered workflow" in engines.log()


def test_without_the_engines_tables_the_caller_is_told_to_wait(database_url: str) -> None:
    database = DatabaseService(request.db_service.settings.__class__(database_url=database_url))
    before, request.db_service = request.db_service, database
    request.client.cache_clear()
    try:
        with pytest.raises(Unavailable, match="not prepared"), database.get_session() as session:
            request.enqueue(session, "quick", str(uuid.uuid4()), service="shop")
    finally:
        request.db_service = before
        request.client.cache_clear()
        database.close()


def test_the_schema_is_the_one_that_the_queries_name(engines: Engines) -> None:
    with engines.database.get_session() as session:
        query = text("SELECT count(*) FROM information_schema.tables WHERE table_schema = :name")
        assert (session.scalar(query, {"name": SCHEMA}) or 0) > 3
