"""Finds what nobody owns, and lets it go on or end: no workflow stays in progress for ever.

The row of a workflow and the engine's entry are written together, so they differ only after a crash, an
upgrade, or a bug. What is found is told in the workflow's story.
"""

import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from jarvis import __version__
from jarvis.engine.state import ENDED, State, forget, states
from jarvis.engine.terms import SCHEMA, life_id
from jarvis.errors import JarvisError
from jarvis.tasks import ask
from jarvis.tasks.answer import expire
from jarvis.workflows import events
from jarvis.workflows.request import kind_of, types_of, wake
from models import TaskPriority, TaskType, Worker, Workflow, WorkflowStatus
from services.db_service import db_service

log = logging.getLogger(__name__)

SETTLED = timedelta(seconds=15)
"""How long a row and the engine must have differed: a step that ends is between the two for a moment."""
SILENT = timedelta(seconds=40)
"""How long a worker may say nothing before its work is taken over. It speaks every 5 seconds."""
LIVES = 8
"""How often a workflow is begun again by itself after it broke."""
AT_ONCE = 200
_SUSPECT = text(f"""
    SELECT workflows.id FROM workflows
    LEFT JOIN {SCHEMA}.workflow_status AS known ON known.workflow_uuid =
        workflows.id::text || CASE WHEN workflows.life = 1 THEN '' ELSE '.' || workflows.life END
    WHERE workflows.status IN ('pending', 'running') AND workflows.updated_at < now() - :settled
          AND (known.workflow_uuid IS NULL OR known.status = ANY(:ended)
               OR (workflows.workflow_type <> ALL(:types) AND NOT EXISTS (
                   SELECT 1 FROM workers WHERE ended_at IS NULL AND version <> :version
                                               AND seen_at > now() - :silent)))
    ORDER BY workflows.updated_at LIMIT :most
""")  # noqa: S608 - the schema's name is a constant of ours
_LOCK = text("SELECT pg_try_advisory_xact_lock(7422, 1)")

Close = Callable[[Session, str, JarvisError], None]


def look(kinds: Collection[str], close: Close) -> int:
    """Look once; returns how many were mended. Of several workers one looks at a time.

    Args:
        kinds: The engine's names of all workflows that there are.
        close: Ends a workflow that cannot go on, with all that belongs to it, in the given transaction.

    Raises:
        DatabaseUnavailable: The next look may find it.
    """
    with db_service.get_session() as session:
        return _look(session, kinds, close)


def _look(session: Session, kinds: Collection[str], close: Close) -> int:
    if not session.execute(_LOCK).scalar():
        return 0
    now = datetime.now(UTC)
    mended = expire(session, now) + _wake_due(session, now)
    values = {
        "ended": sorted(ENDED),
        "types": types_of(kinds),
        "version": __version__,  # a worker of another version may know what this one does not
        "settled": SETTLED,
        "silent": SILENT,
        "most": AT_ONCE,
    }
    suspects = session.scalars(_SUSPECT, values).all()
    rows = list(session.scalars(select(Workflow).where(Workflow.id.in_(suspects)))) if suspects else []
    known = states(session, [life_id(str(row.id), row.life) for row in rows])
    for row in rows:
        state = known.get(life_id(str(row.id), row.life))
        if _is_well(row, state, kinds, now):
            continue
        life = row.life
        session.refresh(row, with_for_update=True)
        if row.life == life and row.status in (WorkflowStatus.PENDING, WorkflowStatus.RUNNING):
            _mend(session, row, state, kinds, close)
            mended += 1
    return mended


def _is_well(row: Workflow, state: State | None, kinds: Collection[str], now: datetime) -> bool:
    if kind_of(row) not in kinds or state is None:
        return False
    return state.status not in ENDED or now - state.changed < SETTLED


def _wake_due(session: Session, now: datetime) -> int:
    due = select(Workflow).where(Workflow.wake_at <= now, Workflow.status == WorkflowStatus.PAUSED)
    rows = list(session.scalars(due.limit(AT_ONCE).with_for_update(skip_locked=True)))
    for row in rows:
        wake(session, row, "The time has come")
    return len(rows)


def _mend(
    session: Session,
    row: Workflow,
    state: State | None,
    kinds: Collection[str],
    close: Close,
) -> None:
    if kind_of(row) not in kinds:
        forget(session, [life_id(str(row.id), row.life)], taken=True)
        _give_up(
            session,
            row,
            close,
            JarvisError(
                f"This Jarvis knows no workflow of the kind “{row.workflow_type}”.",
                "Ask for it again; or go back to the version of Jarvis that began it.",
            ),
        )
        return
    what = "is not known to the engine" if state is None else f"ended for the engine ({state.status.lower()})"
    log.warning("Workflow %s %s, but its row says %s", row.id, what, row.status.value)
    if row.life >= LIVES:
        _give_up(
            session,
            row,
            close,
            JarvisError(
                f"The workflow broke off {row.life} times.",
                "The log of the worker says why. jarvis workflows retry begins it again.",
            ),
        )
    else:
        wake(session, row, "It had broken off")


def _give_up(session: Session, row: Workflow, close: Close, error: JarvisError) -> None:
    key = str(row.id)
    close(session, key, error)
    ask.ask(
        session,
        key=f"broken:{key}",
        kind=TaskType.VERIFICATION,
        title=f"Look at what became of: {row.name}",
        description=f"{error.message} Jarvis gave it up; something of it may have been left behind.",
        instructions={"steps": [f"jarvis workflows show {key}", error.hint]},
        workflow_id=key,
        priority=TaskPriority.HIGH,
    )


def silent_workers(own: str) -> list[str]:
    """Workers that say nothing any more, marked so that they do nothing more either.

    A worker whose process died has lost its lease, and its work is taken over at once. These hold theirs:
    their process stands still, or its machine is cut off.
    """
    query = select(Worker).where(
        Worker.id != own, Worker.ended_at.is_(None), Worker.seen_at < events.NOW - SILENT
    )
    with db_service.get_session() as session:
        rows = list(session.scalars(query.with_for_update(skip_locked=True)))
        for row in rows:
            row.fenced_at = row.ended_at = datetime.now(UTC)
        return [row.id for row in rows]
