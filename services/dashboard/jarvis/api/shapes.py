"""The shapes of requests and answers. Requests are checked against them; a test holds the answers to them."""

from typing import Any

import msgspec


class Problem(msgspec.Struct):
    """An error (RFC 9457). Further members carry facts, such as `rule` and `entry` of a refused archive."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    hint: str


class WorkflowRow(msgspec.Struct):
    """One run of a procedure."""

    id: str
    name: str
    workflow_type: str
    status: str
    current_step: int
    total_steps: int
    created_by: str
    started_at: str | None
    completed_at: str | None
    error_message: str | None
    metadata: dict[str, Any]
    service: str | None
    queue: str | None
    wish: str | None
    wished_by: str | None
    life: int
    wake_at: str | None
    created_at: str
    updated_at: str


class EventRow(msgspec.Struct):
    """One line of a workflow's story."""

    sequence: int
    kind: str
    step: str | None
    message: str
    data: dict[str, Any]
    time: str


class LogRow(EventRow):
    """One line of a service's story."""

    deployment_id: str


class TaskRow(msgspec.Struct):
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
    metadata: dict[str, Any]
    key: str | None
    answer: dict[str, Any] | None
    created_at: str
    updated_at: str


class DomainRow(msgspec.Struct):
    """One DNS record."""

    id: str
    deployment_id: str | None
    domain: str
    record_type: str
    value: str
    ttl: int
    priority: int | None
    status: str
    auto_managed: bool
    verified_at: str | None
    metadata: dict[str, Any]
    created_at: str
    updated_at: str


class Workflows(msgspec.Struct):
    """A page of workflows."""

    items: list[WorkflowRow]
    next: str | None


class Events(msgspec.Struct):
    """A page of events, oldest first; `next` is the sequence to give as `after`."""

    items: list[EventRow]
    next: int | None


class Logs(msgspec.Struct):
    """The last lines of a service's story, oldest first."""

    items: list[LogRow]


class Tasks(msgspec.Struct):
    """A page of tasks."""

    items: list[TaskRow]
    next: str | None


class Domains(msgspec.Struct):
    """A page of DNS records."""

    items: list[DomainRow]
    next: str | None


class Health(msgspec.Struct):
    """Whether Jarvis can work."""

    healthy: bool
    version: str
    database: dict[str, Any]
    migrations: dict[str, Any]


class Accepted(msgspec.Struct):
    """The work was asked for; follow `/api/v1/workflows/{workflow_id}/events`."""

    workflow_id: str


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """The address says all of it."""
