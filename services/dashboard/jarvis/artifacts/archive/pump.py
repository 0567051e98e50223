"""A second process that undoes the compression of a large archive, a little ahead of the one that reads it.

`python -m jarvis.artifacts.archive.pump SHARED ROOM ANSWERS ARCHIVE KIND` puts each piece into a slot of the
shared memory and says so over the second pipe: its number, the size, and how much of the archive was read.
The first pipe brings back the numbers of slots that may be filled again; it ends when that pipe closes.
"""

import mmap
import os
import struct
import sys

from jarvis.artifacts.archive import stream
from jarvis.artifacts.archive.sizes import BUFFER
from jarvis.errors import ArchiveRefused

SLOTS = 16
PIECE = struct.Struct("<BIQ")
END, REFUSED = 0xFE, 0xFF
"""In the place of the number of a slot; what follows a refusal is as long as the size says."""


def main() -> None:
    """Unpack until the end, or until nobody reads any more."""
    shared, room, answers, archive = (int(word) for word in sys.argv[1:5])
    source = stream.Source(archive)
    free = list(range(SLOTS))
    with mmap.mmap(shared, SLOTS * BUFFER) as memory:
        try:
            for piece in stream.unpacked(source, sys.argv[5]):
                if not free:
                    free.extend(os.read(room, SLOTS))
                    if not free:
                        return
                slot = free.pop()
                memory[slot * BUFFER : slot * BUFFER + len(piece)] = piece
                os.write(answers, PIECE.pack(slot, len(piece), source.read))
            os.write(answers, PIECE.pack(END, 0, source.read))
        except ArchiveRefused as error:
            import json  # takes a third of the start, and is hardly ever needed

            said = json.dumps([error.message, error.hint, error.facts]).encode()
            os.write(answers, PIECE.pack(REFUSED, len(said), 0) + said)


if __name__ == "__main__":
    main()
