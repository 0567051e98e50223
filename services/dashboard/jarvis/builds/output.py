"""What a program of a build says: line by line to the story, and its last lines to whom it failed."""

import os
import re
import select
import signal
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from jarvis import control, telling
from jarvis.errors import DeployFailed, JarvisError, StorageFull

LAST_LINES = 20
"""Lines that the error of a failed program holds."""
_LONGEST = 64 * 1024
"""Bytes after which a line is told although it has not ended."""
_SHOWN = 500
_NAME = 120
_CODES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])|[\x00-\x08\x0b-\x1f]"
)
_FULL = re.compile(r"No space left on device|ENOSPC")


class Output:
    """Takes what a program says, and makes lines of it."""

    def __init__(self, source: int, say: Callable[[str], None]) -> None:
        self._source = source
        self._say = say
        self._poll = select.poll()
        self._poll.register(source, select.POLLIN)
        self._rest = b""
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self.bytes = 0
        self.ended = False

    def listen(self, seconds: float) -> bool:
        """Take what is there, or comes soon; False when nothing came."""
        if self.ended:
            time.sleep(seconds)
            return False
        if not self._poll.poll(seconds * 1000):
            return False
        with suppress(BlockingIOError):
            data = os.read(self._source, _LONGEST)
            self.ended = not data
            self.bytes += len(data)
            self._take(data)
            return bool(data)
        return False

    def _take(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LONGEST:
            lines.append(self._rest)
            self._rest = b""
        if lines:
            self._tell([line.decode(errors="replace") for line in lines])

    def _tell(self, lines: list[str]) -> None:
        self._last.extend(lines)
        for line in lines:
            self._say(line)

    def close(self) -> None:
        """Take what lies there still, when everybody who could say something has ended."""
        while self.listen(0):
            control.check()
        if self._rest:
            self._tell([self._rest.decode(errors="replace")])
            self._rest = b""

    def last(self, hide: Callable[[str], str]) -> list[str]:
        """The last lines as a screen would show them, without secrets."""
        lines = [_CODES.sub("", line.rstrip("\r").rpartition("\r")[2]).rstrip() for line in self._last]
        return [line[:_SHOWN] for line in hide("\n".join(lines)).split("\n") if line]


def short(text: str) -> str:
    """The first line, as far as a sentence can bear it."""
    line = text.partition("\n")[0][:_NAME]
    return line if line == text else f"{line} …"


def failed(name: str, code: int, last: list[str]) -> JarvisError:
    """What a person is told of a program that ended with an error."""
    facts: dict[str, Any] = {"output": last, "exit_code": code}
    if any(_FULL.search(line) for line in last):
        return StorageFull(f"The disk became full during {name}.", "Free some space, then try again.", facts)
    said = telling.line(last)
    why = f": {said}" if said else "."
    hint = "Its last lines say more. Correct the project and deploy it again."
    if code in {-signal.SIGKILL, 128 + signal.SIGKILL}:
        hint = "The machine may have run out of memory. Free some, or hand in what is built elsewhere."
    elif code == 127:
        hint = "A program that it calls is neither on this machine nor among what was installed."
    return DeployFailed(f"{name} {_ending(code)}{why}", hint, facts)


def starved(name: str, last: list[str]) -> JarvisError:
    """What a person is told of a program that the kernel ended since builds took too much memory."""
    return DeployFailed(
        f"{name} was ended: it took more memory than all builds of this machine may take together.",
        "Let it take less, raise JARVIS_BUILD_MEMORY, or hand in what is built elsewhere.",
        {"output": last},
    )


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
