"""Ends the wait for senders that stop in the middle of a body.

The web server (granian) gives a body by a call that waits until all bytes asked for are there, for as long as
it takes. The call cannot be called off, and must not be made in a thread of its own: when the request ends
before the call does, the whole process stands still. So the connection is ended, in the direction that nobody
uses any more: the call returns, and the sender still gets an answer.

Which connection it is, the server does not tell. It is one of the sender's on which nothing was sent since
the wait began, and little received. An answer that is worked on for as long looks the same; it is lost then.
"""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from jarvis.api.connections import Connection, connections

PATIENCE = 60.0
"""Seconds for one piece of a body."""
PIECE = 256 * 1024
"""Bytes that are asked for at once. Who brings less than half of it in half the patience has stopped."""
LOOKS = 8
"""Looks in the time of the patience."""

See = Callable[[str, int], AbstractContextManager[list[Connection]]]


@dataclass(eq=False)
class Wait:
    """Somebody waits for a piece.

    Attributes:
        peer: The sender's address.
        port: Our own port.
        since: When it began.
        stalled: The wait was ended.
        marks: Connection → bytes that it had received after half the patience.
    """

    peer: str
    port: int
    since: float
    stalled: bool = False
    marks: dict[bytes, int] | None = field(default=None)


class Watch:
    """Looks at all waits from time to time, in a thread that lives as long as there are some.

    Args:
        patience: Seconds that a wait may take.
        see: Finds connections.
    """

    def __init__(self, patience: float = PATIENCE, see: See = connections) -> None:
        self.patience = patience
        self._see = see
        self._waits: set[Wait] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def wait(self, peer: str, port: int) -> Generator[Wait]:
        """A wait, for the time of the block."""
        wait = Wait(peer, port, time.monotonic())
        with self._lock:
            self._waits.add(wait)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="watch", daemon=True)
                self._thread.start()
        try:
            yield wait
        finally:
            with self._lock:
                self._waits.discard(wait)

    def look(self, now: float) -> None:
        """Mark the waits that take half the patience, and end those that take all of it."""
        with self._lock:
            waits = list(self._waits)
        for wait in waits:
            age = now - wait.since
            if age >= self.patience / 2 and wait.marks is None:
                with self._see(wait.peer, wait.port) as seen:
                    wait.marks = {one.key: one.received for one in seen}
            elif age >= self.patience and wait.marks is not None:
                self._end(wait, age)

    def _end(self, wait: Wait, age: float) -> None:
        """What waits for its body got nothing from us meanwhile; what goes on has received something."""
        marks = wait.marks or {}
        with self._see(wait.peer, wait.port) as seen:
            for one in seen:
                came = one.received - marks.get(one.key, -PIECE)
                if came < PIECE // 2 and one.quiet >= age - self.patience / LOOKS:
                    wait.stalled = True
                    one.stop_reading()

    def _work(self) -> None:
        try:
            while not self._idle():
                time.sleep(self.patience / LOOKS)
                self.look(time.monotonic())
        except BaseException:
            self._thread = None  # the next wait begins another one
            raise

    def _idle(self) -> bool:
        """Whether there is nothing to look at; the thread ends then."""
        with self._lock:
            if not self._waits:
                self._thread = None
            return not self._waits
