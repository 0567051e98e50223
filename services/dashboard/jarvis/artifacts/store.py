"""Bytes by their content: `sha256/ab/abcdef…`, written once, named by what they are."""

import errno
import hashlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from jarvis.errors import InvalidInput, StorageFull, TooLarge

FULL = {errno.ENOSPC, errno.EDQUOT}
RESERVE = 64 * 1024**2
"""Bytes that an upload leaves free on the disk, so that the database can go on writing."""


@dataclass(frozen=True)
class Stored:
    """What was written: its checksum, its size in bytes and where it lies, relative to the store."""

    sha256: str
    size: int
    path: str


def blob_path(sha256: str) -> str:
    """Where the bytes with this checksum lie, relative to the store."""
    return f"sha256/{sha256[:2]}/{sha256}"


def _megabytes(count: int) -> str:
    return f"{count / 1024**2:,.1f} MiB"


def _full(folder: Path) -> StorageFull:
    return StorageFull(
        f"The disk that holds {folder} is full.",
        "Free some space there, then hand it in again: nothing was kept.",
    )


def check_room(folder: Path, size: int, limit: int) -> None:
    """Refuse an upload of `size` announced bytes before it is read.

    Raises:
        TooLarge: It is over `limit`.
        StorageFull: It would not fit.
    """
    if size > limit:
        raise TooLarge(
            f"The upload has {_megabytes(size)}; at most {_megabytes(limit)} are taken.",
            "Leave out what the site does not need, or raise JARVIS_UPLOAD_LIMIT (bytes).",
            {"limit": limit, "size": size},
        )
    if shutil.disk_usage(folder).free < size + RESERVE:
        raise _full(folder)


def write(
    folder: Path,
    chunks: Iterable[bytes],
    check: Callable[[Path], None],
    *,
    limit: int,
    expected: str = "",
) -> Stored:
    """Store `chunks`; on any error nothing is left behind.

    Args:
        folder: The store.
        chunks: The bytes, in pieces of any size.
        check: Looks at the whole file before it is kept, and raises when it must not be.
        limit: The most bytes that are taken.
        expected: The SHA-256 that the sender gave, if any, in hex.

    Raises:
        TooLarge: More than `limit` bytes came.
        StorageFull: The disk is full.
        InvalidInput: The checksum differs from `expected`, or no byte came.
    """
    incoming = folder / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    partial = incoming / uuid.uuid4().hex
    try:
        digest, size = _receive(partial, chunks, limit)
        if expected and expected.lower() != digest:
            raise InvalidInput(
                f"The checksum of what arrived is {digest}, not {expected[:80]}.",
                "The bytes were changed on the way, or the checksum is of another file. Send it again.",
                {"expected": expected[:80], "received": digest},
            )
        if size == 0:
            raise InvalidInput("The upload is empty.", "Hand in a file or folder with something in it.")
        check(partial)
        return Stored(digest, size, _keep(folder, partial, digest))
    except OSError as error:
        if error.errno in FULL:
            raise _full(folder) from error
        raise
    finally:
        partial.unlink(missing_ok=True)


def _receive(partial: Path, chunks: Iterable[bytes], limit: int) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with partial.open("xb", buffering=0) as file:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                check_room(partial.parent, size, limit)
            digest.update(chunk)
            view = memoryview(chunk)
            while view:
                view = view[file.write(view) :]
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _keep(folder: Path, partial: Path, digest: str) -> str:
    path = blob_path(digest)
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    partial.replace(target)  # the same bytes again: the old name now means the new, equal copy
    parent = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)
    return path
