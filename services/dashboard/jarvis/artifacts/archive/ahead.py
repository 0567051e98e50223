"""The process that undoes the compression (`pump`), seen from the one that reads."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from fcntl import ioctl
from termios import FIONREAD

from jarvis.artifacts.archive.pump import END, PIECE, REFUSED, SLOTS
from jarvis.artifacts.archive.second import Second
from jarvis.artifacts.archive.sizes import BUFFER
from jarvis.errors import ArchiveRefused


class Ahead:
    """The pieces of a stream, made by another process.

    Attributes:
        read: How much of the archive was read for the pieces so far.
    """

    def __init__(self, second: Second) -> None:
        self.read = 0
        self._second = second

    @classmethod
    def start(cls, archive: int, kind: str) -> "Ahead | None":
        """Start it; None where that cannot be."""
        words = [str(archive), kind]
        second = Second.start("jarvis.artifacts.archive.pump", words, [archive], SLOTS * BUFFER)
        return None if second is None else cls(second)

    def __iter__(self) -> Iterator[memoryview]:
        """Give the pieces in order. Each may be used until the next one is asked for.

        Raises:
            ArchiveRefused: As if it had been unpacked here.
            ChildProcessError: The process is gone.
        """
        with memoryview(self._second.shared) as memory:
            while True:
                slot, size, self.read = PIECE.unpack(self._exactly(PIECE.size))
                if slot == END:
                    return
                if slot == REFUSED:
                    message, hint, facts = json.loads(self._exactly(size))
                    raise ArchiveRefused(message, hint, facts)
                with memory[slot * BUFFER : slot * BUFFER + size] as piece:
                    yield piece
                with suppress(BrokenPipeError):  # it has said everything, and is gone
                    os.write(self._second.ask, bytes((slot,)))

    def full(self) -> bool:
        """Does it wait for the reader, or nearly so?"""
        waiting = ioctl(self._second.answers, FIONREAD, bytes(4))
        return int.from_bytes(waiting, sys.byteorder) >= SLOTS // 2 * PIECE.size

    def close(self) -> None:
        """End it, at once and whatever it does."""
        self._second.close()

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = os.read(self._second.answers, size - len(data))
            if not more:
                raise ChildProcessError("The process that helped to unpack is gone")
            data += more
        return data
