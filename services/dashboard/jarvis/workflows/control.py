"""Pause, resume, cancel and retry a workflow. The wish and what follows from it are one transaction."""

import uuid
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from jarvis.engine.state import forget
from jarvis.engine.terms import life_id
from jarvis.errors import Conflict, NotFound
from jarvis.tasks import answer
from jarvis.tasks.ask import OPEN, step_key
from jarvis.workflows import events, ledger
from jarvis.workflows.request import wake
from jarvis.workflows.story import BEGIN
from models import StepStatus, Task, Workflow, WorkflowStatus, WorkflowStep

_WHAT_NOW = {
    WorkflowStatus.PENDING: "It waits for a worker.",
    WorkflowStatus.RUNNING: "It runs; pause or cancel it first.",
    WorkflowStatus.PAUSED: "It is paused: resume or cancel it.",
    WorkflowStatus.COMPLETED: "It has done its work; ask for a new one.",
    WorkflowStatus.FAILED: "It has ended; retry begins it again.",
}


def verbs(workflow: Workflow) -> list[str]:
    """What may be asked of a workflow now."""
    if workflow.status is WorkflowStatus.FAILED:
        return ["retry"]
    if workflow.status is WorkflowStatus.COMPLETED:
        return []
    if workflow.wish == "cancel":
        return []
    return ["resume", "cancel"] if workflow.status is WorkflowStatus.PAUSED else ["pause", "cancel"]


def cancel(session: Session, workflow_id: str, by: str) -> Workflow:
    """Call a workflow off; what it did is undone, and then it has failed with the code `cancelled`.

    Raises:
        NotFound: There is no such workflow.
        Conflict: It has ended, or is being cancelled.
    """
    row = _find(session, workflow_id, "cancel")
    running = row.status is WorkflowStatus.RUNNING
    row.wish, row.wished_by = "cancel", by
    events.append(session, workflow_id, "wish", f"{by} cancels it", data={"wish": "cancel", "by": by})
    if not running:
        forget(session, [life_id(workflow_id, row.life)])
        answer.cancel_all(session, workflow_id, by)
        wake(session, row, "Cancelled", queue=f"cancel:{workflow_id}")
    session.flush()
    return row


def pause(session: Session, workflow_id: str, by: str) -> Workflow:
    """Let a workflow stop after the step in hand.

    Raises:
        NotFound: There is no such workflow.
        Conflict: It does not run.
    """
    row = _find(session, workflow_id, "pause")
    if row.status is WorkflowStatus.RUNNING:
        row.wish, row.wished_by = "pause", by
        events.append(session, workflow_id, "wish", f"{by} pauses it", data={"wish": "pause", "by": by})
    else:
        forget(session, [life_id(workflow_id, row.life)])
        ledger.pause(session, workflow_id, f"Paused by {by}", {"by": by})
    session.flush()
    return row


def resume(session: Session, workflow_id: str, by: str) -> Workflow:
    """Let a paused workflow go on where it stopped; one that waits for a time goes on now.

    Raises:
        NotFound: There is no such workflow.
        Conflict: It is not paused, or waits for a person.
    """
    row = _find(session, workflow_id, "resume")
    asked = _asked(session, workflow_id)
    if asked is not None:
        raise Conflict(
            f"It waits for the answer to “{asked.title}”.",
            f"Answer it: jarvis tasks done {asked.id}, or jarvis tasks reject {asked.id}.",
            {"task": str(asked.id)},
        )
    session.execute(
        update(WorkflowStep)
        .where(WorkflowStep.workflow_id == row.id, WorkflowStep.status == StepStatus.WAITING)
        .values(deadline_at=events.NOW)
    )
    wake(session, row, f"Resumed by {by}")
    session.flush()
    return row


def retry(session: Session, workflow_id: str, by: str, *, start: bool = False) -> Workflow:
    """Begin a failed workflow again.

    Args:
        session: The transaction.
        workflow_id: Which.
        by: Who asks.
        start: From its first step; else from the step that failed, with what the others came to.

    Raises:
        NotFound: There is no such workflow.
        Conflict: It has not failed.
    """
    row = _find(session, workflow_id, "retry")
    gone = delete(WorkflowStep).where(WorkflowStep.workflow_id == row.id)
    if not start:
        # What it was about is looked at anew: a failed workflow has put things back since.
        gone = gone.where((WorkflowStep.name == BEGIN) | (WorkflowStep.status != StepStatus.DONE))
    session.execute(gone)
    session.execute(update(Task).where(Task.key.startswith(step_key(workflow_id, ""))).values(key=None))
    row.current_step = 0
    wake(session, row, f"Begun again by {by}")
    session.flush()
    return row


_POSSIBLE: dict[str, tuple[WorkflowStatus, ...]] = {
    "cancel": (WorkflowStatus.PENDING, WorkflowStatus.RUNNING, WorkflowStatus.PAUSED),
    "pause": (WorkflowStatus.PENDING, WorkflowStatus.RUNNING),
    "resume": (WorkflowStatus.PAUSED,),
    "retry": (WorkflowStatus.FAILED,),
}


def _find(session: Session, workflow_id: str, verb: str) -> Workflow:
    row = session.get(Workflow, uuid.UUID(workflow_id), with_for_update=True)
    if row is None:
        raise NotFound(f"There is no workflow {workflow_id}.", "See jarvis workflows list.")
    facts: dict[str, Any] = {"status": row.status.value}
    if row.wish == "cancel":
        raise Conflict(f"{row.wished_by} is cancelling this workflow already.", "Wait for its end.", facts)
    if row.status not in _POSSIBLE[verb]:
        raise Conflict(f"Cannot {verb} a {row.status.value} workflow.", _WHAT_NOW[row.status], facts)
    return row


def _asked(session: Session, workflow_id: str) -> Task | None:
    query = (
        session.query(Task)
        .where(Task.key.startswith(step_key(workflow_id, "")), Task.status.in_(OPEN))
        .limit(1)
    )
    return query.first()
