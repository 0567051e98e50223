"""Files that are handed in together: one stays as it is, several become a tar."""

import tarfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from jarvis.artifacts import incoming
from jarvis.artifacts.archive.limits import Limits
from jarvis.artifacts.archive.notes import Notes
from jarvis.artifacts.archive.register import Register
from jarvis.artifacts.incoming import Partial
from jarvis.errors import TooLarge

BLOCK = 512
LARGEST = 8**11 - 1
"""Bytes of one file in a tar whose header has its size in the plain form."""
COPY = 1024**2


class Bundle:
    """Takes files one after the other; `done` gives what they became. Gone at the end of the block.

    Args:
        folder: The folder of uploads.
        limits: How many files there may be, and how their names may look.
        limit: The most bytes that are taken.
    """

    def __init__(self, folder: Path, limits: Limits, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._names = Register(limits, Notes())
        self._stack = ExitStack()
        self._first: tuple[str, Partial] | None = None
        self._tar: Partial | None = None
        self._tops: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def is_folder(self) -> bool:
        """Whether it became a tar."""
        return self._tar is not None

    @property
    def name(self) -> str:
        """What it is called: the one file's name, or the folder's when all files lie in one."""
        if self._first is not None and self._tar is None:
            return self._first[0]
        return (next(iter(self._tops)) if len(self._tops) == 1 else "") or "folder"

    def add(self, name: str, content: Iterable[bytes]) -> None:
        """Take the next file.

        Raises:
            ArchiveRefused: Its name cannot be that of a file in a folder.
            TooLarge: All of it together has too many bytes.
        """
        if self._first is None and self._tar is None and "/" not in name:
            partial = self._stack.enter_context(incoming.fresh(self._folder))
            partial.write(content, self._limit)
            self._first = name, partial
            return
        self._pack(name, content)

    def done(self) -> Partial | None:
        """What was received; None when there was no file."""
        if self._tar is not None:
            self._tar.write([bytes(2 * BLOCK)], self._limit)
            return self._tar if self._tops else None
        return self._first[1] if self._first else None

    def _pack(self, name: str, content: Iterable[bytes]) -> None:
        if self._tar is None:
            self._tar = self._stack.enter_context(incoming.fresh(self._folder))
            if self._first is not None:
                first, partial = self._first
                with partial.path.open("rb") as file:
                    self._append(self._tar, first, iter(lambda: file.read(COPY), b""))
        self._append(self._tar, name, content)

    def _append(self, tar: Partial, name: str, content: Iterable[bytes]) -> None:
        path = self._names.file(name)
        if path is None:  # what macOS adds for itself
            for _ in content:
                pass
            return
        self._tops.add(path.partition("/")[0] if "/" in path else "")
        start = tar.size
        tar.write([_header(path, 0)], self._limit)
        tar.digest = None  # the header is written again, so the bytes have to be read at the end
        before = tar.size
        tar.write(content, self._limit)
        size = tar.size - before
        if size > LARGEST:
            raise TooLarge(f"“{path}” is too large for a file of a folder.", "Hand in an archive instead.")
        tar.write([bytes(-size % BLOCK)], self._limit)
        _overwrite(tar.path, start, _header(path, size))


def _header(path: str, size: int) -> bytes:
    """The same length for every size; owner and times say nothing, so that equal folders are equal tars."""
    entry = tarfile.TarInfo(path)
    entry.size = size
    return entry.tobuf(tarfile.PAX_FORMAT)


def _overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b", buffering=0) as file:  # the tar's own descriptor only appends
        file.seek(at)
        file.write(data)
