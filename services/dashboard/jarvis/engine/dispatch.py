"""Start enqueued workflows at once: woken by NOTIFY, instead of asking the database many times a second.

The engine's queue threads poll; often enough for a quick deploy they cost 8 % of a core. So they
are told to poll rarely, and this thread claims work through the same functions the moment a request commits.
"""

# pyright: reportPrivateUsage=false
# The claiming functions are private in DBOS 3.4 (pinned); tests/integration/engine holds them to their work.

import logging
import threading
import time

import psycopg
from dbos._core import execute_dequeued_workflow
from dbos._dbos import _get_dbos_instance
from dbos._queue import Queue
from dbos._utils import GlobalParams, generate_uuid
from sqlalchemy.exc import DBAPIError

from jarvis.engine.terms import QUEUE, WAKE_CHANNEL
from services.db_service import DatabaseUnavailable, db_service

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0
"""Seconds between looks without a NOTIFY: the safety net for one that was lost."""
BUSY_LOOK_EVERY = 0.02
"""Seconds between looks, within this process, whether a workflow that runs here has ended."""
IDLE_LOOK_EVERY = 1.0
"""Seconds between looks, within this process, whether it is to stop."""


class Dispatcher:
    """One thread that listens, claims and starts."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._queue: Queue | None = None
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
        look_at, before = time.monotonic(), 0
        while not self._stop.is_set():
            running = _running()
            if running < before or self._look_now.is_set() or time.monotonic() >= look_at:
                self._look_now.clear()
                self._claim(running)
                look_at, running = time.monotonic() + LOOK_EVERY, _running()
            before = running
            wait = BUSY_LOOK_EVERY if running else min(IDLE_LOOK_EVERY, max(0.0, look_at - time.monotonic()))
            if any(True for _ in connection.notifies(timeout=wait, stop_after=1)):
                self._look_now.set()

    def _claim(self, running: int) -> None:
        """Claim and start what may start now."""
        room = self._workers - running
        if room <= 0 or self._queue is None:
            return
        dbos = _get_dbos_instance()
        owner = generate_uuid()
        ids = dbos._sys_db.start_queued_partitioned_workflows(
            self._queue, GlobalParams.executor_id, GlobalParams.app_version, room, owner_xid=owner
        )
        for status in dbos._sys_db.get_workflow_statuses(ids) if ids else []:
            execute_dequeued_workflow(dbos, status, owner)


def _running() -> int:
    dbos = _get_dbos_instance()
    return int(dbos._active_workflows_set.count_for_queue(QUEUE))
