"""How workers know of each other's death: an advisory lock for life, and a look at the others' locks."""

import logging
import socket
import threading
import uuid
from collections.abc import Callable

import psycopg
from dbos import DBOS
from sqlalchemy.exc import DBAPIError

from jarvis.engine.terms import LOCK_SPACE, SCHEMA, lock_key
from services.db_service import DatabaseUnavailable, db_service

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
QUIET_AFTER_RESTART = 5
"""Seconds after PostgreSQL's start in which nobody is declared dead: every lease is briefly gone then."""

_OTHERS = f"""
    SELECT DISTINCT executor_id FROM {SCHEMA}.workflow_status
    WHERE status = 'PENDING' AND executor_id <> %s AND application_version = %s
      AND now() - pg_postmaster_start_time() > make_interval(secs => %s)
"""  # noqa: S608 - the schema's name is a constant of ours
_EXPEL = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database
                                                            WHERE datname = current_database())
          AND classid::bigint = %s AND objid::bigint = (%s::bigint & 4294967295)
"""


def new_executor_id() -> str:
    """An id that no other process life ever has; two workers with one id would run each other's steps."""
    return f"{socket.gethostname()}:{uuid.uuid4().hex[:12]}"


class Lease:
    """Holds this worker's lock and takes over the workflows of workers whose lock is free."""

    def __init__(self, executor_id: str, version: str, on_recovery: Callable[[], None]) -> None:
        self._executor_id = executor_id
        self._version = version
        self._on_recovery = on_recovery
        self._connection: psycopg.Connection | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="lease", daemon=True)

    def take(self) -> None:
        """Take the lock. It is free: nobody else has this id."""
        connection = psycopg.connect(
            db_service.conninfo,
            autocommit=True,
            application_name="jarvis lease",
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
        )
        connection.execute("SELECT pg_advisory_lock(%s, %s)", (LOCK_SPACE, lock_key(self._executor_id)))
        self._connection = connection

    def start(self) -> None:
        """Begin to watch the other workers."""
        self._thread.start()

    def expel(self, other: str) -> None:
        """Take the lock from a worker that stands still, so that its work can be taken over."""
        with psycopg.connect(db_service.conninfo, autocommit=True) as connection:
            connection.execute(_EXPEL, (LOCK_SPACE, lock_key(other)))

    def stop(self) -> None:
        """Look no more. The lock stays until this process ends: a step may still be at work in it."""
        self._stop.set()
        self._thread.join(timeout=5)

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                if self._connection is None:
                    self.take()
                else:
                    self._look(self._connection)
            except (psycopg.Error, DBAPIError, DatabaseUnavailable) as error:
                log.warning("The database does not answer the lease: %s", type(error).__name__)
                if self._connection is not None:
                    self._connection.close()
                self._connection = None
            self._stop.wait(LOOK_EVERY)

    def _look(self, connection: psycopg.Connection) -> None:
        rows = connection.execute(_OTHERS, (self._executor_id, self._version, QUIET_AFTER_RESTART)).fetchall()
        for (other,) in rows:
            self._inherit(connection, str(other))

    def _inherit(self, connection: psycopg.Connection, other: str) -> None:
        keys = (LOCK_SPACE, lock_key(other))
        row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", keys).fetchone()
        if row is None or not row[0]:
            return
        try:
            log.info("Worker %s is gone; taking over its workflows", other)
            # Private in DBOS 3.4: puts them back on their own queue with partition and deadline, which the
            # public resume_workflows does not. tests/integration/engine holds it to that.
            DBOS._recover_pending_workflows([other])  # pyright: ignore[reportPrivateUsage] - see above
            self._on_recovery()
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s, %s)", keys)
