"""Append to a workflow's story, and read it back from any point."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import WorkflowEvent

CHANNEL = "jarvis_events"
END = "end"
"""The kind of a workflow's last event."""

_APPEND = text(
    """
    WITH added AS (
        INSERT INTO workflow_events (workflow_id, sequence, kind, step, message, data)
        SELECT CAST(CAST(:workflow AS text) AS uuid), coalesce(max(sequence), 0) + 1, :kind, :step, :message,
               CAST(:data AS jsonb)
        FROM workflow_events WHERE workflow_id = CAST(CAST(:workflow AS text) AS uuid)
        RETURNING sequence
    )
    SELECT pg_notify(:channel, CAST(:workflow AS text)) FROM added
    """
)


def append(
    session: Session,
    workflow_id: str,
    kind: str,
    message: str,
    *,
    step: str | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Add one event in the caller's transaction; watchers hear of it at the commit."""
    session.execute(
        _APPEND,
        {
            "workflow": workflow_id,
            "kind": kind,
            "step": step,
            "message": message.replace("\x00", "�"),
            "data": json.dumps(data or {}).replace("\\u0000", "�"),
            "channel": CHANNEL,
        },
    )


def read(session: Session, workflow_id: str, *, after: int = 0, limit: int = 500) -> list[WorkflowEvent]:
    """The events after sequence `after`, oldest first."""
    query = (
        select(WorkflowEvent)
        .where(WorkflowEvent.workflow_id == UUID(workflow_id), WorkflowEvent.sequence > after)
        .order_by(WorkflowEvent.sequence)
        .limit(limit)
    )
    return list(session.scalars(query))


def public(event: WorkflowEvent) -> dict[str, Any]:
    """An event as API, page and command line show it."""
    return {
        "sequence": event.sequence,
        "kind": event.kind,
        "step": event.step,
        "message": event.message,
        "data": event.data,
        "time": event.created_at.isoformat(),
    }
