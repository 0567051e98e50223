"""What is being received: hashed while it is written, kept on a break, gone when nobody keeps it."""

import errno
import fcntl
import hashlib
import os
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from jarvis.artifacts import incoming
from jarvis.artifacts.hashing import ALONE
from jarvis.errors import Conflict, NotFound, TooLarge

BYTES = b"some bytes"
SHA = hashlib.sha256(BYTES).hexdigest()


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_it_works(tmp_path: Path) -> None:
    with incoming.fresh(tmp_path) as partial:
        partial.write([b"some ", b"", b"bytes"], 100)
        assert (partial.sha256, partial.size) == (SHA, len(BYTES))
        assert partial.path.read_bytes() == BYTES
        assert len(files(tmp_path)) == 1
    assert files(tmp_path) == []


def test_what_was_moved_away_stays(tmp_path: Path) -> None:
    with incoming.fresh(tmp_path) as partial:
        partial.write([BYTES], 100)
        partial.path.replace(tmp_path / "kept")
    assert files(tmp_path) == ["kept"]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    with incoming.fresh(tmp_path) as partial:
        assert partial.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("size", [ALONE - 1, ALONE, ALONE + 1, 5 * ALONE])
def test_large_ones_are_hashed_beside_and_come_to_the_same(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    pieces = [content[at : at + 100_000] for at in range(0, size, 100_000)]
    with incoming.fresh(tmp_path) as partial:
        partial.write(pieces, size)
        assert partial.sha256 == hashlib.sha256(content).hexdigest()
        assert partial.path.read_bytes() == content


def test_it_may_come_in_several_turns(tmp_path: Path) -> None:
    path = incoming.make(tmp_path, uuid.uuid4())
    with incoming.again(path) as partial:
        partial.write([b"some "], 100)
        digest = partial.digest
    with incoming.again(path) as partial:
        partial.digest = digest
        partial.write([b"bytes"], 100)
        assert partial.sha256 == SHA


def test_a_checksum_that_is_not_known_is_read_again(tmp_path: Path) -> None:
    path = incoming.make(tmp_path, uuid.uuid4())
    path.write_bytes(b"some ")
    with incoming.again(path) as partial:
        partial.write([b"bytes"], 100)
        assert partial.digest is None
        assert partial.sha256 == SHA


def test_exactly_the_limit_is_taken(tmp_path: Path) -> None:
    with incoming.fresh(tmp_path) as partial:
        partial.write([BYTES], len(BYTES))
        assert partial.size == len(BYTES)


def test_more_than_the_limit_is_refused_and_no_more_is_read(tmp_path: Path) -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield b"x" * 10

    with pytest.raises(TooLarge) as caught, incoming.fresh(tmp_path) as partial:
        partial.write(endless(), 25)
    assert len(read) == 3
    assert caught.value.facts == {"limit": 25, "size": 30}
    assert files(tmp_path) == []


def test_a_sender_that_breaks_off_leaves_what_came_for_those_who_go_on(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield BYTES
        raise ConnectionResetError

    path = incoming.make(tmp_path, uuid.uuid4())
    with pytest.raises(ConnectionResetError), incoming.again(path) as partial:
        partial.write(broken(), 100)
    assert path.read_bytes() == BYTES
    with pytest.raises(ConnectionResetError), incoming.fresh(tmp_path) as partial:
        partial.write(broken(), 100)
    assert files(tmp_path) == [str(path.relative_to(tmp_path))]


def test_a_write_that_is_cut_short_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data[:3])))
    with incoming.fresh(tmp_path) as partial:
        partial.write([BYTES], 100)
        assert partial.path.read_bytes() == BYTES
        assert partial.size == len(BYTES)


def test_a_fault_of_the_disk_that_is_met_in_the_background_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("jarvis.artifacts.syncing.STEP", 10)
    monkeypatch.setattr(os, "fdatasync", broken)
    with pytest.raises(OSError, match="Input/output"), incoming.fresh(tmp_path) as partial:
        partial.write([BYTES], 100)
    assert files(tmp_path) == []


def test_two_cannot_write_to_one_at_once(tmp_path: Path) -> None:
    path = incoming.make(tmp_path, uuid.uuid4())
    with incoming.again(path), pytest.raises(Conflict, match="Another request"), incoming.again(path):
        pass
    with incoming.again(path):
        pass


def test_what_is_gone_is_told_as_gone(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="gone"), incoming.again(incoming.place(tmp_path, uuid.uuid4())):
        pass


def test_one_that_is_removed_while_it_is_opened_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = incoming.make(tmp_path, uuid.uuid4())
    flock = fcntl.flock

    def late(descriptor: int, how: int) -> None:
        path.unlink()
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with pytest.raises(NotFound), incoming.again(path):
        pass


def test_only_what_nobody_works_on_is_removed(tmp_path: Path) -> None:
    path = incoming.make(tmp_path, uuid.uuid4())
    with incoming.again(path):
        assert not incoming.remove(path)
        assert path.exists()
    assert incoming.remove(path)
    assert not incoming.remove(path)
    assert files(tmp_path) == []


def test_two_receive_at_once_without_meeting(tmp_path: Path) -> None:
    together = threading.Barrier(2, timeout=30)
    done: list[str] = []

    def slow() -> Iterator[bytes]:
        together.wait()
        yield BYTES

    def run() -> None:
        with incoming.fresh(tmp_path) as partial:
            partial.write(slow(), 100)
            done.append(partial.sha256)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert done == [SHA, SHA]
    assert files(tmp_path) == []
