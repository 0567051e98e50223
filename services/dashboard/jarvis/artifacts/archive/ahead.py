"""Unpack a stream in a thread of its own, a little ahead of the one that hashes and writes."""

import queue
import threading
from collections.abc import Iterator

_PIECES = 8
_POLL = 0.1


class Ahead:
    """An iterator that is run by another thread; close it, or that thread waits for ever.

    Args:
        pieces: What to run; zlib, bz2, lzma and zstandard all let go of the interpreter while they work.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._queue: queue.Queue[bytes | BaseException | None] = queue.Queue(_PIECES)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="unpack-ahead", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[bytes]:
        """Give the pieces in order; an error comes out where it happened."""
        while (piece := self._queue.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    def close(self) -> None:
        """Stop the thread and wait for it."""
        self._stop.set()
        while not self._queue.empty():  # a thread that waits for room sees at once that it may go
            self._queue.get_nowait()
        self._thread.join()

    def _run(self) -> None:
        try:
            for piece in self._pieces:
                if not self._put(piece):
                    return
            self._put(None)
        except BaseException as error:  # noqa: BLE001 - every error belongs to the thread that reads
            self._put(error)

    def _put(self, piece: bytes | BaseException | None) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(piece, timeout=_POLL)
            except queue.Full:
                continue
            return True
        return False
