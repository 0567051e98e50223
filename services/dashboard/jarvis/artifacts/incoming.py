"""What is being received: one file each in the folder `incoming`, locked while somebody works on it.

A file there that nobody has locked is the leftover of a crash, or an upload that may go on; the collector
tells them apart. Whoever ends an upload removes its file.
"""

import fcntl
import os
import uuid
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path

from jarvis.artifacts.hashing import Digest, Hashing, of_file
from jarvis.artifacts.room import check_room
from jarvis.artifacts.syncing import Syncing
from jarvis.errors import Conflict, NotFound

FOLDER = "incoming"


class Partial:
    """A file that grows.

    Args:
        path: Where it lies.
        descriptor: Open for writing, and locked.
        digest: What the bytes in it come to, when that is known.

    Attributes:
        size: Its bytes.
    """

    def __init__(self, path: Path, descriptor: int, digest: Digest | None = None) -> None:
        self.path = path
        self.descriptor = descriptor
        self.size = os.fstat(descriptor).st_size
        self.digest = digest

    @property
    def sha256(self) -> str:
        """The checksum of what is in it, in hex; read again where it is not known."""
        return self.digest.hexdigest() if self.digest is not None else of_file(self.path)

    def write(self, pieces: Iterable[bytes], limit: int) -> None:
        """Append `pieces`. What came before an error stays in the file.

        Raises:
            TooLarge: There are more than `limit` bytes then; the piece that was too much is not written.
            OSError: The disk is full, or broken.
        """
        known = self.digest is not None or self.size == 0
        with Hashing(self.digest) as hashing, Syncing(self.descriptor) as syncing:
            self.digest = None  # until all of it is on the disk
            for piece in pieces:
                if self.size + len(piece) > limit:
                    check_room(self.path.parent, self.size + len(piece), limit)
                if known:
                    hashing.update(piece)
                self._write(piece)
                syncing.wrote(len(piece))
        self.digest = hashing.digest if known else None

    def _write(self, piece: bytes) -> None:
        rest = memoryview(piece)
        while rest:
            done = os.write(self.descriptor, rest)
            self.size += done
            rest = rest[done:]


@contextmanager
def fresh(folder: Path) -> Generator[Partial]:
    """A new file in `folder/incoming`; nothing of it is left there at the end."""
    path = make(folder, uuid.uuid4())
    try:
        with _locked(path) as descriptor:
            yield Partial(path, descriptor)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def again(path: Path) -> Generator[Partial]:
    """The file of an upload that goes on.

    Raises:
        NotFound: It is gone.
        Conflict: Another request writes into it now.
    """
    try:
        with _locked(path) as descriptor:
            yield Partial(path, descriptor)
    except FileNotFoundError:
        raise NotFound("This upload is gone.", "Begin a new one: POST /api/v1/uploads.") from None
    except BlockingIOError:
        raise Conflict(
            "Another request is writing to this upload.",
            "Ask how far it is, and go on from there. A broken connection may take a minute to be noticed.",
        ) from None


def place(folder: Path, key: uuid.UUID) -> Path:
    """Where the file with this id lies."""
    return folder / FOLDER / str(key)


def make(folder: Path, key: uuid.UUID) -> Path:
    """Make an empty file."""
    path = place(folder, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    return path


def remove(path: Path) -> bool:
    """Remove a file unless somebody works on it."""
    with suppress(FileNotFoundError, BlockingIOError):
        with _locked(path):
            path.unlink()
        return True
    return False


@contextmanager
def _locked(path: Path) -> Generator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink == 0:
            raise FileNotFoundError(path)  # removed between the two lines above
        yield descriptor
    finally:
        os.close(descriptor)
