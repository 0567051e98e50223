"""Close a task, and wake who waits for it, in one transaction."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.errors import Conflict, NotFound
from jarvis.tasks.ask import OPEN, step_key, told
from jarvis.workflows import events, request
from models import Task, TaskStatus, Workflow, WorkflowStatus

_PAST = {
    TaskStatus.COMPLETED: "done",
    TaskStatus.REJECTED: "rejected",
    TaskStatus.EXPIRED: "expired",
    TaskStatus.CANCELLED: "cancelled",
}


def done(
    session: Session, task_id: str, by: str, answer: dict[str, Any] | None = None, note: str = ""
) -> Task:
    """It is done.

    Raises:
        NotFound: There is no such task.
        Conflict: It is closed already.
    """
    return _close(session, _find(session, task_id), TaskStatus.COMPLETED, by, answer or {}, note)


def reject(session: Session, task_id: str, by: str, reason: str) -> Task:
    """It will not be done; `reason` says why.

    Raises:
        NotFound: There is no such task.
        Conflict: It is closed already.
    """
    return _close(session, _find(session, task_id), TaskStatus.REJECTED, by, {}, reason)


def cancel_all(session: Session, workflow_id: str, by: str) -> int:
    """Close the open tasks that steps of this workflow wait for, without waking it; returns how many."""
    query = select(Task).where(Task.key.startswith(step_key(workflow_id, "")), Task.status.in_(OPEN))
    found = list(session.scalars(query.with_for_update()))
    for task in found:
        _mark(session, task, TaskStatus.CANCELLED, by, {}, "The workflow was cancelled.")
    return len(found)


def expire(session: Session, now: datetime, most: int = 100) -> int:
    """Close the tasks whose time has passed; who waits for them goes on. Returns how many."""
    query = select(Task).where(Task.status.in_(OPEN), Task.due_at <= now, Task.key.startswith("step:"))
    found = list(session.scalars(query.limit(most).with_for_update(skip_locked=True)))
    for task in found:
        _close(session, task, TaskStatus.EXPIRED, "jarvis", {}, "Nobody answered in time.")
    return len(found)


def _find(session: Session, task_id: str) -> Task:
    task = session.get(Task, uuid.UUID(task_id), with_for_update=True)
    if task is None:
        raise NotFound(f"There is no task {task_id}.", "See jarvis tasks list.")
    if task.status not in OPEN:
        at = f" at {task.completed_at:%Y-%m-%d %H:%M} UTC" if task.completed_at else ""
        raise Conflict(
            f"The task is closed: {_PAST[task.status]} by {task.completed_by or 'Jarvis'}{at}.",
            "An answer counts once. What was decided can be changed by a new deploy or a new task.",
            {"status": task.status.value, "by": task.completed_by},
        )
    return task


def _mark(
    session: Session, task: Task, status: TaskStatus, by: str, answer: dict[str, Any], note: str
) -> None:
    task.status = status
    task.completed_at = datetime.now(UTC)
    task.completed_by = by
    task.answer = events.storable({"answer": answer, "note": note})
    if task.workflow_id is not None:
        words = f"{task.title}: {_PAST[status]} by {by}" + (f" ({note})" if note else "")
        data = {"task": str(task.id), "status": status.value, "by": by}
        events.append(session, str(task.workflow_id), "answered", words, data=data)
    session.flush()
    told(session, "task.closed", task)


def _close(
    session: Session, task: Task, status: TaskStatus, by: str, answer: dict[str, Any], note: str
) -> Task:
    _mark(session, task, status, by, answer, note)
    if task.workflow_id is not None and (task.key or "").startswith(step_key(str(task.workflow_id), "")):
        workflow = session.get(Workflow, task.workflow_id, with_for_update=True)
        if workflow is not None and workflow.status is WorkflowStatus.PAUSED:
            request.wake(session, workflow, f"Answered by {by}")
    session.flush()
    return task
