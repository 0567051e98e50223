"""Workflows over the API: lists with filters, one with its steps, and the verbs that steer it."""

from typing import Any
from uuid import UUID

import pytest

from api_lab import NOBODY, V1, Api
from jarvis.accounts.roles import Role
from jarvis.tasks.ask import Question, put
from models import TaskType, Workflow, WorkflowStatus, WorkflowStep
from services.db_service import db_service


def made(api: Api, name: str, status: WorkflowStatus = WorkflowStatus.RUNNING, **facts: Any) -> str:
    """A workflow as the worker leaves it."""
    key = api.seed.deployment(name)[1]
    with db_service.get_session() as session:
        row = session.get_one(Workflow, UUID(key))
        row.status, row.service = status, name
        for column, value in facts.items():
            setattr(row, column, value)
    return key


def post(api: Api, path: str, **body: Any) -> Any:
    answer = api.ask("POST", V1 + path, json=body)
    assert answer.status_code == 202, answer.text
    return answer.json


def test_it_works(api: Api) -> None:
    key = made(api, "seen", total_steps=2, current_step=1)
    with db_service.get_session() as session:
        for number, (name, status) in enumerate((("unpack", "done"), ("switch", "running")), 1):
            session.add(
                WorkflowStep(
                    workflow_id=UUID(key), name=name, number=number, title=name.title(), status=status
                )
            )
    shown = api.get(f"/workflows/{key}")
    assert [(step["name"], step["status"], step["attempt"]) for step in shown["steps"]] == [
        ("unpack", "done", 1),
        ("switch", "running", 1),
    ]
    assert shown["can"] == ["pause", "cancel"]
    assert shown["tasks"] == []


def test_lists_are_filtered_by_what_was_asked_for(api: Api) -> None:
    one = made(api, "sieve", WorkflowStatus.FAILED, created_by="kim", workflow_type="rollback")
    made(api, "sieve", WorkflowStatus.PAUSED)
    for query in ("status=failed", "type=rollback", "created_by=kim", "status=failed&created_by=kim"):
        found = api.get(f"/workflows?service=sieve&{query}")["items"]
        assert [row["id"] for row in found] == [one], query
    assert len(api.get("/workflows?service=sieve")["items"]) == 2
    assert api.get("/workflows?service=sieve&since=2100-01-01T00:00:00Z")["items"] == []


@pytest.mark.parametrize(
    ("status", "verb", "wish", "after"),
    [
        (WorkflowStatus.RUNNING, "cancel", "cancel", "running"),
        (WorkflowStatus.RUNNING, "pause", "pause", "running"),
        (WorkflowStatus.PAUSED, "resume", None, "pending"),
        (WorkflowStatus.FAILED, "retry", None, "pending"),
    ],
)
def test_a_verb_is_taken_note_of(
    api: Api, status: WorkflowStatus, verb: str, wish: str | None, after: str
) -> None:
    key = made(api, f"verb-{verb}", status)
    row = post(api, f"/workflows/{key}/{verb}")
    assert (row["wish"], row["status"]) == (wish, after)


@pytest.mark.parametrize("verb", ["cancel", "pause", "resume", "retry"])
def test_a_completed_workflow_takes_no_verb(api: Api, verb: str) -> None:
    key = made(api, "over", WorkflowStatus.COMPLETED)
    assert api.get(f"/workflows/{key}")["can"] == []
    told = api.refused("POST", f"{V1}/workflows/{key}/{verb}", 409, json={})
    assert told["detail"] == f"Cannot {verb} a completed workflow."


@pytest.mark.parametrize("verb", ["cancel", "pause", "resume", "retry"])
def test_a_verb_needs_an_admin_and_a_workflow(api: Api, verb: str) -> None:
    key = made(api, "guarded", WorkflowStatus.FAILED)
    api.refused("POST", f"{V1}/workflows/{key}/{verb}", 403, role=Role.VIEWER, json={})
    api.refused("POST", f"{V1}/workflows/{NOBODY}/{verb}", 404, json={})
    api.refused("POST", f"{V1}/workflows/nonsense/{verb}", 404, json={})


