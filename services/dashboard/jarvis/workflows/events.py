"""Append to a workflow's story, and read it back from any point."""

import json
import re
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import WorkflowEvent

CHANNEL = "jarvis_events"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
Done = tuple[str, str, float]
"""A step that is done: its name, what it said, its seconds."""
END = "end"
"""The kind of a workflow's last event."""

_APPEND = """
    WITH added AS (
        INSERT INTO workflow_events (workflow_id, sequence, kind, step, message, data)
        SELECT CAST(CAST(:workflow AS text) AS uuid), coalesce(max(sequence), 0) + 1, :kind, :step, :message,
               CAST(:data AS jsonb)
        FROM workflow_events WHERE workflow_id = CAST(CAST(:workflow AS text) AS uuid)
        RETURNING sequence
    )
"""
_TELL = "SELECT pg_notify(:channel, CAST(:workflow AS text))"
_APPEND_ONE = text(f"{_APPEND} {_TELL} FROM added")
_DONE = """
    INSERT INTO workflow_events (workflow_id, sequence, kind, step, message, data)
    SELECT CAST(CAST(:workflow AS text) AS uuid), coalesce(max(sequence), 0) + 1, 'done',
           CAST(:done AS text), :said, jsonb_build_object('seconds', CAST(:seconds AS float))
    FROM workflow_events WHERE workflow_id = CAST(CAST(:workflow AS text) AS uuid)
    HAVING count(*) FILTER (WHERE kind = 'done' AND step = CAST(:done AS text)) = 0
"""
# One statement for one line of a running workflow: a deploy has a dozen, and the round trips are its cost.
_APPEND_SOON = text(
    f"""{_APPEND}, moved AS (
        UPDATE workflows SET updated_at = now(),
               current_step = coalesce(CAST(:number AS integer), current_step),
               total_steps = coalesce(CAST(:total AS integer), total_steps)
        WHERE id = CAST(CAST(:workflow AS text) AS uuid) AND status NOT IN ('completed', 'failed')
              AND CAST(:number AS integer) IS NOT NULL
    )
    {_TELL}, set_config('synchronous_commit', 'off', true) FROM added"""  # noqa: S608 - constants of ours
)


def storable(value: Any) -> Any:
    """`value` with � where PostgreSQL cannot hold it: names in archives may have a NUL or half a sign."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("�", value)
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [storable(item) for item in cast("list[Any]", value)]
    return value


def _values(
    workflow_id: str, kind: str, message: str, step: str | None, data: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "workflow": workflow_id,
        "kind": kind,
        "step": step,
        "message": storable(message),
        "data": json.dumps(storable(data or {})),
        "channel": CHANNEL,
    }


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
    session.execute(_APPEND_ONE, _values(workflow_id, kind, message, step, data))


def append_done(session: Session, workflow_id: str, done: Done) -> None:
    """Say that a step is done, unless that was said before a crash."""
    values = {
        "workflow": workflow_id,
        "done": done[0],
        "said": done[1].replace("\x00", "�"),
        "seconds": done[2],
    }
    session.execute(text(_DONE), values)


def append_soon(
    session: Session,
    workflow_id: str,
    kind: str,
    message: str,
    *,
    step: str | None = None,
    data: dict[str, Any] | None = None,
    done: Done | None = None,
) -> None:
    """Add one event; the commit does not wait for the disk. `number` in `data` moves the workflow's row.

    With `done`, the step before is said to be done in the same transaction.
    """
    if done is not None:
        append_done(session, workflow_id, done)
    place = {"number": (data or {}).get("number"), "total": (data or {}).get("total")}
    session.execute(_APPEND_SOON, {**_values(workflow_id, kind, message, step, data), **place})


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
