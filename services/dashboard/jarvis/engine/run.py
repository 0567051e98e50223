"""The engine of one worker process: launch it, keep its lease, end it."""

import logging

from dbos import DBOS, DBOSConfig

from jarvis.engine import tables
from jarvis.engine.dispatch import Dispatcher
from jarvis.engine.lease import Lease, new_executor_id
from jarvis.engine.quiet import FLUSH_EVERY, quieten
from jarvis.engine.terms import APPLICATION, QUEUE, SCHEMA, VERSION, JsonSerializer

log = logging.getLogger(__name__)

WORKFLOWS_AT_ONCE = 64
SELDOM = 30.0
"""Seconds between the engine's own looks at its queues; jarvis.engine.dispatch is what starts work."""


class Engine:
    """The running engine. One a process."""

    def __init__(self) -> None:
        self.executor_id = new_executor_id()
        self._tables = tables.engine()
        self._dispatcher = Dispatcher(WORKFLOWS_AT_ONCE)
        self._lease = Lease(self.executor_id, VERSION, self._dispatcher.wake)

    def start(self) -> None:
        """Take the lease, launch, and begin to work. Every workflow must be registered before."""
        self._lease.take()
        quieten()
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_engine": self._tables,
            "dbos_system_schema": SCHEMA,
            "executor_id": self.executor_id,
            "application_version": VERSION,
            "serializer": JsonSerializer(),
            "scheduler_polling_interval_sec": 3600.0,
            "notification_coalesce_sec": FLUSH_EVERY,
            "log_level": "WARNING",
            "enable_otlp": False,
        }
        DBOS(config=config)
        DBOS.launch()
        queue = DBOS.register_queue(
            QUEUE,
            partition_concurrency=1,
            worker_concurrency=WORKFLOWS_AT_ONCE,
            polling_interval_sec=SELDOM,
            on_conflict="always_update",
        )
        self._dispatcher.start(queue)
        self._lease.start()

    @property
    def idle(self) -> bool:
        """True while no workflow runs here."""
        return self._dispatcher.idle

    def expel(self, worker: str) -> None:
        """Let the work of a worker that stands still be taken over."""
        self._lease.expel(worker)

    def stop(self, patience: int = 10) -> None:
        """Claim nothing more, give running workflows `patience` seconds, and let go.

        What does not end in time is not lost: another worker, or the next start, carries it on.
        """
        self._dispatcher.stop()
        DBOS.destroy(workflow_completion_timeout_sec=patience)
        self._lease.stop()
        self._tables.dispose()
