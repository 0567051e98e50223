"""Keeps a workflow's row and events true while it runs. Only the worker writes here."""

import logging
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from jarvis import control
from jarvis.errors import JarvisError, Unavailable, problem
from jarvis.webhooks import about
from jarvis.webhooks.tell import tell
from jarvis.workflows import events
from models import StepStatus, Workflow, WorkflowStatus, WorkflowStep
from services.db_service import DatabaseFull, DatabaseUnavailable, db_service

log = logging.getLogger(__name__)

T = TypeVar("T")

AGAIN = {"40P01", "40001"}
"""What PostgreSQL says (SQLSTATE) when it ended a transaction in favour of another one."""
RACES = 10
"""How often that may happen."""
PATIENCE = 300.0
"""Seconds a running workflow waits for a database that went away, or is full, before its step fails."""

FINAL = (WorkflowStatus.COMPLETED, WorkflowStatus.FAILED)


def patiently(work: Callable[[Session], T]) -> T:
    """Run `work` in a transaction; while the database is away or its disk is full, wait and begin again.

    Such waiting does not count as time of the step.

    Raises:
        Unavailable: The database stayed away, or full, for `PATIENCE` seconds.
    """
    deadline = time.monotonic() + PATIENCE
    pause = 0.1
    races = 0
    while True:
        began = time.monotonic()
        try:
            with db_service.get_session() as session:
                return work(session)
        except DBAPIError as error:
            races += 1
            if getattr(error.orig, "sqlstate", None) not in AGAIN or races > RACES:
                raise
        except DatabaseUnavailable as error:
            control.check()
            if time.monotonic() > deadline:
                raise _given_up(error) from error
            log.warning("Waiting for the database: %s", error)
            seconds = pause * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret
            _allow(time.monotonic() - began + seconds)
            time.sleep(seconds)
            pause = min(pause * 2, 5.0)


def _allow(seconds: float) -> None:
    """Give the step that waits so much more time."""
    step = control.current()
    if step is not None:
        step.deadline += seconds


def _given_up(error: DatabaseUnavailable) -> Unavailable:
    if isinstance(error, DatabaseFull):
        told = Unavailable(
            "The disk of the database is full, and nobody made room in time.",
            "Free some space on it; the workflow can then be repeated.",
        )
    else:
        told = Unavailable(
            "The database went away in the middle of the work and did not come back.",
            "Start it again; the workflow can then be repeated.",
        )
    told.transient = False  # it was waited for long enough
    return told


def begun(session: Session, workflow_id: str, life: int, total: int) -> tuple[str, bool]:
    """The workflow runs now (again, after a crash), in the caller's transaction.

    One that has ended is told to its end once more in the same life: it may have died after its last word.

    Returns:
        Why it does not; empty when it does. And whether it never ran before.
    """
    row = session.get(Workflow, UUID(workflow_id), with_for_update=True)
    if row is None or not events.is_owned(session):
        return "another worker has it", False
    if row.life != life:
        return "a later life of it has begun", False
    if row.status in FINAL:
        first = select(WorkflowStep.life).where(WorkflowStep.workflow_id == row.id, WorkflowStep.number == 0)
        return ("" if session.scalars(first).first() == life else "it has ended"), False
    if row.status is WorkflowStatus.PAUSED:
        return "it is paused", False
    new = row.started_at is None
    row.status = WorkflowStatus.RUNNING
    row.total_steps = max(total, row.current_step)
    row.started_at = row.started_at or datetime.now(UTC)
    row.wake_at = None
    return "", new


def step_began(workflow_id: str, began: events.Began, done: events.Done | None) -> tuple[str | None, str]:
    """A step begins, and the one before it is done and kept. Returns what somebody wishes instead, and who.

    Cheap: a crash of the database may lose these lines, and then the step before runs again.
    """
    return patiently(lambda session: events.append_step(session, workflow_id, began, done))


