"""Folders that nobody needs any more: moved aside at once, deleted when there is nothing better to do.

Making files right after many were deleted is several times slower on ext4, and a deploy should not wait for
the remains of an older one.
"""

import shutil
import uuid
from pathlib import Path


def throw(folder: Path, trash: Path) -> None:
    """Move `folder` aside, if it is there."""
    trash.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        folder.rename(trash / uuid.uuid4().hex)
    except FileNotFoundError:
        return


def empty(trash: Path) -> int:
    """Delete what was moved aside; returns how many folders."""
    if not trash.is_dir():
        return 0
    found = list(trash.iterdir())
    for folder in found:
        shutil.rmtree(folder, ignore_errors=True)
    return len(found)
