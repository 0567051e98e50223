"""The newest events of one stream, read from the database once for all who watch it.

There is no thread for it: whoever waits and hears that there is something new reads for all the others.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from services.db_service import DatabaseUnavailable

KEPT = 256
"""Events that are kept for those who come a little later; who is further behind reads for themselves."""
KEPT_BYTES = 1024**2
"""The same, in bytes."""
PAGE = 20
"""Events that are read at once. A part of a log may have 64 KiB, and many may read at the same time."""
FIRST_PAUSE = 0.05
LAST_PAUSE = 1.0
"""Seconds until another look for what is held back, at first and at last."""

Position = tuple[int, int]
"""A place in a stream; later events have greater ones."""


class Told(dict[str, Any]):
    """An event as it is shown, its place in the stream, and its bytes in the form of server-sent events."""

    def __init__(self, shown: Mapping[str, Any], position: Position, name: str) -> None:
        super().__init__(shown)
        self.position = position
        self.name = name

    @cached_property
    def frame(self) -> bytes:
        """Made once, however many watch."""
        data = json.dumps(self, separators=(",", ":"))
        return f"id: {self.name}\nevent: {self['kind']}\ndata: {data}\n\n".encode()


class News(NamedTuple):
    """What a look at the database brought.

    Attributes:
        told: The events, in order.
        top: All up to here has been seen.
        more: There are more after it.
        held: There are some that may not be told yet, and nobody will say when they may.
    """

    told: list[Told]
    top: Position
    more: bool = False
    held: bool = False


class Channel:
    """One stream for many watchers.

    Args:
        read: Reads what comes after a position.

    Attributes:
        failed: Why it cannot be used any more; the next watcher makes another one.
        watchers: How many there are; kept by the hub.
    """

    def __init__(self, read: Callable[[Position], News]) -> None:
        self._read = read
        self._heard = threading.Condition()
        self._kept: deque[Told] = deque()
        self._bytes = 0
        self._base: Position = (0, 0)
        self._top: Position | None = None
        self._stale = True
        self._reading = False
        self._pause = FIRST_PAUSE
        self.failed: str | None = None
        self.watchers = 0

    def mark(self) -> None:
        """There may be something new: one of those who wait looks for it."""
        with self._heard:
            self._stale = True
            self._heard.notify()

    def take(self, after: Position, timeout: float) -> list[Told] | None:
        """Wait for what comes after a position.

        Returns:
            Events; none when nothing came for `timeout` seconds; None when it is not kept any more.

        Raises:
            DatabaseUnavailable: The database went away.
        """
        until = time.monotonic() + timeout
        while True:
            with self._heard:
                if self._top is None:
                    self._base = self._top = after
                while not (found := self._found(after)) and (self._reading or not self._stale):
                    left = until - time.monotonic()
                    if found is None or left <= 0:
                        return found
                    self._heard.wait(left)
                if found or found is None:
                    return found
                self._reading, self._stale = True, False
                top = self._top
            self._look(top)

    def _found(self, after: Position) -> list[Told] | None:
        if self.failed is not None:
            raise DatabaseUnavailable(self.failed)
        if after < self._base:
            return None
        return [told for told in self._kept if told.position > after]

    def _look(self, top: Position) -> None:
        """Read what is new, for all. Whatever goes wrong, nobody waits for it in vain."""
        news: News | None = None
        why = "Reading the events failed."
        try:
            news = self._read(top)
            for told in news.told:
                _ = told.frame  # made here, outside the lock
        except DatabaseUnavailable as error:
            why = str(error)
            raise
        finally:
            with self._heard:
                self._reading = False
                if news is None:
                    self.failed = why
                else:
                    self._keep(news)
                self._heard.notify_all()

    def _keep(self, news: News) -> None:
        self._top = max(news.top, self._top or news.top)
        self._stale = self._stale or news.more
        for told in news.told:
            self._kept.append(told)
            self._bytes += len(told.frame)
        while len(self._kept) > KEPT or self._bytes > KEPT_BYTES:
            gone = self._kept.popleft()
            self._bytes -= len(gone.frame)
            self._base = gone.position
        if news.held:
            later = threading.Timer(self._pause, self.mark)
            later.daemon = True
            later.start()
            self._pause = min(2 * self._pause, LAST_PAUSE)
        else:
            self._pause = FIRST_PAUSE
