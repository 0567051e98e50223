"""Limits hold on real bytes, and whatever goes wrong nothing is left."""

import errno
import gzip
import os
from pathlib import Path

import pytest

from archives import LINK, Tarred, Zipped, tarred, zipped
from jarvis.artifacts.archive import durable, register, writer
from jarvis.artifacts.archive.extract import extract
from jarvis.artifacts.archive.limits import BUFFER, MEBIBYTE, Limits
from jarvis.errors import ArchiveRefused, StorageFull

NOISE = os.urandom(3 * MEBIBYTE)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "upload"


def refused(source: Path, limits: Limits) -> str:
    with pytest.raises(ArchiveRefused) as refusal:
        extract(source, source.with_name("out"), limits=limits)
    assert [path.name for path in source.parent.iterdir()] == ["upload"]
    return refusal.value.facts["rule"]


@pytest.mark.parametrize(
    "make", [lambda data: zipped(Zipped("a", data)), lambda data: tarred(Tarred("a", data))]
)
def test_one_file_and_all_files_may_be_as_large_as_the_limit_but_no_larger(source: Path, make) -> None:
    source.write_bytes(make(bytes(1000)))

    assert refused(source, Limits(file=999)) == "size-file"
    assert refused(source, Limits(expanded=999)) == "size-total"
    assert extract(source, source.with_name("out"), limits=Limits(file=1000, expanded=1000)).bytes == 1000


def test_folders_that_names_only_imply_count_as_entries(source: Path) -> None:
    source.write_bytes(tarred("a/b/c", "a/b/d"))

    assert refused(source, Limits(entries=3)) == "entries"
    assert len(extract(source, source.with_name("out"), limits=Limits(entries=4)).files) == 2


def test_the_same_folder_again_and_again_is_too_many_entries(source: Path) -> None:
    source.write_bytes(tarred(*[Tarred("a/", kind=b"5")] * 11))

    assert refused(source, Limits(entries=10)) == "entries"


def test_copies_made_for_links_count(source: Path) -> None:
    links = [Zipped(f"l{number}", b"a", LINK) for number in range(9)]
    source.write_bytes(zipped(Zipped("a", bytes(1000)), *links))

    assert refused(source, Limits(expanded=9_999)) == "size-total"
    hard = [Tarred(f"l{number}", kind=b"1", target="a") for number in range(9)]
    source.write_bytes(tarred(Tarred("a", bytes(1000)), *hard))
    assert refused(source, Limits(expanded=9_999)) == "size-total"


def test_all_names_together_are_limited(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "NAMES_TOTAL", 100)
    source.write_bytes(tarred("a" * 60, "b" * 60))

    assert refused(source, Limits()) == "names-total"


def test_a_lying_zip_is_stopped_within_one_buffer(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = 0
    write = writer.os.write

    def count(fd: int, data: bytes) -> int:
        nonlocal written
        written += len(data)
        return write(fd, data)

    monkeypatch.setattr(writer.os, "write", count)
    source.write_bytes(zipped(Zipped("a", bytes(50 * MEBIBYTE), size=10)))

    assert refused(source, Limits()) == "zip-size"
    assert written <= BUFFER


def test_a_large_zip_is_written_by_two_threads_and_reports_progress(source: Path, tmp_path: Path) -> None:
    source.write_bytes(zipped(*(Zipped(f"d{number % 3}/{number}", NOISE, method=0) for number in range(8))))
    told: list[int] = []

    done = extract(source, tmp_path / "out", progress=told.append)

    assert done.bytes == 8 * len(NOISE) == told[-1]
    assert told == sorted(told)
    assert len({file.sha256 for file in done.files}) == 1
    assert all((tmp_path / "out" / file.path).read_bytes() == NOISE for file in done.files)


def test_an_error_in_one_of_two_threads_stops_both_and_leaves_nothing(source: Path) -> None:
    entries = [Zipped(f"{number}", NOISE, method=0, crc=1 if number == 4 else None) for number in range(8)]
    source.write_bytes(zipped(*entries))

    assert refused(source, Limits()) == "zip-crc"


def test_a_large_stream_is_unpacked_ahead_and_an_error_in_it_is_seen(source: Path, tmp_path: Path) -> None:
    packed = gzip.compress(tarred(Tarred("a", NOISE), Tarred("b", NOISE)), 1)
    source.write_bytes(packed)
    assert extract(source, tmp_path / "whole").bytes == 2 * len(NOISE)
    for path in (tmp_path / "whole").iterdir():
        path.unlink()
    (tmp_path / "whole").rmdir()

    source.write_bytes(packed[:-8] + bytes(8))
    assert refused(source, Limits()) == "stream-corrupt"
    source.write_bytes(gzip.compress(tarred(Tarred("a", NOISE), "../b", Tarred("c", NOISE * 4)), 1))
    assert refused(source, Limits()) == "name-parent"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["write", "open", "mkdir"])
def test_a_full_disk_is_said_and_leaves_nothing(source: Path, monkeypatch, code: int, call: str) -> None:
    source.write_bytes(zipped("a", "d/b"))
    true, calls = getattr(os, call), 0

    def fail(*args, **more):
        nonlocal calls
        if "dir_fd" in more or call == "write":
            calls += 1
            if calls == 2 or call == "mkdir":
                raise OSError(code, os.strerror(code))
        return true(*args, **more)

    monkeypatch.setattr(writer.os, call, fail)
    with pytest.raises(StorageFull):
        extract(source, source.with_name("out"))
    monkeypatch.undo()
    assert [path.name for path in source.parent.iterdir()] == ["upload"]


def test_a_folder_that_is_there_already_is_left_as_it_is(source: Path, tmp_path: Path) -> None:
    source.write_bytes(zipped("a"))
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine").write_text("mine")

    with pytest.raises(FileExistsError):
        extract(source, tmp_path / "out")
    assert (tmp_path / "out/mine").read_text() == "mine"


def test_an_interruption_leaves_nothing(source: Path) -> None:
    source.write_bytes(tarred(Tarred("a", NOISE)))

    def interrupt(written: int) -> None:
        raise KeyboardInterrupt(written)

    with pytest.raises(KeyboardInterrupt):
        extract(source, source.with_name("out"), progress=interrupt)
    assert [path.name for path in source.parent.iterdir()] == ["upload"]


def test_without_syncfs_every_file_and_folder_is_synced(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.write_bytes(tarred("a", "d/e/b"))
    synced: list[str] = []
    fsync = os.fsync

    def note(fd: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{fd}").readlink()))
        fsync(fd)

    monkeypatch.setattr(durable, "_syncfs", lambda fd: False)
    monkeypatch.setattr(durable.os, "fsync", note)
    out = source.with_name("out")
    extract(source, out)

    assert sorted(synced) == sorted(
        str(path) for path in [out, out / "a", out / "d", out / "d/e", out / "d/e/b"]
    )


def test_no_file_descriptor_stays_open(source: Path) -> None:
    source.write_bytes(gzip.compress(tarred(Tarred("a/b/c", NOISE), "../x")))
    before = len(list(Path("/proc/self/fd").iterdir()))
    refused(source, Limits())

    assert len(list(Path("/proc/self/fd").iterdir())) == before
