"""Write files below one folder, so that no name and no race can lead a byte outside.

Every step goes from an open directory to the next (`dir_fd`), never through a path, never over a link, and
a file is only ever made new (`O_EXCL`).
"""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jarvis.artifacts.archive.budget import Budget
from jarvis.artifacts.archive.limits import BUFFER
from jarvis.artifacts.archive.refusal import refused

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_NAME_TROUBLE = {errno.EEXIST, errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.ENOTDIR, errno.ELOOP}


@dataclass(frozen=True, slots=True)
class ExtractedFile:
    """One file as it lies on the disk.

    Args:
        path: Below the folder, with `/`.
        size: In bytes.
        sha256: Of the content, in hex.
        executable: Whether its owner may run it.
    """

    path: str
    size: int
    sha256: str
    executable: bool


class Root:
    """The fresh folder that everything goes into, and the folders made in it."""

    def __init__(self, fd: int, budget: Budget) -> None:
        self.fd = fd
        self.budget = budget
        self.made: set[str] = set()


class Writer:
    """Makes folders and files below a root; each thread has its own.

    It keeps the folders on the way to the last file open, since the next file mostly lies beside it.
    """

    def __init__(self, root: Root) -> None:
        self._root = root
        self._way: list[tuple[str, int]] = []

    def folder(self, path: str) -> None:
        """Make a folder and those above it."""
        if path not in self._root.made:
            self._enter(path)

    def write(self, path: str, executable: bool, chunks: Iterable[bytes | memoryview]) -> ExtractedFile:
        """Make one file and hash it on the way.

        Raises:
            ArchiveRefused: A limit is reached, or the disk cannot hold such a name.
        """
        folder, _, name = path.rpartition("/")
        mode = 0o755 if executable else 0o644
        try:
            fd = os.open(name, _NEW, mode, dir_fd=self._enter(folder))
        except OSError as error:
            raise _named(error, path) from error
        digest, size = hashlib.sha256(), 0
        try:
            os.fchmod(fd, mode)  # whatever the umask is: the web process reads these files too
            for chunk in chunks:
                self._root.budget.spend(len(chunk))
                digest.update(chunk)
                size += len(chunk)
                _write_all(fd, chunk)
        finally:
            os.close(fd)
        return ExtractedFile(path, size, digest.hexdigest(), executable)

    def copy(self, source: ExtractedFile, path: str) -> ExtractedFile:
        """Make a file with the content of one written before."""
        folder, _, name = source.path.rpartition("/")
        fd = os.open(name, _READ, dir_fd=self._enter(folder))
        try:
            return self.write(path, source.executable, _chunks(fd))
        finally:
            os.close(fd)

    def close(self) -> None:
        """Let go of the folders that are still open."""
        while self._way:
            os.close(self._way.pop()[1])

    def _enter(self, folder: str) -> int:
        parts = folder.split("/") if folder else []
        shared = 0
        for (name, _), part in zip(self._way, parts, strict=False):
            if name != part:
                break
            shared += 1
        while len(self._way) > shared:
            os.close(self._way.pop()[1])
        fd = self._way[-1][1] if self._way else self._root.fd
        for depth in range(shared, len(parts)):
            fd = self._step(fd, parts[depth], "/".join(parts[: depth + 1]))
            self._way.append((parts[depth], fd))
        return fd

    def _step(self, fd: int, name: str, path: str) -> int:
        fresh = path not in self._root.made
        try:
            if fresh:
                os.mkdir(name, 0o755, dir_fd=fd)
            below = os.open(name, _FOLDER, dir_fd=fd)
        except OSError as error:
            raise _named(error, path) from error
        if fresh:
            os.fchmod(below, 0o755)
            self._root.made.add(path)
        return below


def _write_all(fd: int, chunk: bytes | memoryview) -> None:
    written = os.write(fd, chunk)
    while written < len(chunk):
        written += os.write(fd, memoryview(chunk)[written:])


def _chunks(fd: int) -> Iterator[bytes]:
    while chunk := os.read(fd, BUFFER):
        yield chunk


def _named(error: OSError, path: str) -> Exception:
    """A name that this disk cannot hold (or cannot tell from another one) is the archive's trouble."""
    if error.errno not in _NAME_TROUBLE:
        return error
    return refused("name-disk", "has a name that the disk cannot hold or already holds", path, "Rename it.")
