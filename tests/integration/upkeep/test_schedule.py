"""Routine work is asked for when it is time: once, one run after the other, and without a row for nothing."""

import threading
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from jarvis.deployments.upkeep import routine, schedule
from jarvis.tasks.ask import ask as ask_person
from models import TaskType, Workflow, WorkflowEvent, WorkflowStatus
from services.db_service import db_service
from upkeep_lab import Place, forget


def now() -> datetime:
    """The database's time."""
    with db_service.get_session() as session:
        return session.scalars(select(func.now())).one()


def end(row: dict[str, object], status: WorkflowStatus, error: str = "", *, quiet: bool = False) -> None:
    """Let a run have ended, without a worker."""
    with db_service.get_session() as session:
        found = session.get_one(Workflow, UUID(str(row["id"])))
        found.status, found.error_message = status, error or None
        found.workflow_metadata = {routine.QUIET: True} if quiet else {}


def cleanups(place: Place) -> list[dict[str, object]]:
    return place.rows("workflow_type", "cleanup")


def test_it_works(still: Place) -> None:
    assert schedule.tick() == ["cleanup"]  # nothing runs that could be asked for, and no name waits
    (row,) = cleanups(still)
    assert (row["created_by"], row["status"], row["name"]) == (routine.BY, "pending", "Clean up")
    still.live("shop")
    assert schedule.tick() == ["health_check"]
    assert schedule.tick() == []


def test_names_are_looked_up_only_while_one_waits(still: Place) -> None:
    _, workflow = still.seed.deployment("named", domain="named.example.com")
    assert "dns_sync" not in schedule.tick()
    with db_service.get_session() as session:
        ask_person(
            session,
            key="dns:named.example.com",
            kind=TaskType.DNS_MANUAL,
            title="Point it here",
            description="Please.",
            instructions={},
            workflow_id=workflow,
        )
    assert schedule.tick() == ["dns_sync"]


def test_it_comes_again_after_its_time_and_not_before(still: Place) -> None:
    schedule.tick()
    end(cleanups(still)[0], WorkflowStatus.COMPLETED)
    assert schedule.tick(now() + timedelta(minutes=59)) == []
    assert schedule.tick(now() + timedelta(minutes=61)) == ["cleanup"]


@pytest.mark.parametrize("status", [WorkflowStatus.PENDING, WorkflowStatus.RUNNING, WorkflowStatus.PAUSED])
def test_nothing_piles_up_behind_a_run_that_goes_on(still: Place, status: WorkflowStatus) -> None:
    schedule.tick()
    end(cleanups(still)[0], status)
    for hours in range(2, 50):
        assert schedule.tick(now() + timedelta(hours=hours)) == []
    assert len(cleanups(still)) == 1


def test_many_workers_ask_once(still: Place) -> None:
    still.live("shop")
    gate = threading.Barrier(8, timeout=60)
    asked: list[str] = []

    def work() -> None:
        gate.wait()
        for _ in range(5):
            asked.extend(schedule.tick())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(asked) == ["cleanup", "health_check"]
    assert len(cleanups(still)) == 1
    assert (still.engine_rows("cleanup"), still.engine_rows("health_check")) == (1, 1)


def test_who_does_not_get_the_lock_asks_for_nothing(still: Place) -> None:
    with db_service.session_factory() as session:
        assert session.scalar(select(func.pg_try_advisory_xact_lock(*schedule.LOCK)))
        assert schedule.tick() == []
        session.rollback()
    assert schedule.tick() == ["cleanup"]


def test_a_run_that_found_nothing_is_replaced_by_the_next(still: Place) -> None:
    still.live("shop")
    still.work()
    ids: set[str] = set()
    for _ in range(4):
        ids.add(still.done("health_check")["id"])
    assert len(ids) == 4
    (row,) = still.rows("workflow_type", "health_check")
    assert row["metadata"][routine.QUIET]
    assert still.engine_rows("health_check") == 1
    with db_service.get_session() as session:
        told = set(session.scalars(select(WorkflowEvent.workflow_id).distinct()))
    assert not {UUID(key) for key in ids - {row["id"]}} & told


def test_runs_that_told_something_stay(still: Place) -> None:
    for hours in range(3):
        schedule.tick(now() + timedelta(hours=2 * hours))
        end(cleanups(still)[-1], WorkflowStatus.COMPLETED)
    assert len(cleanups(still)) == 3


def test_the_same_failure_again_and_again_is_told_by_the_last(still: Place) -> None:
    errors = ["No room.", "No room.", "No room.", "No store.", "No room.", "No room."]
    for number, error in enumerate(errors):
        assert schedule.tick(now() + timedelta(hours=2 * number)) == ["cleanup"]
        end(cleanups(still)[-1], WorkflowStatus.FAILED, error)
    schedule.tick(now() + timedelta(hours=50))
    *before, last = cleanups(still)
    assert [row["error_message"] for row in before] == ["No room.", "No store.", "No room."]
    assert last["status"] == "pending"


def test_what_a_person_asked_for_stays_and_does_not_move_the_schedule(still: Place) -> None:
    with db_service.get_session() as session:
        row, _ = routine.ask(session, "cleanup", title="Clean up", queue="jarvis:cleanup", by="anna")
        key = str(row.id)
    end({"id": key}, WorkflowStatus.COMPLETED, quiet=True)
    assert schedule.tick() == ["cleanup"]
    assert [row["created_by"] for row in cleanups(still)] == ["anna", routine.BY]


def test_a_database_that_is_away_is_no_end_of_the_worker(
    still: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    still.live("shop")
    monkeypatch.setenv("JARVIS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    forget()
    assert schedule.tick() == []
    monkeypatch.undo()
    forget()
    assert schedule.tick() == ["health_check", "cleanup"]


def test_a_kind_is_in_the_schedule_once_and_its_queue_is_no_service() -> None:
    kinds = [one.kind for one in schedule.ROUTINES]
    assert len(set(kinds)) == len(kinds)
    assert all(":" in one.queue for one in schedule.ROUTINES)
    assert all(one.every >= timedelta(seconds=10) for one in schedule.ROUTINES)
