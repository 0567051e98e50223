"""SHA-256 in a thread of its own, so that the next bytes are read and written meanwhile."""

import hashlib
import threading
from pathlib import Path
from queue import Queue
from types import TracebackType
from typing import Protocol, Self

DEEP = 16
"""Pieces that wait at most; who brings more waits."""
ALONE = 1024**2
"""Bytes from which a thread is worth its price."""


class Digest(Protocol):
    """A checksum that grows."""

    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


class Hashing:
    """Takes pieces in order; `digest` is right once the block has ended.

    Args:
        digest: What earlier pieces came to, if there were any.
    """

    def __init__(self, digest: Digest | None = None) -> None:
        self.digest: Digest = digest or hashlib.sha256()
        self._queue: Queue[bytes | None] = Queue(DEEP)
        self._thread: threading.Thread | None = None
        self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def update(self, piece: bytes) -> None:
        """Take the next piece."""
        if self._thread is None:
            self._seen += len(piece)
            if self._seen <= ALONE:
                self.digest.update(piece)
                return
            self._thread = threading.Thread(target=self._work, name="sha256", daemon=True)
            self._thread.start()
        self._queue.put(piece)

    def _work(self) -> None:
        while (piece := self._queue.get()) is not None:
            self.digest.update(piece)


def of_file(file: Path) -> str:
    """The SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with file.open("rb", buffering=0) as source:
        buffer = bytearray(ALONE)
        view = memoryview(buffer)
        while count := source.readinto(buffer):
            digest.update(view[:count])
    return digest.hexdigest()
