"""Damaged archives are refused or read: never a crash, never a byte outside, never anything left behind."""

import bz2
import gzip
import lzma
import shutil
import stat
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives import LINK, Tarred, Zipped, apple, long_name, tarred, zipped
from attacks import ATTACKS
from jarvis.artifacts.archive.extract import extract
from jarvis.artifacts.archive.limits import MEBIBYTE, Limits
from jarvis.errors import ArchiveRefused

SMALL = Limits(expanded=4 * MEBIBYTE, file=2 * MEBIBYTE, entries=500)
TAR = tarred(
    Tarred("./", kind=b"5"),
    Tarred("d/", kind=b"5"),
    Tarred("d/a", b"hello\n" * 200, pax={"path": "d/caf\u00e9", "mtime": "1.5"}),
    long_name(b"n" * 150),
    Tarred("n" * 100, b"x", magic=b"ustar  "),
    Tarred("d/link", kind=b"2", target="../b"),
    Tarred("b", b"b", mode=0o755),
    Tarred("hard", kind=b"1", target="b"),
)
SEEDS = [
    zipped(
        Zipped("d/a", b"hello\n" * 200), Zipped("l", b"d/a", LINK), Zipped("s", b"x", method=0), "d/caf\u00e9"
    ),
    apple(),
    TAR,
    gzip.compress(TAR),
    bz2.compress(TAR),
    lzma.compress(TAR),
    zstandard.compress(TAR),
    *(data for data, _ in ATTACKS.values() if len(data) < 20_000),
]
CHANGE = st.tuples(
    st.sampled_from(["set", "flip", "insert", "delete", "copy", "cut"]),
    st.integers(0, 1 << 20),
    st.one_of(
        st.binary(max_size=12), st.sampled_from([b"../", b"PK\5\6", b"\xff" * 4, b"\0", b"/", bytes(512)])
    ),
)


def mutated(data: bytes, changes: list[tuple[str, int, bytes]]) -> bytes:
    for kind, number, some in changes:
        at = number % (len(data) + 1)
        if kind == "set":
            data = data[:at] + some + data[at + len(some) :]
        elif kind == "flip":
            data = data[:at] + bytes(byte ^ (1 << number % 8) for byte in data[at : at + 1]) + data[at + 1 :]
        elif kind == "insert":
            data = data[:at] + some + data[at:]
        elif kind == "delete":
            data = data[:at] + data[at + 1 + len(some) :]
        elif kind == "copy":
            data = data[:at] + data[at // 2 : at // 2 + 600] + data[at:]
        else:
            data = data[:at]
    return data


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def check(room: Path, data: bytes) -> bool:
    """Unpack and judge the outcome; True when it was accepted."""
    source, out = room / "upload", room / "out"
    source.write_bytes(data)
    try:
        done = extract(source, out, limits=SMALL)
    except ArchiveRefused:
        assert [path.name for path in room.iterdir()] == ["upload"]
        return False
    there = {path.relative_to(out).as_posix(): path.lstat() for path in out.rglob("*")}
    files = {path: info.st_size for path, info in there.items() if stat.S_ISREG(info.st_mode)}
    assert files == {file.path: file.size for file in done.files}
    assert all(stat.S_ISREG(info.st_mode) or stat.S_ISDIR(info.st_mode) for info in there.values())
    shutil.rmtree(out)
    assert [path.name for path in room.iterdir()] == ["upload"]
    return True


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(seed=st.sampled_from(SEEDS), changes=st.lists(CHANGE, min_size=1, max_size=4))
def test_a_damaged_archive_is_refused_or_read(
    room: Path, seed: bytes, changes: list[tuple[str, int, bytes]]
) -> None:
    check(room, mutated(seed, changes))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(changes=st.lists(CHANGE, min_size=1, max_size=3), pack=st.sampled_from([gzip, bz2, lzma, zstandard]))
def test_a_damaged_tar_inside_a_good_stream_is_refused_or_read(room: Path, changes, pack) -> None:
    check(room, pack.compress(mutated(TAR, changes)))


def test_the_undamaged_ones_are_accepted(room: Path) -> None:
    assert all(check(room, seed) for seed in SEEDS[:7])


NAME = st.text(
    st.characters(codec="utf-8", exclude_characters="/\\", exclude_categories=["Cc", "Cs"]),
    min_size=1,
    max_size=20,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    files=st.dictionaries(NAME, st.binary(max_size=3000), max_size=6), form=st.sampled_from(["zip", "tar"])
)
def test_what_was_packed_comes_out(room: Path, files: dict[str, bytes], form: str) -> None:
    names = {f"d{number}/x{name}": data for number, (name, data) in enumerate(files.items())}
    if form == "zip":
        packed = zipped(*(Zipped(name, data, flags=0x800) for name, data in names.items()))
    else:
        packed = tarred(*(Tarred("x", data, pax={"path": name}) for name, data in names.items()))
    (room / "upload").write_bytes(packed)

    extract(room / "upload", room / "out")
    found = {
        path.relative_to(room / "out").as_posix(): path
        for path in (room / "out").rglob("*")
        if path.is_file()
    }
    assert {name: path.read_bytes() for name, path in found.items()} == names
    shutil.rmtree(room / "out")
