"""Limits hold on real bytes, and whatever goes wrong nothing is left."""

import errno
import gzip
import os
from pathlib import Path

import pytest

from archives import LINK, Tarred, Zipped, tarred, zipped
from config import Settings
from jarvis.artifacts.archive import durable, register, writer
from jarvis.artifacts.archive.budget import Budget
from jarvis.artifacts.archive.extract import extract
from jarvis.artifacts.archive.limits import Limits
from jarvis.artifacts.archive.sizes import BUFFER, MEBIBYTE, RATIO_AHEAD, RATIO_FROM
from jarvis.artifacts.limits import limits_of
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


def test_a_large_zip_is_written_whole_and_reports_progress(source: Path, tmp_path: Path) -> None:
    source.write_bytes(zipped(*(Zipped(f"d{number % 3}/{number}", NOISE, method=0) for number in range(8))))
    told: list[int] = []

    done = extract(source, tmp_path / "out", progress=told.append)

    assert done.bytes == 8 * len(NOISE) == told[-1]
    assert told == sorted(told)
    assert len({file.sha256 for file in done.files}) == 1
    assert all((tmp_path / "out" / file.path).read_bytes() == NOISE for file in done.files)


def test_an_error_in_a_large_zip_stops_everything_and_leaves_nothing(source: Path) -> None:
    entries = [Zipped(f"{number}", NOISE, method=0, crc=1 if number == 4 else None) for number in range(8)]
    source.write_bytes(zipped(*entries))

    assert refused(source, Limits()) == "zip-crc"


def test_nothing_is_made_before_a_small_archive_was_read_to_its_end(source: Path, monkeypatch) -> None:
    def made(*args, **more) -> int:
        raise AssertionError(args)

    monkeypatch.setattr(writer.Writer, "write", made)
    monkeypatch.setattr(writer.Writer, "folder", made)
    for data in (tarred("a/b", "../x"), gzip.compress(tarred("a/b"))[:-4], zipped("a/b", "../x")):
        source.write_bytes(data)
        assert refused(source, Limits()) in {"name-parent", "stream-truncated"}


@pytest.mark.parametrize("kind", [b"0", b"5", b"2", b"V"])
def test_an_archive_with_too_many_entries_is_refused_before_one_is_made(source, monkeypatch, kind) -> None:
    def made(*args, **more) -> int:
        raise AssertionError(args)

    monkeypatch.setattr(writer.Writer, "write", made)
    monkeypatch.setattr(writer.Writer, "folder", made)
    source.write_bytes(tarred(*(Tarred(f"{number}", kind=kind, target="x") for number in range(60))))

    assert refused(source, Limits(entries=50)) == "entries"


def test_a_stream_may_run_ahead_of_its_ratio_but_not_far() -> None:
    small = Budget(Limits(), 1000)
    small.stream(RATIO_FROM, 1000)
    with pytest.raises(ArchiveRefused, match="200 times"):
        small.stream(RATIO_FROM + 1, 1000)
    large = Budget(Limits(), 100 * MEBIBYTE)
    large.stream(RATIO_AHEAD + 200 * 5000, 5000)
    with pytest.raises(ArchiveRefused, match="200 times"):
        large.stream(RATIO_AHEAD + 200 * 5000 + 1, 5000)


HINTS = {
    "JARVIS_UNPACK_ENTRIES": (Limits(entries=1), tarred("a", "b")),
    "JARVIS_UNPACK_BYTES": (Limits(expanded=1), zipped("a")),
    "JARVIS_UNPACK_FILE_BYTES": (Limits(file=1), tarred("a")),
    "JARVIS_UNPACK_RATIO": (Limits(ratio=1), zipped(Zipped("a", bytes(17 * MEBIBYTE)))),
    "JARVIS_UNPACK_DEPTH": (Limits(depth=1), tarred("a/b")),
    "JARVIS_UNPACK_PATH": (Limits(path=1), zipped("ab")),
}


@pytest.mark.parametrize("variable", HINTS)
def test_a_refusal_by_a_limit_names_the_entry_and_the_setting(source: Path, variable: str) -> None:
    limits, data = HINTS[variable]
    source.write_bytes(data)

    with pytest.raises(ArchiveRefused) as refusal:
        extract(source, source.with_name("out"), limits=limits)
    assert f"may raise {variable} (now " in refusal.value.hint
    assert refusal.value.facts["entry"]
    assert hasattr(Settings(), variable.removeprefix("JARVIS_").lower())


def test_the_settings_have_the_same_defaults_as_the_limits() -> None:
    assert limits_of(Settings()) == Limits()


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


def test_a_folder_that_need_not_last_is_not_synced(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def settle(*args) -> None:
        raise AssertionError(args)

    monkeypatch.setattr("jarvis.artifacts.archive.extract.settle", settle)
    source.write_bytes(tarred("a"))

    assert extract(source, source.with_name("out"), durable=False).bytes == 6


def test_no_file_descriptor_stays_open(source: Path) -> None:
    source.write_bytes(gzip.compress(tarred(Tarred("a/b/c", NOISE), "../x")))
    before = len(list(Path("/proc/self/fd").iterdir()))
    refused(source, Limits())

    assert len(list(Path("/proc/self/fd").iterdir())) == before