@pytest.mark.parametrize(("origin", "left"), [("failed", ["unpack"]), ("start", [])])
def test_a_retry_begins_where_it_is_told(api: Api, origin: str, left: list[str]) -> None:
    key = made(api, f"again-{origin}", WorkflowStatus.FAILED)
    with db_service.get_session() as session:
        for number, (name, status) in enumerate((("unpack", "done"), ("switch", "failed")), 1):
            session.add(
                WorkflowStep(workflow_id=UUID(key), name=name, number=number, title=name, status=status)
            )
    post(api, f"/workflows/{key}/retry", **{"from": origin})
    assert [step["name"] for step in api.get(f"/workflows/{key}")["steps"]] == left
    api.refused("POST", f"{V1}/workflows/{key}/retry", 422, json={"from": "middle"})


def test_a_workflow_that_waits_for_a_person_shows_the_task_and_is_not_resumed(api: Api) -> None:
    key = made(api, "asks", WorkflowStatus.PAUSED)
    with db_service.get_session() as session:
        put(session, key, "approve", Question(TaskType.APPROVAL_REQUIRED, "May it?"))
    shown = api.get(f"/workflows/{key}")
    assert [task["title"] for task in shown["tasks"]] == ["May it?"]
    assert shown["can"] == ["cancel"]
    api.refused("POST", f"{V1}/workflows/{key}/resume", 409, json={})


def test_a_deployment_is_asked_for_by_its_type(api: Api) -> None:
    artifact = api.upload()["id"]
    row = post(
        api, "/workflows", type="deployment", service="typed", artifact_id=artifact, metadata={"ticket": 7}
    )
    assert (row["workflow_type"], row["service"], row["status"]) == ("deployment", "typed", "pending")
    assert row["metadata"] == {"ticket": 7, "service": "typed"}
    assert api.get("/deployments?service=typed")["items"][0]["workflow_id"] == row["id"]


def test_a_removal_and_a_rollback_are_asked_for_by_their_type(api: Api) -> None:
    first = api.seed.live("turned")
    api.seed.live("turned")
    back = post(api, "/workflows", type="rollback", service="turned", deployment_id=first)
    assert back["workflow_type"] == "rollback"
    gone = post(api, "/workflows", type="remove", service="turned", metadata={"service": "another"})
    assert gone["metadata"]["service"] == "turned"


@pytest.mark.parametrize(
    "body",
    [
        {"type": "deployment"},
        {"type": "rollback"},
        {"type": "remove"},
        {"type": "nonsense", "service": "a"},
        {"type": "remove", "service": "a", "artifact_id": NOBODY},
        {"type": "remove", "service": "a", "metadata": {"a": "x" * 70_000}},
        {"type": "remove", "service": "a", "metadata": {"a": "\x00"}},
        {"type": "remove", "service": "a", "metadata": {"a\x00": 1}},
        {"type": "remove", "service": "\x00"},
    ],
    ids=lambda body: str(body)[:60],
)
def test_what_does_not_fit_is_refused_with_a_sentence(api: Api, body: dict[str, Any]) -> None:
    assert api.refused("POST", f"{V1}/workflows", 422, json=body)["detail"].endswith(".")


@pytest.mark.parametrize(("levels", "status"), [(20, 422), (100_000, 400)])
def test_what_is_nested_too_deep_is_refused(api: Api, levels: int, status: int) -> None:
    deep = b'{"type": "remove", "service": "a", "metadata": {"a": ' + b"[" * levels + b"]" * levels + b"}}"
    options = {"data": deep, "content_type": "application/json"}
    assert "nested" in api.refused("POST", f"{V1}/workflows", status, **options)["detail"]


def test_a_stream_behind_the_end_of_a_workflow_says_that_nothing_follows(api: Api) -> None:
    key = api.get(f"/deployments/{api.seed.live('told')}")["workflow_id"]
    last = api.get(f"/workflows/{key}/events")["items"][-1]["sequence"]
    stream = {"Accept": "text/event-stream"}
    path = f"{V1}/workflows/{key}/events"
    assert api.ask("GET", f"{path}?after={last}", headers=stream).status_code == 204
    assert "event: end" in api.ask("GET", f"{path}?after={last - 1}", headers=stream).text
