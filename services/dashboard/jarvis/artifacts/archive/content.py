"""What follows the header of a tar."""

from collections.abc import Iterator

from jarvis.artifacts.archive.blocks import Blocks
from jarvis.artifacts.archive.header import BLOCK, Header
from jarvis.artifacts.archive.refusal import refused


class Content:
    """The content of one entry with its padding: to be read once, whole or in pieces."""

    def __init__(self, header: Header, blocks: Blocks) -> None:
        self.size = header.size
        self._name = header.name
        self._blocks = blocks

    def whole(self) -> bytes:
        """All of it."""
        data = self._blocks.take(self.size)
        self._check(self.size - len(data))
        return data

    def pieces(self) -> Iterator[memoryview]:
        """All of it as it comes."""
        left = self.size
        for piece in self._blocks.pieces(self.size):
            left -= len(piece)
            yield piece
        self._check(left)

    def _check(self, left: int) -> None:
        padding = -self.size % BLOCK
        if left or (padding and len(self._blocks.take(padding)) < padding):
            raise refused("tar-truncated", "is cut off", self._name)
