"""Every answer has the declared shape, field by field; `Api.ask` compares."""

import hashlib
from uuid import UUID

import pytest

from api_lab import V1, Api
from jarvis.api.operation import OPERATIONS
from jarvis.tasks.ask import ask
from models import Artifact, DomainRecord, TaskType
from services.db_service import db_service

SHA = hashlib.sha256(b"<p>1").hexdigest()
"""Of what `Api.upload` hands in."""


@pytest.fixture(scope="module")
def ids(api: Api) -> dict[str, str]:
    """Something of every kind, so that no list is empty."""
    older = api.seed.live("full")
    deployment = api.seed.live("full")
    failed, _ = api.seed.deployment("broken")
    api.seed.fail(failed, "It was refused.", "Pack it again.", entry="a", rule="outside")
    row = api.get(f"/deployments/{deployment}")
    with db_service.get_session() as session:
        task = ask(
            session,
            key="dns:full.example.com",
            kind=TaskType.DNS_MANUAL,
            title="Point it here",
            description="Please.",
            instructions={"records": []},
            workflow_id=row["workflow_id"],
        )
        record = DomainRecord(domain="full.localhost", record_type="A", value="127.0.0.1")
        session.add(record)
        session.flush()
        return {
            "artifacts": api.upload()["id"],
            "deployments": deployment,
            "workflows": row["workflow_id"],
            "tasks": str(task.id),
            "domains": str(record.id),
            "older": older,
        }


@pytest.mark.parametrize("noun", ["artifacts", "deployments", "workflows", "tasks", "domains"])
def test_it_works(api: Api, ids: dict[str, str], noun: str) -> None:
    row = api.get(f"/{noun}/{ids[noun]}")
    assert row["id"] == ids[noun]
    listed = next(item for item in api.get(f"/{noun}")["items"] if item["id"] == ids[noun])
    assert listed == {member: row[member] for member in listed}, "one alone may tell more"


def test_services_and_their_story(api: Api, ids: dict[str, str]) -> None:
    row = api.get("/services/full")
    assert row["deployment_id"] == ids["deployments"]
    assert (row["hosts"], row["urls"]) == (["full.localhost"], ["http://full.localhost:8080/"])
    assert {item["id"] for item in row["deployments"]} == {ids["deployments"], ids["older"]}
    assert {name: row[name] for name in row if name != "deployments"} in api.get("/services")["items"]
    story = api.get("/services/full/logs?limit=200")["items"]
    assert story[0]["kind"] == "queued"
    assert {line["deployment_id"] for line in story} == {ids["deployments"], ids["older"]}


def test_health_and_events(api: Api, ids: dict[str, str]) -> None:
    health = api.get("/health")
    assert health["healthy"]
    assert health["migrations"]["up_to_date"]
    lines = api.get(f"/workflows/{ids['workflows']}/events")["items"]
    assert [line["sequence"] for line in lines] == list(range(1, len(lines) + 1))


def test_what_is_asked_for_is_answered_with_its_row(api: Api, ids: dict[str, str]) -> None:
    row = api.deploy(name="new", domain="new.localhost")
    assert (row["status"], row["url"]) == ("pending", "http://new.localhost:8080/")
    back = api.ask("POST", f"{V1}/services/full/rollback", json={"deployment_id": ids["older"]}).json
    assert back
    assert back["configuration"]["rolled_back_to"] == ids["older"]
    gone = api.ask("DELETE", f"{V1}/services/full").json
    assert gone
    assert api.get(f"/workflows/{gone['workflow_id']}")["workflow_type"] == "remove"


def test_every_operation_declares_its_answers() -> None:
    assert all(item.answers for item in OPERATIONS)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("deployments?service=full&status=running", True),
        ("deployments?service=full&status=failed", False),
        ("deployments?service=broken&status=failed", True),
        ("workflows?service=full&type=deployment&status=completed", True),
        ("workflows?service=full&type=remove&status=failed", False),
        ("tasks?status=pending&type=dns_manual", True),
        ("tasks?status=expired", False),
        ("domains?domain=FULL.localhost&status=pending", True),
        ("domains?domain=nobody.example", False),
        ("artifacts?file_type=single_file", True),
        ("artifacts?file_type=tar", False),
        ("artifacts?uploaded_by=admin", True),
        ("artifacts?uploaded_by=nobody", False),
        ("artifacts?q=INDEX", True),
        ("artifacts?q=ndex.ht&file_type=single_file&uploaded_by=admin", True),
        ("artifacts?q=%25", False),
        ("artifacts?q=index_html", False),
        ("artifacts?q=", True),
        (f"artifacts?checksum={SHA}", True),
        (f"artifacts?checksum={SHA.upper()}", True),
        (f"artifacts?checksum={'0' * 64}", False),
        ("artifacts?service_type=nothing", False),
    ],
)
def test_filters_find_what_they_name(api: Api, ids: dict[str, str], query: str, found: bool) -> None:
    assert bool(api.get(f"/{query}")["items"]) is found


def test_artifacts_are_found_by_what_they_are(api: Api, ids: dict[str, str]) -> None:
    with db_service.get_session() as session:
        session.get_one(Artifact, UUID(ids["artifacts"])).detected_service_type = "static"
    rows = api.get("/artifacts?service_type=static")["items"]
    assert [row["id"] for row in rows] == [ids["artifacts"]]
    api.refused("GET", f"{V1}/artifacts?checksum=x", 422)
