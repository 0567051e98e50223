"""Watches the steps of this process: says that they go on, ends what takes too long or is called off.

A thread cannot be ended from outside. A step that does not even end when it is told to means that this
process cannot be trusted any more: it ends itself, and what starts it again carries its workflows on.
"""

import logging
import os
import threading
import time
from pathlib import Path

from sqlalchemy import text

from jarvis import control
from jarvis.control import Control
from jarvis.errors import Cancelled, Overdue
from jarvis.workflows.story import AGAIN
from services.db_service import DatabaseUnavailable, db_service

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5
"""Seconds between two looks at what runs here."""
SAY_EVERY = 5.0
"""Seconds between two signs of life."""
GRACE = 60.0
"""Seconds that a step has to end after it was told to."""
HUNG = 70
"""Exit code of a worker that gave itself up, as sysexits has it for a fault of the program."""

_ALIVE = text("""
    WITH seen AS (
        UPDATE workers SET seen_at = now() WHERE id = :worker RETURNING fenced_at
    ), alive AS (
        UPDATE workflow_steps SET alive_at = now()
        WHERE worker = :worker AND status = 'running' AND workflow_id = ANY(CAST(:owners AS uuid[]))
    )
    SELECT fenced_at IS NOT NULL FROM seen
""")
_WISHES = text("""
    SELECT CAST(id AS text), wished_by FROM workflows
    WHERE wish = 'cancel' AND id = ANY(CAST(:owners AS uuid[]))
""")


class Overseer:
    """One thread of a worker.

    Args:
        worker: The worker's id.
        sign: A file whose time says that this process lives, also while the database is away.
    """

    def __init__(self, worker: str, sign: Path) -> None:
        self._worker = worker
        self._sign = sign
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="overseer", daemon=True)
        self._said = -SAY_EVERY

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            work = control.running()
            self.bound(work, time.monotonic())
            try:
                self._say(work)
            except DatabaseUnavailable:
                log.warning("The database does not answer the overseer")
            except Exception:  # this thread must not end: without its signs the worker is taken for dead
                log.exception("The overseer met an error")

    def bound(self, work: list[Control], now: float) -> None:
        """Call off what is overdue; end this process when something cannot be called off."""
        for item in work:
            if item.stopped_at is None and now > item.deadline:
                took = f"“{item.name}” did not end within {item.seconds:g} seconds."
                item.stop(Overdue(took, "Try again; the story says how far it came."))
            elif item.stopped_at is not None and now > item.stopped_at + GRACE:
                log.critical("%s of workflow %s cannot be ended: the worker gives up", item.name, item.owner)
                os._exit(HUNG)

    def _say(self, work: list[Control]) -> None:
        owners = sorted({item.owner for item in work if item.owner})
        now = time.monotonic()
        if now - self._said >= SAY_EVERY:
            self._said = now
            if self._sign.exists():
                os.utime(self._sign)
            with db_service.get_session() as session:
                fenced = session.execute(_ALIVE, {"worker": self._worker, "owners": owners}).scalar()
            if fenced:
                log.critical("Others took over the work of this worker while it stood still: it gives up")
                os._exit(HUNG)
        if owners:
            with db_service.get_session() as session:
                wishes = {str(row[0]): str(row[1]) for row in session.execute(_WISHES, {"owners": owners})}
            for item in work:
                if item.owner in wishes and not item.shielded:
                    item.stop(Cancelled(f"Cancelled by {wishes[item.owner]}.", AGAIN))
