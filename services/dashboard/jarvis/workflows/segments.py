"""What programs say, kept as events with many lines each: 100,000 lines are some hundred rows."""

import re
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import NamedTuple, Self

from jarvis import control
from jarvis.segment import KIND, Line
from jarvis.workflows import ledger
from jarvis.workflows.redact import Passages, Redactor

SECONDS = 1.0
"""A line is written at most so long after it was said."""
LINES = 500
BYTES = 64 * 1024
"""Most lines, and most bytes, of one event."""
LONGEST = 8 * 1024
"""Signs of a line; what is longer is cut, and says so."""
ROOM = 16 * BYTES
"""Bytes that may wait to be written; then the program waits."""
_MESSAGE = 200
_EACH = 24
"""What a line costs beside its text, in bytes."""
_CODES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)

Say = Callable[..., None]
"""`ledger.say`, or what stands for it in a test."""


def last_shown(line: str) -> str:
    """What stays on a screen of a line that was written again and again, as a bar of progress is."""
    shown = line.rstrip("\r")
    return shown[shown.rfind("\r") + 1 :]


def plain(text: str) -> str:
    """`text` without colours and control characters."""
    return _CODES.sub("", text)


class _Said(NamedTuple):
    """A line that waits to be written, and how many of its signs were cut off already."""

    line: Line
    cut: int


class Lines:
    """Takes the lines of one step's programs, from any thread, and writes them as events.

    A thread of its own writes: whoever brings lines waits only when far more come than the database takes.
    A crash loses at most the last second.

    Args:
        workflow_id: Whose story it is.
        step: The step in which the programs run.
        redact: Takes the secrets out before anything is written.
        say: Writes an event.
    """

    def __init__(self, workflow_id: str, step: str, redact: Redactor, *, say: Say = ledger.say) -> None:
        self._tell = partial(say, workflow_id, KIND, step=step)
        self._most = LONGEST + redact.longest
        self._passages = Passages(redact)
        self._changed = threading.Condition()
        self._waiting: deque[_Said] = deque()
        self._held: list[_Said] = []
        self._bytes = 0
        self._began = time.monotonic()
        self._count = 0
        self._closed = False
        self._broken: Exception | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(quiet=error is not None)

    def add(self, text: str, stream: str = "out") -> None:
        """One line, or several.

        Raises:
            JarvisError: Lines could not be written, or the work was called off while this waited.
        """
        seconds = round(time.monotonic() - self._began, 2)
        for line in text.removesuffix("\n").split("\n"):
            shown = last_shown(line)
            kept = plain(shown[: self._most])
            self._put(_Said(Line(seconds, stream, kept), max(0, len(shown) - self._most)))

    def _put(self, said: _Said) -> None:
        with self._changed:
            while self._bytes > ROOM and self._broken is None:
                self._changed.wait(0.5)
                control.check()
            if self._broken is not None:
                raise self._broken
            if self._closed:
                return  # a program that was killed may still have had something to say
            self._waiting.append(said)
            self._bytes += _size(said)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="lines", daemon=True)
                self._thread.start()
            elif len(self._waiting) == 1 or self._is_full():
                self._changed.notify_all()

    def close(self, *, quiet: bool = False) -> None:
        """Write what is left.

        Args:
            quiet: Something else has failed already: say nothing of lines that cannot be written.

        Raises:
            JarvisError: Lines could not be written, or the work was called off.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is None:
            return
        self._thread.join(5)
        while self._thread.is_alive() and not quiet:
            control.check()
            self._thread.join(0.5)
        if self._broken is not None and not quiet:
            raise self._broken

    def _work(self) -> None:
        try:
            while self._next():
                pass
        except Exception as error:  # noqa: BLE001 - whatever it is, those who bring lines must hear of it
            with self._changed:
                self._broken = error
                self._changed.notify_all()

    def _next(self) -> bool:
        """Write one event, when it is time; False when all is written and no more will come."""
        batch, last = self._batch()
        texts = self._passages.redact([(one.line.stream, one.line.text) for one in batch], hold=not last)
        told = [one.line._replace(text=_cut(text, one.cut)) for one, text in zip(batch, texts, strict=False)]
        self._held = batch[len(told) :]
        if told:
            spoken = (line.text.strip() for line in reversed(told))
            message = next((text for text in spoken if text), "")[:_MESSAGE]
            data = {"lines": [list(line) for line in told], "first": self._count + 1, "count": len(told)}
            self._tell(message or "…", data=data)
            self._count += len(told)
        with self._changed:
            return not (self._closed and not self._waiting and not self._held)

    def _batch(self) -> tuple[list[_Said], bool]:
        """The lines that are to be written now; True with it when none of them may be kept back."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, SECONDS if self._held else None)
            came = bool(self._waiting)
            if came:
                due = self._began + self._waiting[0].line.seconds + SECONDS
                self._changed.wait_for(
                    lambda: self._closed or self._is_full(), max(0.0, due - time.monotonic())
                )
            batch = self._held
            size = sum(map(_size, batch))
            while self._waiting and (not batch or len(batch) < LINES):
                size += _size(self._waiting[0])
                if batch and size > BYTES:
                    break
                self._bytes -= _size(self._waiting[0])
                batch.append(self._waiting.popleft())
            self._changed.notify_all()
            last = not came or len(batch) >= LINES or (self._closed and not self._waiting)
        return batch, last

    def _is_full(self) -> bool:
        return len(self._waiting) >= LINES or self._bytes >= BYTES


def _size(said: _Said) -> int:
    text = said.line.text
    return _EACH + (len(text) if text.isascii() else 3 * len(text))


def _cut(text: str, before: int) -> str:
    """A line of bearable length; what is left out is counted."""
    more = max(0, len(text) - LONGEST) + before
    return f"{text[:LONGEST]} … ({more:,} more signs)" if more else text
