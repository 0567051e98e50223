"""What the API answers of workflows and tasks, for the types of the client. Newer ones may add members."""

from typing import Any, Literal, NotRequired, TypedDict

Verb = Literal["cancel", "pause", "resume", "retry"]


class Step(TypedDict):
    """The newest run of one step of a workflow."""

    name: str
    number: int
    title: str
    status: Literal["running", "waiting", "done", "failed"]
    attempt: int
    started_at: str | None
    deadline_at: str | None
    ended_at: str | None
    said: str | None
    error: dict[str, Any] | None


class Task(TypedDict):
    """One thing that a person is asked to do."""

    id: str
    workflow_id: str | None
    title: str
    description: str | None
    task_type: str
    status: str
    priority: str
    instructions: dict[str, Any]
    assigned_to: str | None
    due_at: str | None
    completed_at: str | None
    completed_by: str | None
    answer: dict[str, Any] | None
    created_at: str


class Workflow(TypedDict):
    """One run of a procedure; steps, tasks and verbs are there where one is shown, not in lists."""

    id: str
    name: str
    workflow_type: str
    status: Literal["pending", "running", "completed", "failed", "paused"]
    current_step: int
    total_steps: int
    created_by: str
    started_at: str | None
    completed_at: str | None
    error_message: str | None
    metadata: dict[str, Any]
    service: str | None
    wish: str | None
    created_at: str
    steps: NotRequired[list[Step]]
    tasks: NotRequired[list[Task]]
    can: NotRequired[list[Verb]]
