"""Reads a file whose size was promised; one that changes meanwhile is an error, not a broken upload."""

import os
import stat
from collections.abc import Iterator

from jarvis.cli.unreadable import unreadable
from jarvis.errors import InvalidInput

PIECE = 256 * 1024


def changed(path: str) -> InvalidInput:
    """The error for a file that is not what it was a moment ago."""
    return InvalidInput(
        f"{path} changed while it was read.",
        "Wait until nothing writes to it, then deploy again.",
        {"entry": path},
    )


def read(path: str, size: int, modified: int) -> Iterator[bytes]:
    """The `size` bytes of the file `path`, last modified at `modified` (ns).

    Raises:
        InvalidInput: It is not the file that was looked at, or cannot be read.
    """
    try:
        # Not waiting, and not through a link: something else may stand at the path by now.
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except PermissionError as error:
        raise unreadable(path, error) from error
    except OSError as error:
        raise changed(path) from error
    try:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise changed(path)
        left = size
        while left:
            piece = os.read(number, min(left, PIECE))
            if not piece:
                raise changed(path)
            left -= len(piece)
            yield piece
        facts = os.fstat(number)
        if (facts.st_size, facts.st_mtime_ns) != (size, modified):
            raise changed(path)
    except OSError as error:
        raise unreadable(path, error) from error
    finally:
        os.close(number)
