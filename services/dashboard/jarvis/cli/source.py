"""What `PATH` may be beside a path: `-` for standard input, or the address of a git repository."""

import re
import sys
import tempfile
import weakref
from collections.abc import Iterator
from typing import BinaryIO

from jarvis.cli.parcel import Parcel
from jarvis.cli.read import PIECE
from jarvis.errors import NothingToServe

STDIN = "-"
_GIT = re.compile(r"(?:https?|ssh|git)://[^\s#]+|[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:[^\s#]+")


def is_git(path: str) -> bool:
    """Is `path` the address of a git repository, with or without `#ref` behind it?"""
    return _GIT.fullmatch(path.partition("#")[0]) is not None


def standard_input(filename: str) -> Parcel:
    """Everything that standard input gives, kept in a nameless file until it is sent.

    Raises:
        NothingToServe: It gives nothing.
    """
    file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the parcel
    while piece := sys.stdin.buffer.read(PIECE):
        file.write(piece)
    size = file.tell()
    if not size:
        file.close()
        raise NothingToServe("Standard input gave nothing.", "Pipe an archive or a file into it.")

    def pieces() -> Iterator[bytes]:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece

    weakref.finalize(pieces, file.close)
    return Parcel(filename or "stdin", "", size, filename or "standard input", "", pieces)
