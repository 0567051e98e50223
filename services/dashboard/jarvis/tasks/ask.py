"""Ask a person for something, once, and take note of the answer."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Task, TaskPriority, TaskStatus, TaskType

OPEN = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)


def _open(session: Session, key: str) -> Task | None:
    query = select(Task).where(Task.task_metadata["key"].astext == key, Task.status.in_(OPEN))
    return session.scalars(query.limit(1)).first()


def ask(
    session: Session,
    *,
    key: str,
    kind: TaskType,
    title: str,
    description: str,
    instructions: dict[str, Any],
    workflow_id: str,
    priority: TaskPriority = TaskPriority.MEDIUM,
) -> Task:
    """Open a task, or give the open one with the same `key`, in the caller's transaction."""
    task = _open(session, key)
    if task is None:
        task = Task(title=title[:255], task_type=kind, priority=priority, task_metadata={"key": key})
        session.add(task)
    task.workflow_id = UUID(workflow_id)
    task.description = description
    task.instructions = instructions
    session.flush()
    return task


def settle(session: Session, key: str, status: TaskStatus, by: str) -> bool:
    """Close the open task with this `key`; False when there is none."""
    task = _open(session, key)
    if task is None:
        return False
    task.status = status
    task.completed_at = datetime.now(UTC)
    task.completed_by = by
    return True


def open_keys(session: Session, kind: TaskType) -> list[str]:
    """The keys of all open tasks of one kind."""
    query = select(Task.task_metadata["key"].astext).where(Task.task_type == kind, Task.status.in_(OPEN))
    return [key for key in session.scalars(query) if key]
