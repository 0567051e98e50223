"""What a thread is at work on, so that it can be called off: its deadline, a word to stop, what to kill.

A thread cannot be ended from outside. Long work therefore asks `check()` now and then, and programs that it
started are killed for it.
"""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

from jarvis.errors import JarvisError


class Control:
    """One piece of work that may be called off.

    Args:
        owner: Whose work it is: a workflow's id.
        name: What is done, for messages.
        seconds: How long it may take.
        shielded: Only its deadline ends it, nobody's wish: it puts things in order.

    Attributes:
        deadline: When it must have ended, by the monotonic clock.
        stopped_at: When it was called off, by the same clock.
    """

    def __init__(self, owner: str, name: str, seconds: float, *, shielded: bool = False) -> None:
        self.owner = owner
        self.name = name
        self.seconds = seconds
        self.shielded = shielded
        self.deadline = time.monotonic() + seconds
        self.stopped_at: float | None = None
        self._reason: JarvisError | None = None
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._kills: list[Callable[[], None]] = []

    def stop(self, reason: JarvisError) -> None:
        """Call it off; the first reason counts."""
        with self._lock:
            if self._reason is not None:
                return
            self._reason = reason
            self.stopped_at = time.monotonic()
            kills = list(self._kills)
        self._stopped.set()
        for kill in kills:
            kill()

    def on_stop(self, kill: Callable[[], None]) -> None:
        """Let `kill` be called when the work is called off; at once when it was already."""
        with self._lock:
            self._kills.append(kill)
            late = self._reason is not None
        if late:
            kill()

    def check(self) -> None:
        """Go on only if nobody called it off.

        Raises:
            JarvisError: The reason.
        """
        if self._reason is not None:
            raise self._reason

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than until the work is called off.

        Raises:
            JarvisError: The reason.
        """
        self._stopped.wait(seconds)
        self.check()


_CURRENT: ContextVar[Control | None] = ContextVar("control", default=None)
_RUNNING: set[Control] = set()
_LOCK = threading.Lock()


def current() -> Control | None:
    """What this thread is at work on."""
    return _CURRENT.get()


def running() -> list[Control]:
    """What all threads of this process are at work on."""
    with _LOCK:
        return list(_RUNNING)


def check() -> None:
    """Go on only if nobody called this thread's work off.

    Raises:
        JarvisError: The reason.
    """
    control = _CURRENT.get()
    if control is not None:
        control.check()


def on_stop(kill: Callable[[], None]) -> None:
    """Let `kill` be called when this thread's work is called off."""
    control = _CURRENT.get()
    if control is not None:
        control.on_stop(kill)


@contextmanager
def within(control: Control) -> Generator[Control]:
    """Let this thread be at work on `control`, for the time of the block."""
    token = _CURRENT.set(control)
    with _LOCK:
        _RUNNING.add(control)
    try:
        yield control
    finally:
        with _LOCK:
            _RUNNING.discard(control)
        _CURRENT.reset(token)
