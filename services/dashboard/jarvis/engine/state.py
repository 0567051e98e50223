"""What the engine knows of workflows, read from its tables; and the word to forget one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from jarvis.engine.request import client
from jarvis.engine.terms import SCHEMA
from services.db_service import db_service

ENDED = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})
"""The engine's own words for what it will not run any more."""

_READ = text(f"""
    SELECT workflow_uuid, status, name, executor_id, to_timestamp(updated_at / 1000.0) AS changed
    FROM {SCHEMA}.workflow_status WHERE workflow_uuid = ANY(:ids)
""")  # noqa: S608 - the schema's name is a constant of ours
_CANCEL = text(f"""
    UPDATE {SCHEMA}.workflow_status SET status = 'CANCELLED'
    WHERE workflow_uuid = ANY(:ids) AND status = ANY(:words)
""")  # noqa: S608 - the same
_OLD = text(f"""
    SELECT workflow_uuid FROM {SCHEMA}.workflow_status
    WHERE status = ANY(:ended)
          AND updated_at < extract(epoch FROM now() - make_interval(days => :days)) * 1000
    ORDER BY updated_at LIMIT :most
""")  # noqa: S608 - the same


@dataclass(frozen=True)
class State:
    """One life of a workflow, as the engine sees it.

    Attributes:
        status: The engine's word.
        name: The registered name of its function.
        worker: Who has it.
        changed: When that was written.
    """

    status: str
    name: str
    worker: str | None
    changed: datetime


def states(session: Session, ids: Iterable[str]) -> dict[str, State]:
    """The states of these lives, by engine id; unknown ones are left out."""
    wanted = list(ids)
    if not wanted:
        return {}
    try:
        rows = session.execute(_READ, {"ids": wanted}).all()
    except ProgrammingError:  # no worker has prepared the tables yet
        session.rollback()
        return {}
    return {row[0]: State(row[1], row[2], row[3], row[4]) for row in rows}


def forget(session: Session, ids: Iterable[str], *, taken: bool = False) -> None:
    """Let the engine not begin these lives any more.

    Args:
        session: The transaction.
        ids: Of the engine.
        taken: Also those that a worker has taken; right only for what no worker can run.
    """
    words = ["ENQUEUED", "DELAYED", *(["PENDING"] if taken else [])]
    session.execute(_CANCEL, {"ids": list(ids), "words": words})


def purge(days: int, most: int = 500) -> int:
    """Delete what the engine kept of workflows that ended `days` ago; returns how many, at most `most`."""
    with db_service.get_session() as session:
        values = {"ended": list(ENDED), "days": days, "most": most}
        ids = [str(key) for key in session.scalars(_OLD, values)]
    if ids:
        client().delete_workflows(ids)
    return len(ids)
