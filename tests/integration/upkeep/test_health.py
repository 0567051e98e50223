"""What visitors get is looked at, mended where links are wrong, and told where they are not."""

import shutil
from typing import Any

import pytest

from jarvis.builds.release import manifest_path
from jarvis.deployments.upkeep import health, repair, routine
from jarvis.errors import Unavailable
from jarvis.proxy.site import current_release, unpublish
from models import Service, Workflow, WorkflowStatus
from services.db_service import db_service
from upkeep_lab import Place


def checked(place: Place, name: str) -> dict[str, Any]:
    """Ask for a look at a service by hand, and wait for its end."""
    with db_service.get_session() as session:
        key = str(repair.ask(session, name, "anna")[0].id)
    return place.ended(key)


def all_seen(place: Place) -> None:
    """Look at all services, and wait for the repairs that come of it."""
    place.done("health_check")
    for row in place.rows("workflow_type", "health_repair"):
        place.ended(row["id"])


def test_it_works(place: Place) -> None:
    keys = [place.live("one"), place.live("two")]
    before = [place.deployment(key) for key in keys]
    row = place.done("health_check")
    assert (row["status"], row["metadata"].get(routine.QUIET)) == ("completed", True)
    for key, old in zip(keys, before, strict=True):
        now = place.deployment(key)
        assert now["health_status"] == "healthy"
        assert now["last_health_check"] > old["last_health_check"]
        assert now["updated_at"] == old["updated_at"]
    assert place.rows("workflow_type", "health_repair") == []


@pytest.mark.parametrize("harm", ["host", "current", "other"])
def test_links_that_are_wrong_are_put_back(place: Place, harm: str) -> None:
    name = f"links-{harm}"
    key = place.live(name, f"<p>{harm}")
    if harm == "host":
        (place.home.www / "sites" / f"{name}.localhost").unlink()
    elif harm == "current":
        unpublish(place.home.www, service=name)
    else:
        other = place.release(name, "0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11", {"index.html": "other"})
        link = place.home.www / "services" / name / "current"
        link.unlink()
        link.symlink_to(f"../../../releases/{name}/{other.name}")
    assert place.caddy.get(f"{name}.localhost").body != f"<p>{harm}".encode()
    all_seen(place)
    assert place.caddy.get(f"{name}.localhost").body == f"<p>{harm}".encode()
    assert current_release(place.home.www, name) == key
    (row,) = place.rows("service", name)
    assert (row["workflow_type"], row["status"], row["created_by"]) == (
        "health_repair",
        "completed",
        routine.BY,
    )
    assert routine.QUIET not in row["metadata"]
    assert place.deployment(key)["health_status"] == "healthy"
    assert place.tasks(repair.key(name)) == []


def test_what_cannot_be_mended_is_told_once_and_closes_by_itself(place: Place) -> None:
    key = place.live("broken")
    release = place.home.release("broken", key)
    (release / "index.html").unlink()
    all_seen(place)
    assert place.deployment(key)["health_status"] == "unhealthy"
    (task,) = place.tasks("health:broken")
    assert (task["status"], task["priority"], task["task_type"]) == ("pending", "high", "verification")
    assert "broken.localhost: it answers 404" in task["description"]
    row = checked(place, "broken")
    assert (row["status"], row["created_by"]) == ("failed", "anna")
    assert "does not answer as it should" in row["error_message"]
    assert len(place.tasks("health:broken")) == 1
    (release / "index.html").write_text("<p>1")
    place.done("health_check")
    assert place.deployment(key)["health_status"] == "healthy"
    assert [task["status"] for task in place.tasks("health:broken")] == ["completed"]


def test_a_release_that_is_gone_is_told(place: Place) -> None:
    key = place.live("gone")
    shutil.rmtree(place.home.release("gone", key))
    row = checked(place, "gone")
    assert row["status"] == "failed"
    assert "is gone" in row["error_message"]
    assert place.deployment(key)["health_status"] == "unhealthy"


def test_a_page_that_was_changed_on_the_disk_is_seen(place: Place) -> None:
    key = place.live("changed")
    (place.home.release("changed", key) / "index.html").write_text("defaced")
    assert "another page" in checked(place, "changed")["error_message"]


def test_a_repair_that_did_not_help_is_not_tried_every_minute(place: Place) -> None:
    key = place.live("hopeless")
    manifest_path(place.home.release("hopeless", key)).unlink()
    for _ in range(3):
        all_seen(place)
    assert len(place.rows("service", "hopeless")) == 1
    assert len(place.tasks("health:hopeless")) == 1


def test_a_service_that_is_worked_on_is_left_alone(place: Place) -> None:
    place.live("busy")
    unpublish(place.home.www, service="busy")
    with db_service.get_session() as session:
        work = Workflow(
            name="Deploy", workflow_type="deployment", queue="busy", status=WorkflowStatus.RUNNING
        )
        session.add(work)
        session.flush()
        key = work.id
    all_seen(place)
    assert place.rows("service", "busy") == []
    with db_service.get_session() as session:
        session.get_one(Workflow, key).status = WorkflowStatus.COMPLETED
    all_seen(place)
    assert place.caddy.get("busy.localhost").status == 200


def test_a_service_that_went_meanwhile_is_no_failure_of_it(place: Place) -> None:
    place.live("leaving")
    with db_service.get_session() as session:
        session.query(Service).filter_by(name="leaving").one().deployment_id = None
    key = place.asked("health_check")
    assert place.ended(key)["status"] == "completed"
    with db_service.get_session() as session:
        row, _ = routine.ask(session, "health_repair", title="x", queue="leaving", service="leaving")
        asked = str(row.id)
    assert "does not run any more" in place.ended(asked)["error_message"]
    assert place.tasks("health:leaving") == []


def test_a_proxy_that_is_away_is_one_task_and_one_row(still: Place) -> None:
    keys = [still.live(name) for name in ("first", "second", "third")]
    still.work()
    still.caddy.stop()
    rows = [still.done("health_check") for _ in range(3)]
    assert {row["status"] for row in rows} == {"failed"}
    assert "no site can be reached" in rows[0]["error_message"]
    assert len(still.rows("workflow_type", "health_check")) == 2  # one is kept, one is new
    assert {still.deployment(key)["health_status"] for key in keys} == {"unhealthy"}
    assert [task["status"] for task in still.tasks(health.PROXY)] == ["pending"]
    assert still.rows("workflow_type", "health_repair") == []
    still.caddy.start()
    assert still.done("health_check")["status"] == "completed"
    assert {still.deployment(key)["health_status"] for key in keys} == {"healthy"}
    assert [task["status"] for task in still.tasks(health.PROXY)] == ["completed"]


def test_the_task_of_a_removed_service_is_cancelled(still: Place) -> None:
    key = still.live("removed")
    still.work()
    shutil.rmtree(still.home.release("removed", key))
    assert checked(still, "removed")["status"] == "failed"
    with db_service.get_session() as session:
        session.delete(session.query(Service).filter_by(name="removed").one())
        assert health.wanted(session)
    still.done("health_check")
    assert [task["status"] for task in still.tasks("health:removed")] == ["cancelled"]
    with db_service.get_session() as session:
        assert not health.wanted(session)


def test_nothing_is_said_when_no_answer_can_be_had(still: Place) -> None:
    still.live("unseen")
    still.caddy.stop()
    with pytest.raises(Unavailable, match="The proxy does not answer"):
        health.look()
