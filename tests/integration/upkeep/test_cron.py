"""Jobs of services at their times: once each, whoever asks, and however often."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from jarvis.deployments.upkeep import cron, schedule
from jarvis.workflows import ledger
from models import Deployment, Workflow, WorkflowStatus
from services.db_service import db_service
from upkeep_lab import Place

SINCE = datetime(2990, 3, 1, 12, 0, tzinfo=UTC)
"""When the service went live: so late that the worker's own clock never has to do with it."""
DUE = datetime(2990, 3, 2, 3, 30, tzinfo=UTC)
DAILY = [{"name": "tidy", "schedule": "30 3 * * *", "command": "python3 tidy.py"}]
MINUTELY = [{"name": "ping", "schedule": "* * * * *", "command": "ping"}]


def live(place: Place, name: str, jobs: list[dict[str, str]]) -> str:
    key = place.live(name, at=SINCE)
    with db_service.get_session() as session:
        row = session.get_one(Deployment, UUID(key))
        row.configuration = {**row.configuration, "settings": {"cron": jobs}}
    return key


def tick(moment: datetime) -> None:
    schedule.tick(moment)


def runs(place: Place, job: str) -> list[dict[str, Any]]:
    return [row for row in place.rows("workflow_type", "command") if row["metadata"].get("cron") == job]


def end(place: Place, job: str) -> None:
    """Let all runs of it have ended, without a worker."""
    with db_service.get_session() as session:
        for row in runs(place, job):
            session.get_one(Workflow, UUID(row["id"])).status = WorkflowStatus.COMPLETED


def test_it_works(still: Place) -> None:
    live(still, "shop", DAILY)
    tick(DUE - timedelta(seconds=1))
    assert runs(still, "tidy") == []
    tick(DUE)
    (row,) = runs(still, "tidy")
    assert (row["service"], row["created_by"], row["name"]) == ("shop", cron.BY, "tidy of shop")
    assert row["metadata"]["command"] == ["python3", "tidy.py"]
    assert datetime.fromisoformat(row["metadata"][cron.WHEN]) == DUE


@pytest.mark.parametrize("seconds", [0, 1, 29, 59])
def test_a_second_look_in_the_same_minute_asks_for_nothing(still: Place, seconds: int) -> None:
    live(still, "shop", MINUTELY)
    tick(DUE + timedelta(milliseconds=200))
    end(still, "ping")
    tick(DUE + timedelta(seconds=seconds, milliseconds=300))
    assert len(runs(still, "ping")) == 1
    tick(DUE + timedelta(minutes=1))
    assert len(runs(still, "ping")) == 2


def test_a_clock_that_goes_back_asks_for_nothing(still: Place) -> None:
    live(still, "shop", MINUTELY)
    tick(DUE)
    end(still, "ping")
    tick(DUE - timedelta(hours=1))
    assert len(runs(still, "ping")) == 1


def test_what_was_missed_is_made_up_for_once(still: Place) -> None:
    live(still, "shop", MINUTELY)
    tick(DUE + timedelta(hours=5))
    end(still, "ping")
    for second in range(0, 50, 10):
        tick(DUE + timedelta(hours=5, seconds=second))
    assert len(runs(still, "ping")) == 1


def test_nothing_piles_up_behind_a_run_that_goes_on(still: Place) -> None:
    live(still, "shop", MINUTELY)
    for minute in range(30):
        tick(DUE + timedelta(minutes=minute))
    assert len(runs(still, "ping")) == 1
    end(still, "ping")
    tick(DUE + timedelta(minutes=30))
    end(still, "ping")
    tick(DUE + timedelta(minutes=30, seconds=20))
    assert len(runs(still, "ping")) == 2


def test_many_workers_ask_once(still: Place) -> None:
    live(still, "shop", DAILY)
    gate = threading.Barrier(8, timeout=60)

    def work() -> None:
        gate.wait()
        tick(DUE)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    tick(DUE)  # where nobody had got the lock
    assert len(runs(still, "tidy")) == 1


def test_a_new_version_does_not_make_up_for_times_before_it(still: Place) -> None:
    key = live(still, "shop", DAILY)
    with db_service.get_session() as session:
        session.get_one(Deployment, UUID(key)).deployed_at = DUE + timedelta(minutes=1)
    tick(DUE + timedelta(hours=20))
    assert runs(still, "tidy") == []
    tick(DUE + timedelta(days=1))
    assert len(runs(still, "tidy")) == 1


def test_it_runs_once_over_a_restart_of_the_worker(still: Place) -> None:
    live(still, "shop", DAILY)
    tick(DUE)
    still.work()
    (row,) = runs(still, "tidy")
    still.ended(row["id"])
    still.stop()
    still.work()
    tick(DUE + timedelta(seconds=30))
    (again,) = runs(still, "tidy")
    assert again == still.ended(row["id"])
    assert still.engine_rows("command") == 1
    with db_service.get_session() as session:
        found = session.scalars(select(Workflow).where(Workflow.workflow_type == "command")).one()
        assert (found.status in ledger.FINAL, found.life) == (True, 1)
