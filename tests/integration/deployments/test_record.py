"""What the steps write of how a deployment ended."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from jarvis.deployments import record, view
from jarvis.errors import ArchiveRefused
from jarvis.workflows import events
from models import Deployment, DeploymentStatus, Service, Workflow, WorkflowStatus
from seed import Seed


def facts(seed: Seed, name: str = "shop") -> dict[str, Any]:
    deployment, workflow = seed.deployment(name)
    ids = {"workflow_id": workflow, "deployment_id": deployment}
    return {**ids, "service": name, "hosts": [f"{name}.localhost"]}


def test_it_works(seed: Seed) -> None:
    given = facts(seed)
    record.failed(given, ArchiveRefused("It leads out.", "Pack it again.", {"entry": "../x"}))
    with seed.database.get_session() as session:
        row = session.get_one(Deployment, UUID(given["deployment_id"]))
        assert row.status is DeploymentStatus.FAILED
        assert row.configuration["error"]["entry"] == "../x"
        assert row.workflow.status is WorkflowStatus.FAILED
        assert row.workflow.error_message == "It leads out."
        last = events.read(session, given["workflow_id"])[-1]
        assert (last.kind, last.data["error"]["hint"]) == (events.END, "Pack it again.")


@pytest.mark.parametrize("name", ["a\x00b", "a\\u0000b", "\ud800", "\\ud800", "\udc80x", '"', "\\", "\u2028"])
def test_a_failure_can_be_written_whatever_the_archive_held(seed: Seed, name: str) -> None:
    given = facts(seed)
    record.failed(given, ArchiveRefused(f"The entry {name} leads out.", "", {"entry": name, name: [name]}))
    harmless = name.replace("\x00", "\ufffd").replace("\ud800", "\ufffd").replace("\udc80", "\ufffd")
    with seed.database.get_session() as session:
        row = session.get_one(Deployment, UUID(given["deployment_id"]))
        assert row.configuration["error"]["entry"] == harmless
        assert row.workflow.error_message == f"The entry {harmless} leads out."
        last = events.read(session, given["workflow_id"])[-1]
        assert last.data["error"][harmless] == [harmless]


def test_a_failure_is_written_once(seed: Seed) -> None:
    given = facts(seed)
    for sentence in ("First.", "Second."):
        record.failed(given, ArchiveRefused(sentence))
    with seed.database.get_session() as session:
        assert session.get_one(Workflow, UUID(given["workflow_id"])).error_message == "First."
        kinds = [event.kind for event in events.read(session, given["workflow_id"])]
    assert kinds.count(events.END) == 1


def test_a_service_that_never_ran_is_forgotten_and_one_that_runs_is_not(seed: Seed) -> None:
    seed.live("stays")
    for name in ("new", "stays"):
        with seed.database.get_session() as session:
            if name == "new":
                session.add(Service(name=name))
        record.failed(facts(seed, name), ArchiveRefused("No."))
    with seed.database.get_session() as session:
        assert list(session.scalars(select(Service.name))) == ["stays"]


def test_nothing_of_a_removed_service_counts_when_its_name_comes_again(seed: Seed) -> None:
    seed.live("shop")
    seed.live("shop")
    record.removed(facts(seed)["workflow_id"], "shop", ["shop.localhost"])
    with seed.database.get_session() as session:
        rows = session.scalars(select(Deployment).where(Deployment.deployed_at.is_not(None)))
        assert {row.status for row in rows} == {DeploymentStatus.REMOVED}
    seed.live("shop")
    with seed.database.get_session() as session:
        service = session.scalars(select(Service)).one()
        assert view.service(session, service)["releases"] == 1


def test_a_release_that_answers_has_the_records_of_its_names(seed: Seed) -> None:
    seed.live("named")
    given = facts(seed, "named")
    hosts = ["named.localhost", "www.example.org"]
    with seed.database.get_session() as session:
        row = session.get_one(Deployment, UUID(given["deployment_id"]))
        row.configuration = {**row.configuration, "hosts": hosts}
    seen = {"reached": {"named.localhost": True, "www.example.org": False}}
    record.live(given, "http://named.localhost/", seen)
    with seed.database.get_session() as session:
        row = session.get_one(Deployment, UUID(given["deployment_id"]))
        assert [(one["domain"], one["type"], one["value"]) for one in row.configuration["records"]] == [
            ("named.localhost", "A", "127.0.0.1"),
            ("www.example.org", "A", "this machine"),
        ]
