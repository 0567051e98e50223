"""Bytes in a folder of this machine: `sha256/ab/abcdef…`, written once, named by what they are."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from jarvis.artifacts.stores.blob import FOLDER, Blob, blob_path, gone, is_checksum

PIECE = 256 * 1024


class LocalStore:
    """A folder. It lies on the same disk as the folder `incoming` in it, so that keeping is a rename.

    Args:
        folder: Made when something is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ready(self, file: Path, sha256: str, size: int) -> None:  # noqa: ARG002 - as every store
        """Let the bytes reach the disk."""
        descriptor = os.open(file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def keep(self, file: Path, sha256: str, size: int) -> str:  # noqa: ARG002 - as every store
        """Give the file its name. Where the same bytes lie already, it takes their place."""
        path = blob_path(sha256)
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
        parent = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)
        return path

    def read(self, path: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`.

        Raises:
            NotFound: They are not there.
        """
        try:
            descriptor = os.open(self.folder / path, os.O_RDONLY)
        except FileNotFoundError:
            raise gone(path) from None
        return _pieces(descriptor, start, end)

    @contextmanager
    def local(self, path: str, sha256: str, scratch: Path) -> Generator[Path]:  # noqa: ARG002 - as every store
        """The file itself.

        Raises:
            NotFound: It is not there.
        """
        file = self.folder / path
        if not file.is_file():
            raise gone(path)
        yield file

    def delete(self, path: str) -> None:
        """Delete the file."""
        (self.folder / path).unlink(missing_ok=True)

    def blobs(self) -> Iterator[Blob]:
        """All files whose name is a checksum."""
        for folder in self._folders():
            with os.scandir(folder) as entries:
                for entry in entries:
                    try:
                        if is_checksum(entry.name):
                            yield Blob(entry.name, entry.stat(follow_symlinks=False).st_mtime)
                    except FileNotFoundError:
                        continue  # deleted meanwhile

    def _folders(self) -> Iterator[str]:
        try:
            with os.scandir(self.folder / FOLDER) as entries:
                yield from [entry.path for entry in entries if entry.is_dir()]
        except FileNotFoundError:
            return


def _pieces(descriptor: int, start: int, end: int) -> Iterator[bytes]:
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        file.seek(start)
        while start < end and (piece := file.read(min(PIECE, end - start))):
            start += len(piece)
            yield piece
