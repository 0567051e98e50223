"""Keeps a workflow's row and events true while it runs. Only the worker writes here."""

import logging
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from jarvis.errors import Unavailable
from jarvis.workflows import events
from models import Workflow, WorkflowStatus
from services.db_service import DatabaseUnavailable, db_service

log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE = 300.0
"""Seconds a running workflow waits for a database that went away before its step fails."""

FINAL = (WorkflowStatus.COMPLETED, WorkflowStatus.FAILED)


def patiently(work: Callable[[Session], T]) -> T:
    """Run `work` in a transaction; while the database is away, wait and begin again.

    Raises:
        Unavailable: The database stayed away for `PATIENCE` seconds.
    """
    deadline = time.monotonic() + PATIENCE
    pause = 0.1
    while True:
        try:
            with db_service.get_session() as session:
                return work(session)
        except DatabaseUnavailable as error:
            if time.monotonic() > deadline:
                raise Unavailable(
                    "The database went away in the middle of the work and did not come back.",
                    "Start it again; the workflow can then be repeated.",
                ) from error
            log.warning("Waiting for the database")
            time.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311 - jitter, not a secret
            pause = min(pause * 2, 5.0)


def started(session: Session, workflow_id: str, total: int) -> None:
    """The workflow runs now (again, after a crash). In the caller's transaction."""
    session.execute(
        update(Workflow)
        .where(Workflow.id == UUID(workflow_id), Workflow.status.not_in(FINAL))
        .values(
            status=WorkflowStatus.RUNNING, total_steps=total, started_at=text("coalesce(started_at, now())")
        )
    )


def step_began(
    workflow_id: str,
    number: int,
    total: int,
    name: str,
    message: str,
    done: events.Done | None = None,
) -> None:
    """Step `number` of `total` begins, and the one before it is done.

    Cheap: a crash of the database may lose these lines, not the work.
    """
    data = {"number": number, "total": total}
    patiently(
        lambda session: events.append_soon(
            session, workflow_id, "step", message, step=name, data=data, done=done
        )
    )


def say(
    workflow_id: str, kind: str, message: str, *, step: str | None = None, data: dict[str, Any] | None = None
) -> None:
    """Add one event. As cheap, and as easily lost with the database, as `step_began`."""
    patiently(lambda session: events.append_soon(session, workflow_id, kind, message, step=step, data=data))


def is_over(session: Session, workflow_id: str) -> bool:
    """True when the workflow has ended; its row is locked for the caller's transaction."""
    row = session.get(Workflow, UUID(workflow_id), with_for_update=True)
    return row is None or row.status in FINAL


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
    if row is None or row.status in FINAL:
        return False
    row.status = status
    row.completed_at = datetime.now(UTC)
    row.started_at = row.started_at or row.completed_at
    if status is WorkflowStatus.COMPLETED:
        row.current_step = row.total_steps
    else:
        row.error_message = events.storable(message)
    if done is not None:
        events.append_done(session, workflow_id, done)
    events.append(session, workflow_id, events.END, message, data={**data, "status": status.value})
    return True
