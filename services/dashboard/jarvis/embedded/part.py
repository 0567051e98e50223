"""One part of a running Jarvis: how it is started, how it is seen to be ready, when it is started again."""

import http.client
import os
import select
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from jarvis import shell
from jarvis.errors import Unavailable

STEADY = 2.0
"""Seconds of life after which the end of a part is an accident, and not another failure to start."""
LONGEST_PAUSE = 10.0
SILENCE = 60.0
"""Seconds without a sign of life after which a part stands still."""
LOOKS = 2
"""Looks that must find it silent: after a sleep of the whole machine the first one finds everybody so."""


@dataclass
class Part:
    """A process that `jarvis up` keeps running.

    Attributes:
        name: As the person reads it.
        begin: Starts it.
        ready: True once it was seen to work.
        stop_signal: What asks it to end.
        patience: Seconds it gets to end.
        sign: A file that it touches every few seconds while it is well, if it does.
    """

    name: str
    begin: Callable[[], shell.Child]
    ready: Callable[[], bool]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 15.0
    sign: Path | None = None
    pid: int = 0
    child: shell.Child | None = None
    began: float = 0.0
    failures: int = 0
    again_at: float = 0.0
    _silent: int = field(default=0, repr=False)
    _pidfd: int = field(default=-1, repr=False)

    def start(self) -> None:
        """Start it, and begin to watch it."""
        self.child = self.begin()
        self._watch(self.child.pid)

    def adopt(self, pid: int) -> None:
        """Watch a process that an earlier `jarvis up` started."""
        self._watch(pid)

    def _watch(self, pid: int) -> None:
        self.pid = pid
        self.began = time.monotonic()
        self.again_at = 0.0
        self._pidfd = os.pidfd_open(pid)

    @property
    def descriptor(self) -> int:
        """Becomes readable when the process ends; -1 while there is none."""
        return self._pidfd

    def alive(self) -> bool:
        """True while the process runs."""
        if self._pidfd < 0:
            return False
        ended, _, _ = select.select([self._pidfd], [], [], 0)
        return not ended

    def kill_if_hung(self) -> bool:
        """Kill it when it stands still; call it every few seconds. Returns whether it was killed."""
        try:
            silent = self.sign is not None and time.time() - self.sign.stat().st_mtime > SILENCE
        except FileNotFoundError:
            silent = False  # it is starting
        self._silent = self._silent + 1 if silent and self._pidfd >= 0 else 0
        if self._silent < LOOKS:
            return False
        self._silent = 0
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        return True

    def bury(self) -> None:
        """Reap it after its end, end what it left running, and decide when it is started again."""
        self._close()
        if self.child is not None:
            self.child.kill_group()
            self.child = None
        steady = time.monotonic() - self.began > STEADY
        self.failures = 0 if steady else self.failures + 1
        pause = 0.0 if self.failures <= 1 else min(LONGEST_PAUSE, 0.5 * 2 ** min(self.failures - 2, 10))
        self.again_at = time.monotonic() + pause

    def end(self) -> None:
        """Ask it to end, and make sure of it."""
        if self._pidfd < 0:
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, self.stop_signal)
        ended, _, _ = select.select([self._pidfd], [], [], self.patience)
        if not ended:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            select.select([self._pidfd], [], [], 5.0)
        self._close()
        if self.child is not None:
            self.child.kill_group()
            self.child = None

    def _close(self) -> None:
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1

    def await_ready(self, timeout: float) -> None:
        """Wait until it was seen to work.

        Raises:
            Unavailable: It ended, or did not get ready in time; with the last lines of its log.
        """
        end = time.monotonic() + timeout
        while not self.ready():
            if not self.alive():
                raise self._not_ready("ended while it started")
            if time.monotonic() > end:
                raise self._not_ready(f"is not ready after {timeout:g} seconds")
            time.sleep(0.02)

    def _not_ready(self, what: str) -> Unavailable:
        said = self.log.read_text(encoding="utf-8", errors="replace") if self.log.is_file() else ""
        lines = "\n".join(said.splitlines()[-8:])
        return Unavailable(f"The part “{self.name}” {what}.", f"The last lines of {self.log}:\n{lines}")


def answers(address: str, port: int, path: str) -> bool:
    """True when `GET path` is answered with 200."""
    connection = http.client.HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", path, headers={"Host": "jarvis"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def environment(base: Mapping[str, str], part: str, values: Mapping[str, str]) -> dict[str, str]:
    """The environment of a part: the machine's, without our own variables, plus exactly `values`."""
    kept = {name: value for name, value in base.items() if not name.startswith("JARVIS_")}
    return {**kept, **values, "JARVIS_PART": part, "PYTHONUNBUFFERED": "1", "PYTHONSAFEPATH": "1"}
