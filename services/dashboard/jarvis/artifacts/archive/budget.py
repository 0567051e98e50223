"""Count what is really written, and stop at the limit."""

import threading
from collections.abc import Callable

from jarvis.artifacts.archive.limits import MEBIBYTE, RATIO_FROM, Limits
from jarvis.artifacts.archive.refusal import refused

_LESS = "Leave out what the site does not need, or split it."


class Budget:
    """Bytes written for one archive; shared by the threads that write.

    Args:
        limits: The most that may be written.
        source: Size of the archive itself.
        progress: Told the bytes written so far, about once a MiB and at the end.
    """

    def __init__(self, limits: Limits, source: int, progress: Callable[[int], None] | None = None) -> None:
        self.limits = limits
        self.spent = 0
        self._ratio = max(RATIO_FROM, limits.ratio * source)
        self._most = min(limits.expanded, self._ratio)
        self._progress = progress
        self._told = 0
        self._lock = threading.Lock()

    def spend(self, size: int) -> None:
        """Ask before `size` bytes are written."""
        with self._lock:
            if self.spent + size > self._most:
                self.foresee(self.spent + size)
            self.spent += size
            if self._progress and self.spent - self._told >= MEBIBYTE:
                self._told = self.spent
                self._progress(self.spent)

    def foresee(self, total: int) -> None:
        """Refuse when `total` bytes would be too many, by the archive's own word or by what was counted."""
        if total > self.limits.expanded:
            raise refused("size-total", f"it unpacks to more than {_size(self.limits.expanded)}", hint=_LESS)
        if total > self._ratio:
            why = f"it unpacks to more than {self.limits.ratio} times its own size, as only a bomb does"
            raise refused("ratio", why, hint="If the data is real, hand in the folder or a plain tar.")

    def foresee_file(self, size: int, entry: str | bytes) -> None:
        """Refuse one file that says it is too large."""
        if size > self.limits.file:
            raise refused("size-file", f"is larger than {_size(self.limits.file)}", entry, _LESS)

    def done(self) -> None:
        """Tell the last number."""
        if self._progress and self._told != self.spent:
            self._progress(self.spent)


def _size(size: int) -> str:
    return f"{size // MEBIBYTE} MiB" if size >= MEBIBYTE else f"{size} bytes"
