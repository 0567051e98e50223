"""A workflow as it is shown: its row, its steps, its open tasks, and what may be asked of it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.tasks.ask import OPEN, step_key
from jarvis.workflows import control
from models import Task, Workflow, WorkflowStep

Json = dict[str, Any]


def steps(session: Session, row: Workflow) -> list[WorkflowStep]:
    """Its steps in their order."""
    query = select(WorkflowStep).where(WorkflowStep.workflow_id == row.id)
    return list(session.scalars(query.order_by(WorkflowStep.number, WorkflowStep.started_at)))


def tasks(session: Session, row: Workflow) -> list[Task]:
    """Its open tasks, oldest first."""
    query = select(Task).where(Task.workflow_id == row.id, Task.status.in_(OPEN))
    return list(session.scalars(query.order_by(Task.created_at, Task.id)))


def can(row: Workflow, asked: list[Task]) -> list[str]:
    """The verbs that may be asked of it now. One that waits for a person goes on by the answer alone."""
    waits = any((task.key or "").startswith(step_key(str(row.id), "")) for task in asked)
    return [verb for verb in control.verbs(row) if verb != "resume" or not waits]


def whole(session: Session, row: Workflow) -> Json:
    """All of it, ready for JSON."""
    asked = tasks(session, row)
    told = [step.to_dict() for step in steps(session, row)]
    for step in told:
        del step["workflow_id"]
    return {
        **row.to_dict(),
        "steps": told,
        "tasks": [task.to_dict() for task in asked],
        "can": can(row, asked),
    }