def step_failed(workflow_id: str, began: events.Began, error: JarvisError) -> None:
    """A step failed for good in this life: whoever takes the workflow over is told the same."""
    values = {
        "number": began.number,
        "title": began.title,
        "status": StepStatus.FAILED,
        "life": began.life,
        "worker": began.worker,
        "ended_at": func.now(),
        "error": events.storable(problem(error)),
    }

    def work(session: Session) -> None:
        if events.is_owned(session):
            added = insert(WorkflowStep).values(workflow_id=UUID(workflow_id), name=began.name, **values)
            session.execute(added.on_conflict_do_update(index_elements=["workflow_id", "name"], set_=values))

    patiently(work)


def step_holds(workflow_id: str, name: str, life: int) -> None:
    """What a step came to in an earlier life counts in this one."""
    query = update(WorkflowStep).where(
        WorkflowStep.workflow_id == UUID(workflow_id), WorkflowStep.name == name
    )
    patiently(lambda session: session.execute(query.values(life=life)))


def paused(workflow_id: str, why: str, done: events.Done | None, data: dict[str, Any]) -> None:
    """The workflow ends this life; somebody or something lets it go on later."""

    def work(session: Session) -> None:
        if done is not None:
            events.append_done(session, workflow_id, done)
        pause(session, workflow_id, why, data)

    patiently(work)


def pause(session: Session, workflow_id: str, why: str, data: dict[str, Any]) -> None:
    """As `paused`, in the caller's transaction."""
    row = session.get(Workflow, UUID(workflow_id), with_for_update=True)
    if row is None or row.status in (*FINAL, WorkflowStatus.PAUSED):
        return
    row.status = WorkflowStatus.PAUSED
    if row.wish == "pause":
        row.wish = row.wished_by = None
    events.append(session, workflow_id, "paused", why, data=data, locked=True)
    tell(session, "workflow.paused", about.workflow(row))


def say(
    workflow_id: str, kind: str, message: str, *, step: str | None = None, data: dict[str, Any] | None = None
) -> None:
    """Add one event. As cheap, and as easily lost with the database, as `step_began`."""
    patiently(lambda session: events.append_soon(session, workflow_id, kind, message, step=step, data=data))


def is_over(session: Session, workflow_id: str) -> bool:
    """True when the workflow has ended or is not the caller's any more; its row is locked."""
    row = session.get(Workflow, UUID(workflow_id), with_for_update=True)
    return row is None or row.status in FINAL or not events.is_owned(session)


def ended(
    session: Session,
    workflow_id: str,
    status: WorkflowStatus,
    message: str,
    data: dict[str, Any],
    done: events.Done | None = None,
) -> bool:
    """Close the workflow in the caller's transaction; False when it was closed before (a repeated step)."""
    row = session.get(Workflow, UUID(workflow_id), with_for_update=True)
    if row is None or row.status in FINAL or not events.is_owned(session):
        return False
    row.status = status
    row.wish = row.wished_by = row.wake_at = None
    row.completed_at = datetime.now(UTC)
    row.started_at = row.started_at or row.completed_at
    if status is WorkflowStatus.COMPLETED:
        row.current_step = row.total_steps
    else:
        row.error_message = events.storable(message)
    if done is not None:
        events.append_done(session, workflow_id, done, locked=True)
    _end_steps(session, row.id, None if status is WorkflowStatus.COMPLETED else data.get("error"))
    events.append(
        session, workflow_id, events.END, message, data={**data, "status": status.value}, locked=True
    )
    if not row.workflow_metadata.get("quiet"):
        tell(session, f"workflow.{status.value}", about.workflow(row, data.get("error")))
    return True


def _end_steps(session: Session, workflow_id: UUID, error: Any) -> None:
    """No step runs or waits once its workflow has ended."""
    session.execute(
        update(WorkflowStep)
        .where(
            WorkflowStep.workflow_id == workflow_id,
            WorkflowStep.status.in_((StepStatus.RUNNING, StepStatus.WAITING)),
        )
        .values(
            status=StepStatus.DONE if error is None else StepStatus.FAILED,
            ended_at=func.now(),
            error=events.storable(error),
        )
    )
