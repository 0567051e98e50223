"""Ask a person for something, once, and take note of the answer."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.webhooks import about
from jarvis.webhooks.tell import tell
from jarvis.workflows import events
from models import Task, TaskPriority, TaskStatus, TaskType, Workflow

OPEN = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)

Json = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """What a step of a workflow asks a person.

    Attributes:
        type: What kind of thing is asked.
        title: One line.
        description: Why, and what happens then.
        instructions: What to do, step by step, for pages and programs.
        priority: How urgent it is.
        assigned_to: Who is meant, where it is somebody.
        due_at: When it expires; the workflow goes on then, without an answer.
    """

    type: TaskType
    title: str
    description: str = ""
    instructions: Json = field(default_factory=dict[str, Any])
    priority: TaskPriority = TaskPriority.MEDIUM
    assigned_to: str | None = None
    due_at: datetime | None = None


def _open(session: Session, key: str) -> Task | None:
    query = select(Task).where(Task.key == key, Task.status.in_(OPEN))
    return session.scalars(query.limit(1)).first()


def step_key(workflow_id: str, step: str) -> str:
    """The key of the task that a step of a workflow waits for."""
    return f"step:{workflow_id}:{step}"


def ask(
    session: Session,
    *,
    key: str,
    kind: TaskType,
    title: str,
    description: str,
    instructions: Json,
    workflow_id: str,
    priority: TaskPriority = TaskPriority.MEDIUM,
) -> Task:
    """Open a task that nothing waits for, or give the open one with the same `key`."""
    task = _open(session, key)
    is_new = task is None
    if task is None:
        task = Task(title=title[:255], task_type=kind, priority=priority, key=key)
        session.add(task)
    task.workflow_id = UUID(workflow_id)
    task.description = description
    task.instructions = instructions
    session.flush()
    if is_new:
        told(session, "task.opened", task)
    return task


def put(session: Session, workflow_id: str, step: str, question: Question) -> Task:
    """Open the task that a step waits for, or give the open one."""
    key = step_key(workflow_id, step)
    task = _open(session, key)
    if task is not None:
        return task
    task = Task(
        title=question.title[:255],
        task_type=question.type,
        priority=question.priority,
        description=question.description,
        instructions=events.storable(question.instructions),
        assigned_to=question.assigned_to,
        due_at=question.due_at,
        key=key,
        workflow_id=UUID(workflow_id),
    )
    session.add(task)
    session.flush()
    data = {"task": str(task.id), "type": task.task_type.value, "priority": task.priority.value}
    events.append(session, workflow_id, "asked", f"Asked a person: {task.title}", step=step, data=data)
    told(session, "task.opened", task)
    return task


def told(session: Session, event: str, task: Task) -> None:
    """Let the webhooks know of a task."""
    workflow = session.get(Workflow, task.workflow_id) if task.workflow_id else None
    tell(session, event, about.task(task, workflow.service if workflow else None))


def answer_to(session: Session, workflow_id: str, step: str) -> Json | None:
    """What was answered to a step's question; None while nobody did."""
    query = (
        select(Task).where(Task.key == step_key(workflow_id, step)).order_by(Task.created_at.desc()).limit(1)
    )
    task = session.scalars(query).first()
    if task is None or task.status in OPEN:
        return None
    said = task.answer or {}
    return {
        "status": task.status.value,
        "answer": said.get("answer", {}),
        "note": said.get("note", ""),
        "by": task.completed_by,
    }


def settle(session: Session, key: str, status: TaskStatus, by: str) -> bool:
    """Close the open task with this `key`; False when there is none."""
    task = _open(session, key)
    if task is None:
        return False
    task.status = status
    task.completed_at = datetime.now(UTC)
    task.completed_by = by
    told(session, "task.closed", task)
    return True


def open_keys(session: Session, kind: TaskType) -> list[str]:
    """The keys of all open tasks of one kind."""
    query = select(Task.key).where(Task.task_type == kind, Task.status.in_(OPEN))
    return [key for key in session.scalars(query) if key]
