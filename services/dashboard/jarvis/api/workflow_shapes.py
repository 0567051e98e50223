"""The shapes of requests and answers of workflows."""

from typing import Any, Literal

import msgspec

from jarvis.api.shapes import TaskRow, WorkflowRow


class StepRow(msgspec.Struct):
    """The newest run of one step: running, waiting, done or failed."""

    name: str
    number: int
    title: str
    status: str
    life: int
    attempt: int
    worker: str | None
    started_at: str | None
    alive_at: str | None
    deadline_at: str | None
    ended_at: str | None
    said: str | None
    error: dict[str, Any] | None


class WorkflowDetail(WorkflowRow):
    """A workflow with its steps, its open tasks, and the verbs that may be asked of it now."""

    steps: list[StepRow]
    tasks: list[TaskRow]
    can: list[str]


class WorkflowRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Ask for a workflow by its type.

    A deployment takes `artifact_id`, `service` and `domain`; a rollback `service` and, if it is to be a
    certain version, `deployment_id`; a removal `service`. `metadata` is kept with the workflow.
    """

    type: Literal["deployment", "rollback", "remove"]
    service: str = ""
    domain: str = ""
    artifact_id: str = ""
    deployment_id: str = ""
    metadata: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])


class RetryRequest(msgspec.Struct, forbid_unknown_fields=True, rename={"origin": "from"}):
    """Begin again: from the step that `failed`, or from the `start`."""

    origin: Literal["failed", "start"] = "failed"


_TIME = "2026-03-02T09:30:00+00:00"
_WORKFLOW = "6b1f7a52-8f0e-4a53-b1e3-0c9f0b6c1d22"

SHOWN = {
    "id": _WORKFLOW,
    "name": "Deploy mysite to mysite.localhost",
    "workflow_type": "deployment",
    "status": "running",
    "current_step": 1,
    "total_steps": 5,
    "created_by": "anna",
    "started_at": _TIME,
    "completed_at": None,
    "error_message": None,
    "metadata": {"service": "mysite"},
    "service": "mysite",
    "queue": "mysite",
    "wish": None,
    "wished_by": None,
    "life": 1,
    "wake_at": None,
    "created_at": _TIME,
    "updated_at": _TIME,
    "steps": [
        {
            "name": "unpack",
            "number": 1,
            "title": "Unpacking the artifact",
            "status": "running",
            "life": 1,
            "attempt": 1,
            "worker": "worker-1",
            "started_at": _TIME,
            "alive_at": _TIME,
            "deadline_at": "2026-03-02T09:31:00+00:00",
            "ended_at": None,
            "said": None,
            "error": None,
        }
    ],
    "tasks": [],
    "can": ["pause", "cancel"],
}
"""A workflow in the middle of its work, for the manual."""
