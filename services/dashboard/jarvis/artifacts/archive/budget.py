"""Count what is really written, and stop at the limit."""

from collections.abc import Callable

from jarvis.artifacts.archive.limits import Limits, raise_it
from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.sizes import MEBIBYTE, RATIO_AHEAD, RATIO_FROM

_LESS = "Leave out what the site does not need, or split it."


class Budget:
    """Bytes written for one archive.

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

    def spend(self, size: int, entry: str | bytes = "") -> None:
        """Ask before `size` bytes are written."""
        if self.spent + size > self._most:
            self.foresee(self.spent + size, entry)
        self.spent += size
        if self._progress and self.spent - self._told >= MEBIBYTE:
            self._told = self.spent
            self._progress(self.spent)

    def foresee(self, total: int, entry: str | bytes = "") -> None:
        """Refuse when `total` bytes would be too many, by the archive's own word or by what was counted.

        Args:
            total: Of all files.
            entry: The one that is too much, or the largest.
        """
        limits = self.limits
        if total > limits.expanded:
            why = "makes" if entry else "it unpacks to"
            more = f"more than {_size(limits.expanded)}" + (" of the whole" if entry else "")
            hint = raise_it("JARVIS_UNPACK_BYTES", limits.expanded, _LESS)
            raise refused("size-total", f"{why} {more}", entry, hint)
        if total > self._ratio:
            raise self._bomb(entry)

    def foresee_file(self, size: int, entry: str | bytes) -> None:
        """Refuse one file that says it is too large."""
        if size > self.limits.file:
            hint = raise_it("JARVIS_UNPACK_FILE_BYTES", self.limits.file, _LESS)
            raise refused("size-file", f"is larger than {_size(self.limits.file)}", entry, hint)

    def stream(self, total: int, read: int) -> None:
        """Refuse a compressed tar that has become `total` bytes after `read` bytes of it were read."""
        if total > self._ratio or total > RATIO_AHEAD + self.limits.ratio * read:
            raise self._bomb("")

    def fits(self, more: int) -> bool:
        """Would this many more bytes be within the limits?"""
        return self.spent + more <= self._most

    def done(self) -> None:
        """Tell the last number."""
        if self._progress and self._told != self.spent:
            self._progress(self.spent)

    def _bomb(self, entry: str | bytes) -> Exception:
        ratio = self.limits.ratio
        start = "makes it unpack" if entry else "it unpacks"
        hint = raise_it("JARVIS_UNPACK_RATIO", ratio, "If the data is real, hand it in as a plain tar.")
        return refused(
            "ratio", f"{start} to more than {ratio} times its own size, as only a bomb does", entry, hint
        )


def _size(size: int) -> str:
    return f"{size // MEBIBYTE} MiB" if size >= MEBIBYTE else f"{size} bytes"
