"""Bring a file that grows to the disk meanwhile, so that little is left to wait for at its end."""

import os
import threading
from types import TracebackType
from typing import Self

STEP = 16 * 1024**2
"""Bytes after which the disk is reminded."""


class Syncing:
    """Reminds the disk from a thread of its own. At the end of the block, what went wrong there is raised.

    The system tells of a failed write only once, so it must not be lost here.

    Args:
        descriptor: Of the file, open until the end of the block.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._thread: threading.Thread | None = None
        self._error: OSError | None = None
        self._waiting = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread is not None:
            self._thread.join()
        if self._error is not None and error is None:
            raise self._error

    def wrote(self, size: int) -> None:
        """So many bytes were written."""
        self._waiting += size
        if self._waiting >= STEP and (self._thread is None or not self._thread.is_alive()):
            self._waiting = 0
            self._thread = threading.Thread(target=self._sync, name="sync", daemon=True)
            self._thread.start()

    def _sync(self) -> None:
        try:
            os.fdatasync(self._descriptor)
        except OSError as error:
            self._error = error
