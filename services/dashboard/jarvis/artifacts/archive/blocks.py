"""Read exact numbers of bytes from a source that gives chunks of any size."""

from collections.abc import Iterable, Iterator

from jarvis.artifacts.archive.sizes import BUFFER


class Blocks:
    """A stream of chunks, read front to back; holds one chunk at a time."""

    def __init__(self, chunks: Iterable[bytes | memoryview]) -> None:
        self._chunks = iter(chunks)
        self._view = memoryview(b"")

    def take(self, size: int) -> bytes:
        """The next `size` bytes, or fewer at the end; for headers and small files."""
        if len(self._view) >= size:
            taken, self._view = bytes(self._view[:size]), self._view[size:]
            return taken
        return b"".join(map(bytes, self.pieces(size)))  # a piece may be gone when the next one is asked for

    def pieces(self, size: int) -> Iterator[memoryview]:
        """The next `size` bytes, or fewer at the end, as they come and without copying."""
        while size and self._fill():
            piece = self._view[: min(size, BUFFER)]
            self._view = self._view[len(piece) :]
            size -= len(piece)
            yield piece

    def _fill(self) -> bool:
        while not self._view:
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            self._view = memoryview(chunk)
        return True
