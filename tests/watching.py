"""Stories on a database, and watchers of them in threads of this process."""

import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import pytest
from sqlalchemy import event

from caddy_lab import poll
from config import Settings
from jarvis.workflows import channel, feed, retention, stream
from seed import Seed
from services.db_service import DatabaseService, DatabaseUnavailable

T = TypeVar("T")


class Watcher(Generic[T]):
    """Somebody who reads a stream to its end, in a thread.

    Attributes:
        heard: What came so far.
        lost: The database went away.
    """

    def __init__(self, source: Iterator[T]) -> None:
        self.heard: list[T] = []
        self.lost = False
        self._source = source
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for one in self._source:
                self.heard.append(one)
        except DatabaseUnavailable:
            self.lost = True

    def ended(self, timeout: float = 60) -> bool:
        """Whether the stream ended within this time."""
        self._thread.join(timeout)
        return not self._thread.is_alive()


class Room:
    """One database with stories, and a hub of its own."""

    def __init__(self, database: DatabaseService) -> None:
        self.database = database
        self.seed = Seed(database)
        self.selects = 0
        event.listen(database.engine, "before_cursor_execute", self._count)

    def _count(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.selects += "FROM workflow_events" in statement and "INSERT" not in statement

    def story(self, name: str = "shop", lines: int = 0) -> str:
        """A workflow that was asked for, and said some lines; returns its id."""
        _, workflow = self.seed.deployment(name)
        for number in range(lines):
            self.say(workflow, f"line {number}")
        return workflow

    def say(self, workflow: str, message: str, kind: str = "line") -> None:
        """One more event."""
        self.seed.say(workflow, kind, message)


@contextmanager
def room(database_url: str) -> Generator[Room]:
    """The product's modules use this database meanwhile."""
    database = DatabaseService(Settings(database_url=database_url))
    with pytest.MonkeyPatch.context() as patch:
        for module in (stream, feed, retention):
            patch.setattr(module, "db_service", database)
        patch.setattr(stream, "hub", stream.Hub())
        patch.setattr(stream, "LINGER", 0.1)
        patch.setattr(stream, "most", lambda: 1000)
        patch.setattr(channel, "LAST_PAUSE", 0.2)
        try:
            yield Room(database)
        finally:
            _leave(stream.hub)
            database.close()


def _leave(hub: stream.Hub) -> None:
    """Nobody watches any more, and the ear has closed its connection."""

    def over() -> bool:
        for one in list(hub._channels.values()):
            one.failed = "The test is over."
            with one._heard:
                one._heard.notify_all()
        return not hub._channels and hub._thread is None

    assert poll(over)
