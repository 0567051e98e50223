"""What nobody needs any more goes; what answers, waits or is kept to go back to stays."""

import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func

from config import Settings
from jarvis.artifacts import collect, intake
from jarvis.deployments.upkeep import cleanup, routine
from jarvis.errors import Unavailable
from jarvis.workflows import events, retention
from models import Deployment, DeploymentStatus, Service, ServiceHost, Workflow, WorkflowStatus
from seed import MORNING
from services.db_service import DatabaseUnavailable, db_service
from upkeep_lab import Place


def stray(place: Place, name: str) -> Path:
    """A release that a crash left: no deployment that ran has it."""
    key, _ = place.seed.deployment(name, status=DeploymentStatus.FAILED)
    return place.release(name, key, {"index.html": "half"})


def test_it_works(still: Place) -> None:
    key = still.live("shop")
    left = stray(still, "shop")
    (still.home.staging / str(uuid.uuid4())).mkdir(parents=True)
    (still.home.trash / "thrown").mkdir(parents=True)
    still.work()  # a worker empties the folder of half-made releases at its start
    (still.home.staging / str(uuid.uuid4())).mkdir()
    row = still.done("cleanup")
    assert row["status"] == "completed"
    assert routine.QUIET not in row["metadata"]
    assert not left.exists()
    assert not left.with_name(f"{left.name}.json").exists()
    assert list(still.home.staging.iterdir()) == []
    assert list(still.home.trash.iterdir()) == []
    assert still.caddy.get("shop.localhost").body == b"<p>1"
    assert still.home.release("shop", key).is_dir()
    assert still.done("cleanup")["metadata"][routine.QUIET]


def test_bytes_that_no_artifact_has_go(still: Place) -> None:
    said = intake.Said(filename="a.html", by="anna", analyse=False)
    with db_service.get_session() as session:
        kept = intake.take(session, [b"kept"], said, limit=100)
    left = intake.folder() / "incoming" / str(uuid.uuid4())
    left.touch()
    os.utime(left, (1, 1))
    still.work()
    assert still.done("cleanup")["status"] == "completed"
    assert not left.exists()
    assert (intake.folder() / kept.storage_path).is_file()
    assert collect.collect() == collect.Collected(0, 0, 0)


def test_releases_that_are_kept_to_go_back_to_stay(still: Place) -> None:
    keys = [still.live("many", f"<p>{hour}", at=MORNING + timedelta(hours=hour)) for hour in range(8)]
    assert cleanup.releases()["count"] == 2
    there = {entry.name for entry in (still.home.releases / "many").iterdir() if entry.is_dir()}
    assert there == set(keys[2:])


def test_a_service_that_is_worked_on_is_left_alone(still: Place) -> None:
    still.live("busy")
    left = stray(still, "busy")
    with db_service.get_session() as session:
        work = Workflow(name="Deploy", workflow_type="deployment", queue="busy", status=WorkflowStatus.PAUSED)
        session.add(work)
        session.flush()
        key = work.id
    assert cleanup.releases()["count"] == 0
    assert left.is_dir()
    with db_service.get_session() as session:
        session.get_one(Workflow, key).status = WorkflowStatus.FAILED
    assert cleanup.releases()["count"] == 1
    assert not left.is_dir()


def test_a_release_that_waits_for_its_proof_stays(still: Place) -> None:
    still.live("fresh")
    key, _ = still.seed.deployment("fresh", status=DeploymentStatus.DEPLOYING)
    made = still.release("fresh", key, {"index.html": "new"})
    assert cleanup.releases()["count"] == 0
    assert made.is_dir()


def test_the_releases_of_a_removed_service_go_and_foreign_folders_stay(still: Place) -> None:
    still.live("old")
    for folder in ("notes", "old"):
        (still.home.releases / folder / "by-hand").mkdir(parents=True)
    with db_service.get_session() as session:
        session.query(ServiceHost).delete()
        session.query(Service).delete()
        session.query(Deployment).update({"status": DeploymentStatus.REMOVED})
    assert cleanup.releases()["count"] == 0  # its links are there: it answers
    (still.home.www / "services" / "old" / "current").unlink()
    assert cleanup.releases()["count"] == 1
    assert [entry.name for entry in (still.home.releases / "old").iterdir()] == ["by-hand"]
    assert (still.home.releases / "notes" / "by-hand").is_dir()


def test_without_any_release_there_is_nothing_to_do(still: Place) -> None:
    assert cleanup.releases() == {"said": "0 releases", "count": 0}


def test_old_stories_go_and_young_ones_stay(still: Place) -> None:
    with db_service.get_session() as session:
        for age in (Settings().keep_events_days + 1, 1):
            then = func.now() - timedelta(days=age)
            row = Workflow(
                name=f"{age} days ago",
                workflow_type="deployment",
                status=WorkflowStatus.COMPLETED,
                created_at=then,
                completed_at=then,
            )
            session.add(row)
            session.flush()
            for word in ("one", "two", "three"):
                events.append(session, str(row.id), "line", word)
    assert cleanup.history()["count"] == 2  # of the old one, only the last line stays
    assert cleanup.history()["count"] == 0


def test_a_database_that_is_away_may_be_tried_again(still: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise DatabaseUnavailable("It went away.")

    monkeypatch.setattr(retention, "purge", away)
    with pytest.raises(Unavailable) as caught:
        cleanup.history()
    assert caught.value.transient
