"""Too much is refused before it is read; a full disk is told as one."""

import errno
import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from jarvis.artifacts import room
from jarvis.errors import StorageFull, TooLarge


class Usage(NamedTuple):
    """What shutil.disk_usage says."""

    total: int
    used: int
    free: int


def test_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, room.RESERVE + 49))
    room.check_room(tmp_path, 49, 100)
    with pytest.raises(StorageFull, match="full"):
        room.check_room(tmp_path, 50, 100)


def test_what_is_here_already_needs_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, room.RESERVE + 10))
    room.check_room(tmp_path, 50, 100, have=40)
    with pytest.raises(StorageFull):
        room.check_room(tmp_path, 50, 100, have=39)


def test_more_than_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="at most") as caught:
        room.check_room(tmp_path, 101, 100)
    assert caught.value.facts == {"limit": 100, "size": 101}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_says_so(tmp_path: Path, number: int) -> None:
    with pytest.raises(StorageFull, match="full") as caught, room.told(tmp_path):
        raise OSError(number, os.strerror(number))
    assert caught.value.transient


def test_another_fault_of_the_disk_is_not_called_full(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Input/output"), room.told(tmp_path):
        raise OSError(errno.EIO, "Input/output error")
