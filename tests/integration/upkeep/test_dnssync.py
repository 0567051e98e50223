"""Names that people were asked to point here: their tasks close when they lead here."""

from typing import Any

import pytest

from jarvis.deployments.addresses import dnssync, reach
from jarvis.deployments.upkeep import routine
from models import Deployment, DomainRecord
from services.db_service import db_service
from upkeep_lab import Place


def waiting(place: Place, name: str) -> str:
    """A service whose name does not lead here yet; the name."""
    host = f"{name}.example.com"
    key = place.live(name, domain=host)
    with db_service.get_session() as session:
        reach.note(session, session.get_one(Deployment, key), host, reached=False)
    return host


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that the resolver of this machine knows, all of them as this machine."""
    known: set[str] = set()
    monkeypatch.setattr(reach, "addresses", lambda host, _: ["127.0.0.1"] if host in known else [])
    return known


def run(service: str = "") -> dict[str, Any]:
    seen = dnssync.look(service)
    dnssync.arrived(seen["here"])
    return seen


def status(place: Place, host: str) -> list[str]:
    return [task["status"] for task in place.tasks(reach.key(host))]


def records(host: str) -> list[str]:
    with db_service.get_session() as session:
        return [row.status.value for row in session.query(DomainRecord).filter_by(domain=host)]


def test_it_works(still: Place, points: set[str]) -> None:
    one, two = waiting(still, "one"), waiting(still, "two")
    assert run()["said"] == "0 of 2 names lead here now"
    assert (status(still, one), records(one)) == (["pending"], ["pending"])
    points.add(one)
    assert run()["said"] == "1 of 2 names lead here now"
    assert (status(still, one), records(one)) == (["completed"], ["active"])
    assert (status(still, two), records(two)) == (["pending"], ["pending"])
    assert run()["waiting"] == 1


def test_one_service_alone(still: Place, points: set[str]) -> None:
    one, two = waiting(still, "one"), waiting(still, "two")
    points.update({one, two})
    assert run("two")["waiting"] == 1
    assert (status(still, one), status(still, two)) == (["pending"], ["completed"])


def test_a_name_that_leads_to_another_release_waits(still: Place, points: set[str]) -> None:
    host = waiting(still, "other")
    points.add(host)
    (still.home.www / "sites" / host).unlink()
    assert run()["here"] == []
    assert status(still, host) == ["pending"]


def test_a_run_twice_is_as_one(still: Place, points: set[str]) -> None:
    host = waiting(still, "twice")
    points.add(host)
    seen = dnssync.look()
    dnssync.arrived(seen["here"])
    dnssync.arrived(seen["here"])
    assert (status(still, host), records(host)) == (["completed"], ["active"])


def test_a_worker_that_finds_nothing_new_leaves_one_row(still: Place) -> None:
    waiting(still, "nowhere")
    still.work()
    for _ in range(2):
        row = still.done("dns_sync")
        assert (row["status"], row["metadata"]) == ("completed", {routine.QUIET: True})
    assert len(still.rows("workflow_type", "dns_sync")) == 1


def test_it_is_wanted_while_a_name_waits(still: Place, points: set[str]) -> None:
    with db_service.get_session() as session:
        assert not dnssync.wanted(session)
    points.add(waiting(still, "wanted"))
    with db_service.get_session() as session:
        assert dnssync.wanted(session)
    run()
    with db_service.get_session() as session:
        assert not dnssync.wanted(session)
