"""Live events for many watchers: one LISTEN connection a process wakes those who wait."""

import logging
import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg

from jarvis.workflows import events
from services.db_service import DatabaseUnavailable, db_service

log = logging.getLogger(__name__)

HEARTBEAT = 15.0
"""Seconds after which a silent stream says that it is still there, so that proxies keep it open."""


class Ear:
    """Listens to PostgreSQL for the whole process, from the first watcher on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard = threading.Condition(self._lock)
        self._count: defaultdict[str, int] = defaultdict(int)
        self._generation = 0
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Begin to listen, once."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="ear", daemon=True)
                self._thread.start()

    def mark(self, workflow_id: str) -> tuple[int, int]:
        """What `wait` compares with: take it before reading the events."""
        with self._lock:
            return self._generation, self._count[workflow_id]

    def wait(self, workflow_id: str, mark: tuple[int, int], timeout: float) -> bool:
        """Wait until something may have happened since `mark`; False when `timeout` seconds passed."""
        with self._lock:
            return self._heard.wait_for(lambda: (self._generation, self._count[workflow_id]) != mark, timeout)

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            try:
                with psycopg.connect(
                    db_service.conninfo, autocommit=True, application_name="jarvis stream"
                ) as connection:
                    connection.execute(f"LISTEN {events.CHANNEL}")
                    self._everybody()  # what was said before the LISTEN was not heard
                    for notice in connection.notifies():
                        with self._lock:
                            self._count[notice.payload] += 1
                            self._heard.notify_all()
            except (psycopg.Error, DatabaseUnavailable) as error:
                log.warning("The event stream lost the database: %s", type(error).__name__)
            pause.wait(0.5)

    def _everybody(self) -> None:
        with self._lock:
            self._generation += 1
            self._heard.notify_all()


ear = Ear()


def follow(workflow_id: str, after: int = 0) -> Iterator[dict[str, Any] | None]:
    """Events of a workflow from sequence `after` on, as they come, up to its end.

    Yields:
        Events, and None when nothing happened for `HEARTBEAT` seconds.
    """
    ear.open()
    while True:
        mark = ear.mark(workflow_id)
        with db_service.get_session() as session:
            news = [events.public(event) for event in events.read(session, workflow_id, after=after)]
        for event in news:
            after = event["sequence"]
            yield event
            if event["kind"] == events.END:
                return
        if not news and not ear.wait(workflow_id, mark, HEARTBEAT):
            yield None
