"""Work that Jarvis gives itself, again and again: one run at a time, and no rows that tell nothing new.

A run that found nothing to do is quiet: the next one takes its place. A run that failed as the one before did
takes the place of that. So work that has nothing new to tell has one row or two, however often it comes.
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from jarvis.engine.request import client
from jarvis.engine.state import ENDED, states
from jarvis.engine.terms import life_id
from jarvis.errors import Unavailable
from jarvis.workflows import events, ledger
from jarvis.workflows import request as requests
from models import Workflow, WorkflowStatus
from services.db_service import DatabaseUnavailable, db_service

Json = dict[str, Any]

BY = "schedule"
"""Who asks for a routine run, as its row says."""
QUIET = "quiet"
"""In the metadata of a run that found nothing to do."""


def ask(
    session: Session, kind: str, *, title: str, queue: str, by: str = BY, service: str | None = None
) -> tuple[Workflow, list[str]]:
    """Ask for a run, or give the one that waits or runs already, in the caller's transaction.

    Args:
        session: The transaction.
        kind: The workflow.
        title: What it does, for people.
        queue: Its runs are done one after the other, with all else of this queue.
        by: Who asks.
        service: What it is about, where it is about one.

    Returns:
        The run, and the engine's ids of older runs whose rows are deleted: `forget` them after the commit.
    """
    open_one = _of(kind, service).where(Workflow.status.not_in(ledger.FINAL)).limit(1)
    if found := session.scalars(open_one).first():
        return found, []
    gone = _nothing_new(session, kind, service)
    if gone:
        session.execute(delete(Workflow).where(Workflow.id.in_([row.id for row in gone])))
    facts = {"service": service} if service else {}
    made = requests.ask(
        session, kind, type=kind, title=title, queue=queue, by=by, facts=facts, service=service
    )
    return made, [life_id(str(row.id), life) for row in gone for life in range(1, row.life + 1)]


def last(session: Session, kind: str, service: str | None = None) -> Workflow | None:
    """The newest run that Jarvis gave itself."""
    query = _of(kind, service).where(Workflow.created_by == BY)
    return session.scalars(query.order_by(Workflow.created_at.desc()).limit(1)).first()


def forget(lives: Iterable[str]) -> None:
    """Let the engine forget runs that have ended and whose rows are gone; those that it still ends stay."""
    wanted = list(lives)
    if not wanted:
        return
    with db_service.get_session() as session:
        over = [key for key, state in states(session, wanted).items() if state.status in ENDED]
    if over:
        with db_service.translated():
            client().delete_workflows(over)


@contextmanager
def patient() -> Generator[None]:
    """Tell a database that went away as something that may pass.

    Raises:
        Unavailable: It went away.
    """
    try:
        with db_service.translated():
            yield
    except DatabaseUnavailable as error:
        raise Unavailable("The database went away.", "The next run does what is left to do.") from error


def ended(
    workflow_id: str, message: str, data: Json, done: events.Done | None, *, quiet: bool = False
) -> None:
    """The run did its work; `quiet` when there was none."""

    def work(session: Session) -> None:
        if quiet and not ledger.is_over(session, workflow_id):
            row = session.get_one(Workflow, UUID(workflow_id))
            row.workflow_metadata = {**row.workflow_metadata, QUIET: True}
        ledger.ended(session, workflow_id, WorkflowStatus.COMPLETED, message, data, done)

    ledger.patiently(work)


def _of(kind: str, service: str | None) -> Any:
    query = select(Workflow).where(Workflow.workflow_type == kind)
    return query.where(Workflow.service == service if service else Workflow.service.is_(None))


def _nothing_new(session: Session, kind: str, service: str | None) -> list[Workflow]:
    """Earlier runs that say nothing, or nothing that a later one does not say."""
    query = _of(kind, service).where(Workflow.created_by == BY, Workflow.status.in_(ledger.FINAL))
    rows: list[Workflow] = list(session.scalars(query.order_by(Workflow.created_at.desc()).limit(5)))
    gone = [row for row in rows if row.workflow_metadata.get(QUIET)]
    told = [row for row in rows if not row.workflow_metadata.get(QUIET)]
    for newer, older in pairwise(told):
        if newer.status is WorkflowStatus.FAILED and _same(newer, older):
            gone.append(older)
    return gone


def _same(one: Workflow, other: Workflow) -> bool:
    return (one.status, one.error_message) == (other.status, other.error_message)
