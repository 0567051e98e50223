"""Starts the parts in order, starts again what dies, and ends them in order."""

import os
import select
import signal
import time
from collections.abc import Callable, Sequence

from jarvis.embedded.part import Part
from jarvis.errors import JarvisError

Say = Callable[[str], None]
READY_WITHIN = 60.0
LOOK_EVERY = 10.0
"""Seconds between two looks whether a part that gives signs of life still gives them."""


class Supervisor:
    """Watches parts until SIGTERM or SIGINT. It sleeps while nothing happens."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._parts: list[Part] = []
        self._wake, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.stopping = False

    def listen(self) -> None:
        """From now on SIGTERM, SIGINT and SIGHUP end the run in order."""
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._asked)

    def _asked(self, *_: object) -> None:
        self.stopping = True

    def bring_up(self, parts: Sequence[Part]) -> None:
        """Start `parts` side by side and wait until each was seen to work.

        Raises:
            JarvisError: One did not get ready.
        """
        for part in parts:
            self._parts.append(part)
            if part.descriptor < 0:
                part.start()
        for part in parts:
            part.await_ready(READY_WITHIN)

    def watch(self) -> None:
        """Start again what dies, until asked to stop."""
        poll = select.poll()
        while not self.stopping:
            watched = [part for part in self._parts if part.descriptor >= 0]
            for part in watched:
                poll.register(part.descriptor, select.POLLIN)
            poll.register(self._wake, select.POLLIN)
            events = {descriptor for descriptor, _ in poll.poll(self._patience())}
            for part in watched:
                poll.unregister(part.descriptor)
                if part.descriptor in events:
                    part.bury()
                    self._say(f"The {part.name} process ended; starting it again.")
            if self._wake in events:
                os.read(self._wake, 4096)
            for part in self._parts:
                if part.kill_if_hung():
                    self._say(f"The {part.name} process stood still and was killed.")
            self._mend()

    def _patience(self) -> int | None:
        due = [part.again_at for part in self._parts if part.descriptor < 0]
        if any(part.sign for part in self._parts):
            due.append(time.monotonic() + LOOK_EVERY)
        return None if not due else max(0, int((min(due) - time.monotonic()) * 1000))

    def _mend(self) -> None:
        for part in self._parts:
            if self.stopping or part.descriptor >= 0 or time.monotonic() < part.again_at:
                continue
            try:
                part.start()
            except JarvisError as error:
                self._say(f"The {part.name} process could not be started: {error.message}")
                part.failures += 1
                part.again_at = time.monotonic() + min(30.0, 2.0 ** min(part.failures, 10))

    def take_down(self) -> None:
        """End the parts, the last started first."""
        for part in reversed(self._parts):
            part.end()
        self._parts.clear()
