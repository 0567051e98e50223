"""The roll of workers: who came, and who left in order."""

import os
import socket
from contextlib import suppress

from sqlalchemy import update
from sqlalchemy.orm import Session

from jarvis import __version__
from jarvis.workflows import events, ledger
from models import Worker
from services.db_service import DatabaseUnavailable, db_service


def join(worker: str) -> None:
    """Say that this process works from now on."""

    def work(session: Session) -> None:
        session.merge(
            Worker(id=worker, host=socket.gethostname()[:255], pid=os.getpid(), version=__version__)
        )

    ledger.patiently(work)


def leave(worker: str) -> None:
    """Say that this process works no more; where the database is away, the others notice by themselves."""
    with suppress(DatabaseUnavailable), db_service.get_session() as session:
        session.execute(update(Worker).where(Worker.id == worker).values(ended_at=events.NOW))
