"""Write files below one folder, so that no name and no race can lead a byte outside.

Every step goes from an open directory to the next (`dir_fd`), never through a path, never over a link, and
a file is only ever made new (`O_EXCL`).
"""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.sizes import BUFFER

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_NAME_TROUBLE = {errno.EEXIST, errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.ENOTDIR, errno.ELOOP}


class ExtractedFile:
    """One file as it lies on the disk.

    Args:
        path: Below the folder, with `/`.
        size: In bytes.
        digest: SHA-256 of the content.
        executable: Whether its owner may run it.
    """

    __slots__ = ("digest", "executable", "path", "size")

    def __init__(self, path: str, size: int, digest: bytes, executable: bool) -> None:
        self.path = path
        self.size = size
        self.digest = digest
        self.executable = executable

    @property
    def sha256(self) -> str:
        """SHA-256 of the content, in hex."""
        return self.digest.hex()


def _free(size: int) -> None:
    """Nothing to count."""


class Writer:
    """Makes folders and files below a folder; used by one thread.

    It keeps the folders on the way to the last file open, since the next file mostly lies beside it.

    Args:
        root: The fresh folder that everything goes into, open.
        spend: Asked before bytes are written.
        alone: Whether nobody else makes the folders.
    """

    def __init__(self, root: int, spend: Callable[[int], None] = _free, *, alone: bool = True) -> None:
        self.made: set[str] = set()
        self._alone = alone
        self._root = root
        self._spend = spend
        self._way: list[tuple[str, int]] = []
        self._last = ("", root)
        self._right: dict[int, bool] = {}

    def folder(self, path: str) -> None:
        """Make a folder and those above it, unless this writer did."""
        if path and path not in self.made:
            self._enter(path)

    def write(self, path: str, executable: bool, chunks: Iterable[bytes | memoryview]) -> ExtractedFile:
        """Make one file and hash it on the way; the folders above it too.

        Raises:
            ArchiveRefused: A limit is reached, or the disk cannot hold such a name.
        """
        folder, _, name = path.rpartition("/")
        parent = self._last[1] if folder == self._last[0] else self._enter(folder)
        mode = 0o755 if executable else 0o644
        try:
            fd = os.open(name, _NEW, mode, dir_fd=parent)
        except OSError as error:
            raise _named(error, path) from error
        try:
            if not self._right.get(mode):
                self._set_mode(fd, mode)
            digest, size = sha256(), 0
            for chunk in chunks:
                length = len(chunk)
                self._spend(length)
                digest.update(chunk)
                size += length
                written = os.write(fd, chunk)
                while written < length:
                    written += os.write(fd, memoryview(chunk)[written:])
        finally:
            os.close(fd)
        return ExtractedFile(path, size, digest.digest(), executable)

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
        self._last = ("", self._root)  # what it named may be closed by the next line
        while len(self._way) > shared:
            os.close(self._way.pop()[1])
        fd = self._way[-1][1] if self._way else self._root
        for depth in range(shared, len(parts)):
            fd = self._step(fd, parts[depth], "/".join(parts[: depth + 1]))
            self._way.append((parts[depth], fd))
        self._last = (folder, fd)
        return fd

    def _step(self, fd: int, name: str, path: str) -> int:
        fresh = self._alone and path not in self.made
        try:
            if fresh:
                os.mkdir(name, 0o755, dir_fd=fd)
            below = os.open(name, _FOLDER, dir_fd=fd)
        except OSError as error:
            raise _named(error, path) from error
        if fresh:
            os.fchmod(below, 0o755)
            self.made.add(path)
        return below

    def _set_mode(self, fd: int, mode: int) -> None:
        """Whatever the umask is: the web process reads these files too. Once right, it stays so."""
        right = os.fstat(fd).st_mode & 0o777 == mode
        if not right:
            os.fchmod(fd, mode)
        self._right[mode] = right


def _chunks(fd: int) -> Iterator[bytes]:
    while chunk := os.read(fd, BUFFER):
        yield chunk


def _named(error: OSError, path: str) -> Exception:
    """A name that this disk cannot hold (or cannot tell from another one) is the archive's trouble."""
    if error.errno not in _NAME_TROUBLE:
        return error
    return refused("name-disk", "has a name that the disk cannot hold or already holds", path, "Rename it.")
