"""Append to a workflow's story, and read it back from any point."""

import json
import re
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from jarvis.engine.step import claim
from jarvis.engine.terms import SCHEMA
from jarvis.workflows.redact import Redactor
from models import WorkflowEvent

CHANNEL = "jarvis_events"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Began(NamedTuple):
    """A step that begins: its place among the others, in which life, by whom, and its seconds."""

    name: str
    number: int
    total: int
    title: str
    life: int
    worker: str
    deadline: float


class Done(NamedTuple):
    """A step that is done: its place, what it said, its seconds, what it returned."""

    place: Began
    said: str
    seconds: float
    output: dict[str, Any]


_SHAPES = Redactor()
"""Finds keys and tokens by their shape; who knows a secret takes it out before it says anything."""
_NOWHERE = Began("", 0, 0, "", 0, "", 0.0)
END = "end"
"""The kind of a workflow's last event."""
NOW = func.now()
"""The time of the transaction, by the clock of the database."""
_LOCK = text("SELECT 1 FROM workflows WHERE id = CAST(CAST(:workflow AS text) AS uuid) FOR NO KEY UPDATE")

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
# The row may be missing: the commit of its beginning did not wait for the disk before the database died.
_DONE = text("""
    WITH ended AS (
        INSERT INTO workflow_steps AS step (workflow_id, name, number, title, status, life, attempt, worker,
                                            started_at, ended_at, said, output)
        VALUES (CAST(CAST(:workflow AS text) AS uuid), CAST(:done AS text), :number, :title, 'done', :life, 1,
                :worker, now() - make_interval(secs => :seconds), now(), :said, CAST(:output AS jsonb))
        ON CONFLICT (workflow_id, name) DO UPDATE SET
            status = 'done', ended_at = now(), said = excluded.said, error = NULL, output = excluded.output
        WHERE step.status = 'running'
        RETURNING workflow_id
    )
    INSERT INTO workflow_events (workflow_id, sequence, kind, step, message, data)
    SELECT ended.workflow_id, (SELECT coalesce(max(sequence), 0) + 1 FROM workflow_events AS said
                               WHERE said.workflow_id = ended.workflow_id),
           'done', CAST(:done AS text), :said, jsonb_build_object('seconds', CAST(:seconds AS float))
    FROM ended
""")
# One statement for one line of a running workflow: a deploy has a dozen, and the round trips are its cost.
_APPEND_SOON = text(
    f"""{_APPEND}
    {_TELL}, set_config('synchronous_commit', 'off', true) FROM added"""
)
_BEGIN_STEP = text(
    f"""
    WITH place AS MATERIALIZED (
        SELECT workflows.id, workflows.wish, workflows.wished_by,
               workflows.status IN ('completed', 'failed') AS over,
               EXISTS (SELECT 1 FROM {SCHEMA}.workflow_status
                       WHERE workflow_uuid = :claimed AND owner_xid = :owner) AS owned,
               coalesce((SELECT max(sequence) FROM workflow_events
                         WHERE workflow_id = workflows.id), 0) AS last
        FROM workflows WHERE id = CAST(CAST(:workflow AS text) AS uuid)
    ), ended AS (
        INSERT INTO workflow_steps AS step (workflow_id, name, number, title, status, life, attempt, worker,
                                            started_at, ended_at, said, output)
        SELECT place.id, CAST(:done AS text), CAST(:done_number AS int), CAST(:done_title AS text), 'done',
               :life, 1, :worker, now() - make_interval(secs => :seconds), now(), :said,
               CAST(:output AS jsonb)
        FROM place WHERE place.owned AND CAST(:done AS text) <> ''
        ON CONFLICT (workflow_id, name) DO UPDATE SET
            status = 'done', ended_at = now(), said = excluded.said, error = NULL, output = excluded.output
        WHERE step.status = 'running'
        RETURNING workflow_id
    ), told AS (
        INSERT INTO workflow_events (workflow_id, sequence, kind, step, message, data)
        SELECT place.id, place.last + 1, 'done', CAST(:done AS text), :said,
               jsonb_build_object('seconds', CAST(:seconds AS float))
        FROM place, ended
    ), added AS (
        INSERT INTO workflow_events (workflow_id, sequence, kind, step, message, data)
        SELECT place.id, place.last + 1 + (SELECT count(*) FROM ended), :kind, :step, :message,
               CAST(:data AS jsonb)
        FROM place WHERE place.wish IS NULL AND place.owned AND NOT place.over
    ), moved AS (
        UPDATE workflows SET updated_at = now(), current_step = :number, total_steps = :total
        FROM place WHERE workflows.id = place.id AND place.wish IS NULL AND place.owned AND NOT place.over
    ), begun AS (
        INSERT INTO workflow_steps AS old (workflow_id, name, number, title, status, life, attempt, worker,
                                           started_at, alive_at, deadline_at)
        SELECT place.id, :step, :number, :title, 'running', :life, 1, :worker,
               now(), now(), now() + make_interval(secs => :deadline)
        FROM place WHERE place.wish IS NULL AND place.owned AND NOT place.over
        ON CONFLICT (workflow_id, name) DO UPDATE SET
            number = excluded.number, title = excluded.title, status = 'running', life = excluded.life,
            attempt = CASE WHEN old.life = excluded.life THEN old.attempt + 1 ELSE 1 END,
            worker = excluded.worker, started_at = excluded.started_at, alive_at = excluded.alive_at,
            deadline_at = excluded.deadline_at, ended_at = NULL, said = NULL, error = NULL, output = NULL
    )
    SELECT CASE WHEN NOT owned THEN 'lost' WHEN over THEN 'over' ELSE wish END, wished_by,
           pg_notify(:channel, CAST(:workflow AS text)), set_config('synchronous_commit', 'off', true)
    FROM place
    """  # noqa: S608 - the schema's name is a constant of ours
)
_OWNED = text(
    f"SELECT 1 FROM {SCHEMA}.workflow_status WHERE workflow_uuid = :claimed AND owner_xid = :owner"  # noqa: S608
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


def _clean(value: Any) -> Any:
    """`value` as it may be shown: storable, and without what has the shape of a secret."""
    if isinstance(value, dict):
        return {storable(key): _clean(item) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in cast("list[Any]", value)]
    return _SHAPES.text(storable(value)) if isinstance(value, str) else value


def _values(
    workflow_id: str, kind: str, message: str, step: str | None, data: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "workflow": workflow_id,
        "kind": kind,
        "step": step,
        "message": _clean(message),
        "data": json.dumps(_clean(data or {})),
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
    locked: bool = False,
) -> None:
    """Add one event in the caller's transaction; watchers hear of it at the commit.

    Args:
        session: The transaction.
        workflow_id: Whose story.
        kind: Of event.
        message: The sentence.
        step: In which step.
        data: What programs read.
        locked: The caller has locked the workflow's row, in a statement before.
    """
    if not locked:
        _alone(session, workflow_id)
    session.execute(_APPEND_ONE, _values(workflow_id, kind, message, step, data))


def _alone(session: Session, workflow_id: str) -> None:
    """One transaction at a time writes into a story: each line takes the number after the last one.

    A statement of its own: the next one must see what was written before the lock was given. And the row is
    locked before a number is taken, since the line's reference to it asks for the row too.
    """
    session.execute(_LOCK, {"workflow": workflow_id})


def append_done(session: Session, workflow_id: str, done: Done, *, locked: bool = False) -> None:
    """Say that a step is done and keep what it returned, unless that was done before a crash; as `append`."""
    values = {
        **done.place._asdict(),
        "workflow": workflow_id,
        "done": done.place.name,
        "said": _clean(done.said),
        "seconds": done.seconds,
        "output": json.dumps(storable(done.output)),
    }
    if not locked:
        _alone(session, workflow_id)
    session.execute(_DONE, values)


def append_soon(
    session: Session,
    workflow_id: str,
    kind: str,
    message: str,
    *,
    step: str | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Add one event; the commit does not wait for the disk."""
    _alone(session, workflow_id)
    session.execute(_APPEND_SOON, _values(workflow_id, kind, message, step, data))


def append_step(
    session: Session, workflow_id: str, began: Began, done: Done | None
) -> tuple[str | None, str]:
    """Keep what the step before came to and begin this one, unless somebody wishes otherwise.

    This is the workflow's checkpoint. Cheap: two statements, and the commit does not wait for the disk.

    Returns:
        What is wished instead, and by whom: cancel or pause; `over` when the workflow has ended, `lost` when
        another worker carries it on.
    """
    data = {"number": began.number, "total": began.total}
    values = _values(workflow_id, "step", began.title, began.name, data)
    before = done or Done(_NOWHERE, "", 0.0, {})
    _alone(session, workflow_id)
    row = session.execute(
        _BEGIN_STEP,
        {
            **values,
            **_claimed(),
            **began._asdict(),
            "step": began.name,
            "done": before.place.name,
            "done_number": before.place.number,
            "done_title": before.place.title,
            "said": _clean(before.said),
            "seconds": before.seconds,
            "output": json.dumps(storable(before.output)),
        },
    ).one_or_none()
    return ("over", "") if row is None else (row[0], str(row[1]))


def is_owned(session: Session) -> bool:
    """Is the caller's workflow still its own? Also when it is called from outside of one."""
    values = _claimed()
    return not values["claimed"] or session.execute(_OWNED, values).scalar() is not None


def _claimed() -> dict[str, str]:
    claimed, owner = claim() or ("", "")
    return {"claimed": claimed, "owner": owner}


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
