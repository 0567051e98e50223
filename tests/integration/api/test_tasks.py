"""Tasks over the API: opened by hand, found, changed, answered once."""

from typing import Any
from uuid import UUID

import pytest

from api_lab import NOBODY, V1, Api
from jarvis.accounts.roles import Role
from jarvis.tasks.ask import Question, put
from models import TaskType, Workflow, WorkflowStatus
from services.db_service import db_service

TITLE = {"type": "verification", "title": "Look at the start page"}


def opened(api: Api, **more: Any) -> Any:
    answer = api.ask("POST", f"{V1}/tasks", json={**TITLE, **more})
    assert answer.status_code == 201, answer.text
    return answer.json


def asked(api: Api, name: str) -> tuple[str, str]:
    """A workflow that waits for a person; its id and the task's."""
    key = api.seed.deployment(name)[1]
    with db_service.get_session() as session:
        row = session.get_one(Workflow, UUID(key))
        row.status, row.service = WorkflowStatus.PAUSED, name
        task = put(session, key, "approve", Question(TaskType.APPROVAL_REQUIRED, "May it?"))
        return key, str(task.id)


def test_it_works(api: Api) -> None:
    task = opened(api, instructions={"steps": ["Open it"]}, due_at="2030-01-01T00:00:00Z", assigned_to="anna")
    assert api.get(f"/tasks/{task['id']}") == task
    done = api.ask("POST", f"{V1}/tasks/{task['id']}/done", json={"answer": {"good": True}, "note": "Fine"})
    assert done.status_code == 202
    assert done.json is not None
    assert (done.json["status"], done.json["completed_by"]) == ("completed", "admin")
    assert done.json["answer"] == {"answer": {"good": True}, "note": "Fine"}


def test_lists_are_filtered_by_what_was_asked_for(api: Api) -> None:
    task = opened(api, priority="urgent", assigned_to="filter-me")
    opened(api, assigned_to="filter-me")
    for query in ("priority=urgent", "priority=urgent&status=pending&type=verification"):
        assert [row["id"] for row in api.get(f"/tasks?assigned_to=filter-me&{query}")["items"]] == [
            task["id"]
        ]
    _, other = asked(api, "sifted")
    assert [row["id"] for row in api.get("/tasks?service=sifted")["items"]] == [other]
    api.refused("GET", f"{V1}/tasks?priority=normal", 422)


@pytest.mark.parametrize(("verb", "body"), [("done", {}), ("reject", {"reason": "No"})])
def test_an_answer_wakes_the_workflow_and_counts_once(api: Api, verb: str, body: dict[str, str]) -> None:
    workflow, task = asked(api, f"woken-{verb}")
    assert api.ask("POST", f"{V1}/tasks/{task}/{verb}", json=body).status_code == 202
    assert api.get(f"/workflows/{workflow}")["status"] == "pending"
    told = api.refused("POST", f"{V1}/tasks/{task}/{verb}", 409, json=body)
    assert "admin" in told["detail"]


def test_a_change_touches_only_what_it_names(api: Api) -> None:
    path = f"{V1}/tasks/{opened(api, assigned_to='anna', due_at='2030-01-01T00:00:00Z')['id']}"
    changed = api.ask("PATCH", path, json={"priority": "high"}).json
    assert changed is not None
    assert (changed["priority"], changed["assigned_to"]) == ("high", "anna")
    emptied = api.ask("PATCH", path, json={"due_at": None, "assigned_to": None}).json
    assert emptied is not None
    assert (emptied["due_at"], emptied["assigned_to"], emptied["priority"]) == (None, None, "high")


def test_a_change_that_has_not_seen_the_last_one_is_refused(api: Api) -> None:
    path = f"{V1}/tasks/{opened(api)['id']}"
    seen = api.ask("GET", path).headers["ETag"]
    assert api.ask("PATCH", path, json={"priority": "low"}, headers={"If-Match": seen}).status_code == 200
    api.refused("PATCH", path, 412, json={"priority": "high"}, headers={"If-Match": seen})


def test_a_closed_task_is_not_changed(api: Api) -> None:
    path = f"{V1}/tasks/{opened(api)['id']}"
    api.ask("POST", f"{path}/reject", json={"reason": "Not now"})
    assert api.get(path.removeprefix(V1))["status"] == "rejected"
    api.refused("PATCH", path, 409, json={"priority": "low"})


@pytest.mark.parametrize(
    "body",
    [
        {"type": "verification"},
        {**TITLE, "title": ""},
        {**TITLE, "title": "x" * 256},
        {**TITLE, "title": "a\x00b"},
        {**TITLE, "type": "chore"},
        {**TITLE, "due_at": "2030-01-01T00:00:00"},
        {**TITLE, "due_at": "soon"},
        {**TITLE, "instructions": {"a": "x" * 70_000}},
        {**TITLE, "instructions": ["a"]},
        {**TITLE, "unknown": 1},
    ],
    ids=lambda body: str(body)[-60:],
)
def test_what_does_not_fit_is_refused_with_a_sentence(api: Api, body: dict[str, Any]) -> None:
    assert api.refused("POST", f"{V1}/tasks", 422, json=body)["detail"].endswith(".")


@pytest.mark.parametrize("reason", [{}, {"reason": ""}, {"reason": "\x00"}])
def test_a_rejection_needs_a_reason(api: Api, reason: dict[str, str]) -> None:
    task = opened(api)["id"]
    api.refused("POST", f"{V1}/tasks/{task}/reject", 422, json=reason)
    assert api.get(f"/tasks/{task}")["status"] == "pending"


def test_answers_need_an_admin_and_a_task(api: Api) -> None:
    task = opened(api)["id"]
    for method, path, body in (
        ("POST", "/done", {}),
        ("POST", "/reject", {"reason": "No"}),
        ("PATCH", "", {"priority": "low"}),
    ):
        api.refused(method, f"{V1}/tasks/{task}{path}", 403, role=Role.VIEWER, json=body)
        api.refused(method, f"{V1}/tasks/{NOBODY}{path}", 404, json=body)
    api.refused("POST", f"{V1}/tasks", 403, role=Role.VIEWER, json=TITLE)
