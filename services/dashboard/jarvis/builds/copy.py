"""Copies of trees: no hard links, and blocks shared where the file system can."""

import errno
import fcntl
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from jarvis import control
from jarvis.errors import StorageFull

_CLONE = 0x40049409
"""FICLONE of <linux/fs.h>: a copy that shares its blocks until one of the two is changed."""


def tree(source: Path, target: Path) -> None:
    """A copy and no hard links: a build may change its sources, and then there is no way to begin again."""
    shutil.copytree(source, target, symlinks=True, copy_function=file)
    target.chmod(0o755)


@contextmanager
def writing() -> Generator[None]:
    """A disk that becomes full is said so."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise StorageFull("The disk became full.", "Free some space, then try again.") from error


def file(source: str, target: str) -> None:
    """One file with its rights and time; ends when the work is called off."""
    control.check()
    with writing():
        with open(source, "rb") as here, open(target, "wb") as there:  # noqa: PTH123 - copytree gives texts
            try:
                fcntl.ioctl(there, _CLONE, here.fileno())
            except OSError:  # this file system cannot
                shutil.copyfileobj(here, there, 1024**2)
        shutil.copystat(source, target)
