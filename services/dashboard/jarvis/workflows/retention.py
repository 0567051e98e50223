"""Deletes what nobody will read any more: old stories, answers kept for repeated requests, old deliveries.

In small transactions, so that nobody waits for it; it may be stopped anywhere and run beside itself.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import TextClause, text

from jarvis import control
from models import WorkflowStatus
from services.db_service import db_service

log = logging.getLogger(__name__)

KEYS_FOR = timedelta(days=1)
"""How long the answer to a request is kept for the case that it is sent again."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BATCH = 500
"""Workflows that are looked at, and rows that are deleted, in one transaction."""

_OLD = text("""
    SELECT id, created_at FROM workflows
    WHERE status = :status AND (created_at, id) > (:moment, :id)
          AND created_at < now() - :age AND completed_at < now() - :age
    ORDER BY created_at, id LIMIT :most
""")
# The newest event stays: it says how the story ended, and its number is where a later life goes on.
_FORGET = text("""
    DELETE FROM workflow_events AS said USING workflows
    WHERE said.workflow_id = ANY(:ids) AND workflows.id = said.workflow_id
          AND workflows.status IN ('completed', 'failed')
          AND said.sequence < (SELECT max(sequence) FROM workflow_events AS newest
                               WHERE newest.workflow_id = said.workflow_id)
""")
_KEYS = text("""
    DELETE FROM idempotency_keys WHERE (caller, key) IN (
        SELECT caller, key FROM idempotency_keys WHERE created_at < now() - :age LIMIT :most
    )
""")
_DELIVERIES = text("""
    DELETE FROM webhook_deliveries WHERE id IN (
        SELECT id FROM webhook_deliveries WHERE created_at < now() - :age LIMIT :most
    )
""")


@dataclass(frozen=True)
class Purged:
    """How many rows were deleted."""

    events: int
    keys: int
    deliveries: int


def purge(days: int, *, batch: int = BATCH) -> Purged:
    """Delete it all once.

    Args:
        days: How long the story of an ended workflow, and a delivery, is kept; 0 for ever.
        batch: Rows in one transaction.

    Raises:
        DatabaseUnavailable: The database went away.
        JarvisError: The work that it is part of was called off.
    """
    age = timedelta(days=days)
    done = Purged(
        events=sum(
            _stories(status, age, batch) for status in (WorkflowStatus.COMPLETED, WorkflowStatus.FAILED)
        )
        if days
        else 0,
        keys=_rows(_KEYS, KEYS_FOR, batch),
        deliveries=_rows(_DELIVERIES, age, batch) if days else 0,
    )
    if done != Purged(0, 0, 0):
        log.info(
            "Deleted %d old events, %d answers to requests, %d deliveries",
            done.events,
            done.keys,
            done.deliveries,
        )
    return done


def _stories(status: WorkflowStatus, age: timedelta, batch: int) -> int:
    count = 0
    moment, last = EPOCH, UUID(int=0)
    while True:
        control.check()
        values = {"status": status.value, "age": age, "moment": moment, "id": last, "most": batch}
        with db_service.get_session() as session:
            rows = session.execute(_OLD, values).all()
            if not rows:
                return count
            count += _count(session.execute(_FORGET, {"ids": [row[0] for row in rows]}))
        last, moment = rows[-1][0], rows[-1][1]


def _rows(statement: TextClause, age: timedelta, batch: int) -> int:
    count = 0
    while True:
        control.check()
        with db_service.get_session() as session:
            done = _count(session.execute(statement, {"age": age, "most": batch}))
        count += done
        if done < batch:
            return count


def _count(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
