"""Is there room for it? Asked before an upload is read, and told plainly when the disk is full."""

import errno
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from jarvis.errors import StorageFull, TooLarge

FULL = {errno.ENOSPC, errno.EDQUOT}
RESERVE = 64 * 1024**2
"""Bytes that an upload leaves free on the disk, so that the database can go on writing."""


def check_room(folder: Path, size: int, limit: int, have: int = 0) -> None:
    """Refuse an upload of `size` announced bytes, of which `have` are here, before it is read.

    Raises:
        TooLarge: It is over `limit`.
        StorageFull: The rest would not fit.
    """
    if size > limit:
        raise TooLarge(
            f"The upload has {_megabytes(size)}; at most {_megabytes(limit)} are taken.",
            "Leave out what the site does not need, or raise JARVIS_UPLOAD_LIMIT (bytes).",
            {"limit": limit, "size": size},
        )
    if shutil.disk_usage(folder).free < size - have + RESERVE:
        raise _full(folder)


@contextmanager
def told(folder: Path) -> Generator[None]:
    """Tell a full disk as one.

    Raises:
        StorageFull: The disk that holds `folder` is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise _full(folder) from error
        raise


def _megabytes(count: int) -> str:
    return f"{count / 1024**2:,.1f} MiB"


def _full(folder: Path) -> StorageFull:
    return StorageFull(
        f"The disk that holds {folder} is full.",
        "Free some space there, then hand it in again: nothing was kept.",
    )
