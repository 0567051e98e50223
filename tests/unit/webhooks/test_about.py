"""What a message says is what the documentation says."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pages
from jarvis.webhooks import about, kinds
from models import Deployment, DeploymentStatus, Task, TaskStatus, TaskType, Workflow, WorkflowStatus

KEY = UUID("0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11")
THEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PROBLEM = {
    "code": "archive_refused",
    "detail": "The archive holds a path that leads out of it.",
    "hint": "Make the archive anew from the folder itself.",
    "entry": "../../etc/passwd",
}
DOCS = (pages.ROOT / "docs/webhooks.md").read_text(encoding="utf-8")


def workflow(**more: Any) -> Workflow:
    facts = {"name": "Deploy shop to shop.example.org", "workflow_type": "deployment", "service": "shop"}
    status = WorkflowStatus.FAILED
    return Workflow(id=KEY, status=status, created_by="anna", created_at=THEN, **facts, **more)


def documented() -> dict[str, Any]:
    (example,) = re.findall(r"```json\n(.*?)```", DOCS, re.DOTALL)
    return json.loads(example)


def test_it_works() -> None:
    told = about.workflow(workflow(started_at=THEN, completed_at=THEN), PROBLEM)
    shown = documented()["data"]
    times = {name: told[name] for name in ("created_at", "started_at", "ended_at")}
    assert {**shown, **times} == told
    assert list(shown) == list(told)


def test_every_kind_has_the_same_members() -> None:
    deployment = Deployment(
        id=KEY,
        service_name="shop",
        domain="shop.example.org",
        status=DeploymentStatus.RUNNING,
        configuration={},
    )
    task = Task(id=KEY, title="Set a record", task_type=TaskType.DNS_MANUAL, status=TaskStatus.PENDING)
    members = list(documented()["data"])
    told = [
        about.workflow(workflow()),
        about.deployment(deployment, "http://shop.example.org/"),
        about.task(task, "shop"),
    ]
    for each in told:
        assert list(each) == members
        assert json.loads(json.dumps(each)) == each
        assert each["service"] == "shop"
    assert [each["status"] for each in told] == ["failed", "running", "pending"]
    assert [each["type"] for each in told] == ["deployment", None, "dns_manual"]
    assert told[1]["site"] == "http://shop.example.org/"


def test_the_error_of_a_deployment_is_the_one_that_was_kept() -> None:
    row = Deployment(
        id=KEY, service_name="shop", status=DeploymentStatus.FAILED, configuration={"error": PROBLEM}
    )
    assert about.deployment(row)["error"] == documented()["data"]["error"]


def test_an_error_without_a_problem_object_is_told_too() -> None:
    told = about.workflow(workflow(error_message="It broke."))
    assert told["error"] == {"code": "error", "message": "It broke.", "hint": ""}


def test_facts_of_an_error_stay_here_and_long_words_are_cut() -> None:
    told = about.workflow(workflow(), {**PROBLEM, "detail": "x" * 10_000})
    assert set(told["error"]) == {"code", "message", "hint"}
    assert len(told["error"]["message"]) == about.LONGEST_ERROR


def test_what_a_person_is_asked_is_not_told_further() -> None:
    task = Task(
        id=KEY,
        title="Set a record",
        task_type=TaskType.DNS_MANUAL,
        status=TaskStatus.PENDING,
        instructions={"value": "hidden-value"},
        answer={"answer": {"word": "hidden-answer"}},
    )
    assert "hidden" not in json.dumps(about.task(task))


def test_every_event_is_documented_with_its_sentence() -> None:
    table = dict(re.findall(r"^\| `(\w+\.\w+)` \| (.+?) \|$", DOCS, re.MULTILINE))
    assert table == kinds.EVENTS
