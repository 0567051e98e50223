"""A second process that writes files of a large archive, beside the one that reads it.

`python -m jarvis.artifacts.archive.hand SHARED ASKED ANSWERS ROOT ARCHIVE` gets batches of jobs over one
pipe, does them, and answers over the other. It ends when the first one closes.
"""

import marshal
import mmap
import sys
from collections.abc import Iterable
from typing import Any

from jarvis.artifacts.archive.member import Member, content
from jarvis.artifacts.archive.second import receive, send
from jarvis.artifacts.archive.sizes import MEBIBYTE
from jarvis.artifacts.archive.writer import Writer
from jarvis.errors import ArchiveRefused

SHARED = 2 * MEBIBYTE
DONE, REFUSED, FAILED = b"D", b"R", b"F"
DIGEST = 32

Bytes = bytes | memoryview
Work = Bytes | Member
"""Where the content of a file comes from: it is here, or it lies in the zip."""
Job = tuple[str, bool, Work]
"""Path, executable, content."""


def pieces(archive: int, work: Work) -> Iterable[Bytes]:
    """The content of a file."""
    return content(archive, work) if isinstance(work, Member) else (work,)


def packed(jobs: Iterable[Job], shared: mmap.mmap) -> bytes:
    """The jobs as one message; content that is here goes into the shared memory."""
    plain: list[tuple[str, bool, tuple[Any, ...]]] = []
    at = 0
    for path, executable, work in jobs:
        if isinstance(work, Member):
            place = work.raw, work.method, work.crc, work.packed, work.size, work.start
        else:
            place = at, at + len(work)
            shared[at : place[1]] = work
            at = place[1]
        plain.append((path, executable, place))
    return marshal.dumps(plain)


def main() -> None:
    """Write what is asked for until nobody asks any more."""
    shared, asked, answers, root, archive = (int(word) for word in sys.argv[1:6])
    writer = Writer(root, alone=False)
    with mmap.mmap(shared, SHARED, prot=mmap.PROT_READ) as memory, memoryview(memory) as view:
        send(answers, DONE)
        while (message := receive(asked)) is not None:
            jobs = marshal.loads(message)  # noqa: S302 - from the process that started us
            send(answers, _work(writer, archive, view, jobs))


def _work(
    writer: Writer, archive: int, view: memoryview, jobs: list[tuple[str, bool, tuple[Any, ...]]]
) -> bytes:
    digests = [DONE]
    try:
        for path, executable, place in jobs:
            work = view[slice(*place)] if len(place) == 2 else Member(*place)
            digests.append(writer.write(path, executable, pieces(archive, work)).digest)
    except ArchiveRefused as error:
        return REFUSED + _said(error.message, error.hint, error.facts)
    except OSError as error:
        return FAILED + _said(error.errno, error.strerror)
    return b"".join(digests)


def _said(*words: object) -> bytes:
    import json  # takes a third of the start, and is hardly ever needed

    return json.dumps(words).encode()


if __name__ == "__main__":
    main()
