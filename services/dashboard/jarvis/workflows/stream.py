"""Live events for many watchers: one connection a process listens, one of those who watch reads for all."""

import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

import psycopg
from sqlalchemy import select

import config
from jarvis.workflows import events
from jarvis.workflows.channel import PAGE, Channel, News, Position, Told
from models import WorkflowEvent
from services.db_service import DatabaseUnavailable, db_service

log = logging.getLogger(__name__)

HEARTBEAT = 15.0
"""Seconds after which a silent stream says that it is still there, so that proxies keep it open."""
LINGER = 60.0
"""Seconds after which the process looks whether anybody still watches, and stops to listen if not."""
EVERYTHING = "*"
"""The channel that hears of every workflow."""
BEGIN = b"retry: 1000\n\n"
CROWDED = b"retry: 5000\n\n"
AWAY = b": the database is away\n\n"


def most() -> int:
    """Watchers for whom there is room. Each holds a thread of the web server; others need some too."""
    threads = config.settings().web_threads
    return max(1, threads - max(2, threads // 8))


class Hub:
    """The streams that are watched in this process, and the connection that hears of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channels: dict[str, Channel] = {}
        self._watchers = 0
        self._thread: threading.Thread | None = None

    @contextmanager
    def join(self, channel: Channel, name: str) -> Generator[Channel]:
        """Watch the stream `name`; `channel` is the one to use when nobody watches it yet."""
        with self._lock:
            known = self._channels.get(name)
            if known is None or known.failed is not None:
                known = self._channels[name] = channel
            known.watchers += 1
            self._watchers += 1
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._listen, name="ear", daemon=True)
                self._thread.start()
        try:
            yield known
        finally:
            with self._lock:
                known.watchers -= 1
                self._watchers -= 1
                if not known.watchers and self._channels.get(name) is known:
                    del self._channels[name]

    def has_room(self, more: int = 0) -> bool:
        """Whether those who watch, and so many `more`, are not too many."""
        return self._watchers + more <= most()

    def hear(self, name: str) -> None:
        """Something happened to a workflow."""
        with self._lock:
            channels = [self._channels.get(name), self._channels.get(EVERYTHING)]
        for channel in channels:
            if channel is not None:
                channel.mark()

    def _listen(self) -> None:
        pause = threading.Event()
        while True:
            try:
                with psycopg.connect(
                    db_service.conninfo, autocommit=True, application_name="jarvis stream"
                ) as connection:
                    connection.execute(f"LISTEN {events.CHANNEL}")
                    self._everybody()  # what was said before the LISTEN was not heard
                    while not self._nobody():
                        for notice in connection.notifies(timeout=LINGER):
                            self.hear(notice.payload)
                    return
            except (psycopg.Error, DatabaseUnavailable) as error:
                if self._nobody():
                    return
                log.warning("The event stream lost the database: %s", type(error).__name__)
            pause.wait(0.5)

    def _everybody(self) -> None:
        with self._lock:
            channels = list(self._channels.values())
        for channel in channels:
            channel.mark()

    def _nobody(self) -> bool:
        """Whether nobody watches; then the next one who does begins to listen anew."""
        with self._lock:
            if not self._channels:
                self._thread = None
            return not self._channels


hub = Hub()


def follow(workflow_id: str, after: int = 0) -> Generator[Told | None]:
    """Events of a workflow after the sequence `after`, as they come.

    A workflow that is retried goes on after its `end`. So the stream ends at an `end` behind which there is
    nothing, also when that one is not after `after`. Where too many watch already, it ends behind what there
    is now: whoever comes again with the last sequence misses nothing.

    Yields:
        Events, and None when nothing happened for `HEARTBEAT` seconds.

    Raises:
        DatabaseUnavailable: The database went away.
    """
    read = partial(_read, workflow_id)
    with hub.join(Channel(read), workflow_id) as channel:
        at: Position = (0, after)
        caught_up = over = begun = False
        while True:
            news = channel.take(at, 0 if over else HEARTBEAT) if caught_up else None
            if news is None:
                page = read(at)
                news, caught_up = page.told, not page.more
                if not news and not begun:
                    newest = _newest(workflow_id)
                    over = newest is not None and newest[1] == events.END
                    at = min(at, (0, newest[0] if newest else 0))
            elif not news:
                if over:
                    return
                yield None
            for told in news:
                at, over = told.position, told["kind"] == events.END
                yield told
            if not begun and caught_up and not hub.has_room():
                return
            begun = begun or caught_up


def sent(workflow_id: str, after: int = 0) -> Generator[bytes]:
    """The same in the form of server-sent events. Without the database it ends; clients come back."""
    yield BEGIN if hub.has_room(1) else CROWDED
    try:
        for told in follow(workflow_id, after):
            yield b": still here\n\n" if told is None else told.frame
    except DatabaseUnavailable:
        yield AWAY


def is_over(workflow_id: str, after: int) -> bool:
    """Whether the story has ended and nothing comes after the sequence `after`."""
    newest = _newest(workflow_id)
    return newest is not None and newest[1] == events.END and newest[0] <= after


def _read(workflow_id: str, at: Position) -> News:
    with db_service.get_session() as session:
        rows = events.read(session, workflow_id, after=at[1], limit=PAGE)
        told = [Told(events.public(row), (0, row.sequence), str(row.sequence)) for row in rows]
    return News(told, told[-1].position if told else at, more=len(told) == PAGE)


def _newest(workflow_id: str) -> tuple[int, str] | None:
    """Sequence and kind of the last event."""
    query = (
        select(WorkflowEvent.sequence, WorkflowEvent.kind)
        .where(WorkflowEvent.workflow_id == UUID(workflow_id))
        .order_by(WorkflowEvent.sequence.desc())
        .limit(1)
    )
    with db_service.get_session() as session:
        row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None
