"""Bytes by their content."""

import errno
import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from jarvis.artifacts import store
from jarvis.artifacts.store import Stored, blob_path, check_room, write
from jarvis.errors import InvalidInput, StorageFull, TooLarge

BYTES = b"some bytes"
SHA = hashlib.sha256(BYTES).hexdigest()


class Usage(NamedTuple):
    """What shutil.disk_usage says."""

    total: int
    used: int
    free: int


def put(folder: Path, *chunks: bytes, limit: int = 100, expected: str = "") -> Stored:
    return write(folder, iter(chunks or (BYTES,)), lambda _: None, limit=limit, expected=expected)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_it_works(tmp_path: Path) -> None:
    stored = put(tmp_path, b"some ", b"", b"bytes")
    assert stored == Stored(SHA, len(BYTES), blob_path(SHA))
    assert (tmp_path / stored.path).read_bytes() == BYTES
    assert files(tmp_path) == [stored.path]


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    assert put(tmp_path) == put(tmp_path)
    assert files(tmp_path) == [blob_path(SHA)]


def test_exactly_the_limit_is_taken(tmp_path: Path) -> None:
    assert put(tmp_path, BYTES, limit=len(BYTES)).size == len(BYTES)


def test_more_than_the_limit_is_refused_and_no_more_is_read(tmp_path: Path) -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield b"x" * 10

    with pytest.raises(TooLarge) as caught:
        write(tmp_path, endless(), lambda _: None, limit=25)
    assert len(read) == 3
    assert caught.value.facts == {"limit": 25, "size": 30}
    assert files(tmp_path) == []


@pytest.mark.parametrize("expected", ["0" * 64, "no checksum", SHA[:-1], "x" * 1000])
def test_another_checksum_is_refused(tmp_path: Path, expected: str) -> None:
    with pytest.raises(InvalidInput, match="checksum") as caught:
        put(tmp_path, expected=expected)
    assert len(caught.value.message) < 300
    assert files(tmp_path) == []


def test_a_checksum_may_be_written_in_capitals(tmp_path: Path) -> None:
    assert put(tmp_path, expected=SHA.upper()).sha256 == SHA


def test_nothing_is_not_stored(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="empty"):
        put(tmp_path, b"")
    assert files(tmp_path) == []


def test_what_the_check_refuses_is_not_kept(tmp_path: Path) -> None:
    def refuse(path: Path) -> None:
        assert path.read_bytes() == BYTES
        raise InvalidInput("No.")

    with pytest.raises(InvalidInput, match="No"):
        write(tmp_path, [BYTES], refuse, limit=100)
    assert files(tmp_path) == []


def test_a_sender_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield BYTES
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        write(tmp_path, broken(), lambda _: None, limit=100)
    assert files(tmp_path) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_says_so_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    def full(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(*((os, "fsync") if call == "fsync" else (Path, "replace")), full)
    with pytest.raises(StorageFull, match="full") as caught:
        put(tmp_path)
    assert caught.value.transient
    assert files(tmp_path) == []


def test_another_fault_of_the_disk_is_not_called_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        put(tmp_path)
    assert files(tmp_path) == []


def test_an_announced_size_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TooLarge, match="at most"):
        check_room(tmp_path, 101, 100)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, store.RESERVE + 49))
    check_room(tmp_path, 49, 100)
    with pytest.raises(StorageFull):
        check_room(tmp_path, 50, 100)


def test_two_writers_of_the_same_bytes_at_once_both_succeed(tmp_path: Path) -> None:
    together = threading.Barrier(2, timeout=30)
    done: list[Stored] = []

    def meet(_: Path) -> None:
        together.wait()

    def run() -> None:
        done.append(write(tmp_path, [BYTES], meet, limit=100))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert done == [Stored(SHA, len(BYTES), blob_path(SHA))] * 2
    assert files(tmp_path) == [blob_path(SHA)]
