"""Start enqueued workflows at once: woken by NOTIFY, instead of asking the database many times a second.

The engine's queue threads poll; often enough for a quick deploy they cost 8 % of a core. So they
are told to poll rarely, and this thread claims work through the same functions the moment a request commits.
"""

# pyright: reportPrivateUsage=false
# The claiming functions are private in DBOS 3.4 (pinned); tests/integration/engine holds them to their work.

import logging
import threading
import time
from concurrent.futures import Future
from typing import Any, cast

import psycopg
from dbos._core import WorkflowHandleFuture, execute_dequeued_workflow
from dbos._dbos import _get_dbos_instance
from dbos._error import DBOSException
from dbos._queue import Queue
from dbos._utils import GlobalParams, generate_uuid
from sqlalchemy.exc import DBAPIError

from jarvis.engine.terms import WAKE_CHANNEL
from services.db_service import DatabaseUnavailable, db_service

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0
"""Seconds between looks without a NOTIFY: the safety net for one that was lost."""
BUSY_LOOK_EVERY = 0.02
"""Seconds between looks, within this process, whether a workflow that runs here has ended."""
REST = 3.0
"""After a look at the queue there is none for so many times its length (at most `BUSY_LOOK_EVERY`)."""
IDLE_LOOK_EVERY = 1.0
"""Seconds between looks, within this process, whether it is to stop."""


class Dispatcher:
    """One thread that listens, claims and starts."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._queue: Queue | None = None
        self._work: list[Future[Any]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dispatch", daemon=True)
        self._look_now = threading.Event()

    def start(self, queue: Queue) -> None:
        """Begin to start the workflows of `queue`."""
        self._queue = queue
        self._thread.start()

    def stop(self) -> None:
        """Claim nothing more."""
        self._stop.set()
        self._thread.join(timeout=LOOK_EVERY + 5)

    @property
    def idle(self) -> bool:
        """True while no workflow runs here."""
        return not self._work

    def wake(self) -> None:
        """Look at the queue soon, whatever the database says."""
        self._look_now.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(
                    db_service.conninfo, autocommit=True, application_name="jarvis dispatch"
                ) as connection:
                    connection.execute(f"LISTEN {WAKE_CHANNEL}")
                    self._listen(connection)
            except (psycopg.Error, DBAPIError, DatabaseUnavailable) as error:
                log.warning("The database does not answer the dispatcher: %s", type(error).__name__)
                self._stop.wait(0.5)

    def _listen(self, connection: psycopg.Connection) -> None:
        """Claim when told of work, when a workflow ended here (its service is free again), or rarely."""
        look_at = time.monotonic()
        while not self._stop.is_set():
            if self._ended() or self._look_now.is_set() or time.monotonic() >= look_at:
                self._look_now.clear()
                began = time.monotonic()
                self._claim()
                took = time.monotonic() - began
                look_at = time.monotonic() + LOOK_EVERY
                self._stop.wait(min(took * REST, BUSY_LOOK_EVERY))
            idle = min(IDLE_LOOK_EVERY, max(0.0, look_at - time.monotonic()))
            wait = BUSY_LOOK_EVERY if self._work else idle
            if any(True for _ in connection.notifies(timeout=wait, stop_after=1)):
                for _ in connection.notifies(timeout=0):
                    pass  # one look finds the work of all that came meanwhile
                self._look_now.set()

    def _ended(self) -> bool:
        """Forget the work that has ended; True when there was any.

        The engine's own count begins only when a thread takes the work up: it misses what is quick.
        """
        before = len(self._work)
        self._work = [future for future in self._work if not future.done()]
        return len(self._work) < before

    def _claim(self) -> None:
        """Claim and start what may start now."""
        room = self._workers - len(self._work)
        if room <= 0 or self._queue is None:
            return
        dbos = _get_dbos_instance()
        owner = generate_uuid()
        ids = dbos._sys_db.start_queued_partitioned_workflows(
            self._queue,
            GlobalParams.executor_id,
            GlobalParams.app_version,
            room,
            owner_xid=owner,
            is_latest_version=False,  # every request carries its version, so the newest need not be looked up
        )
        for status in dbos._sys_db.get_workflow_statuses(ids) if ids else []:
            try:
                handle = execute_dequeued_workflow(dbos, status, owner)
            except DBOSException as error:  # one that cannot be started must not stop the others
                log.error("A workflow cannot be started: %s", error)  # noqa: TRY400 - the sentence says it all
            else:
                if isinstance(handle, WorkflowHandleFuture):
                    self._work.append(cast("WorkflowHandleFuture[Any]", handle).future)
