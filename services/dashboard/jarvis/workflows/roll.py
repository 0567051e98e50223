"""The roll of workers: who came, and who left in order."""

import os
import socket

from sqlalchemy import update
from sqlalchemy.orm import Session

from jarvis import __version__
from jarvis.workflows import events, ledger
from models import Worker


def join(worker: str) -> None:
    """Say that this process works from now on."""

    def work(session: Session) -> None:
        session.merge(
            Worker(id=worker, host=socket.gethostname()[:255], pid=os.getpid(), version=__version__)
        )

    ledger.patiently(work)


def leave(worker: str) -> None:
    """Say that this process works no more."""
    ledger.patiently(
        lambda session: session.execute(update(Worker).where(Worker.id == worker).values(ended_at=events.NOW))
    )
