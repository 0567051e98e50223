"""Damaged archives are refused or read: never a crash, never a byte outside, never anything left behind."""

import bz2
import gzip
import io
import lzma
import shutil
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives import LINK, Tarred, Zipped, apple, descriptor, long_name, tarred, zipped
from attacks import ATTACKS
from jarvis.artifacts.archive.extract import extract
from jarvis.artifacts.archive.limits import Limits
from jarvis.artifacts.archive.sizes import MEBIBYTE
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


def check(room: Path, data: bytes) -> dict[str, bytes] | None:
    """Unpack and judge the outcome; what came out, or None when it was refused."""
    source, out = room / "upload", room / "out"
    source.write_bytes(data)
    try:
        done = extract(source, out, limits=SMALL)
    except ArchiveRefused:
        assert [path.name for path in room.iterdir()] == ["upload"]
        return None
    there = {path.relative_to(out).as_posix(): path.lstat() for path in out.rglob("*")}
    files = {path: info.st_size for path, info in there.items() if stat.S_ISREG(info.st_mode)}
    assert files == {file.path: file.size for file in done.files}
    assert all(stat.S_ISREG(info.st_mode) or stat.S_ISDIR(info.st_mode) for info in there.values())
    contents = {path: (out / path).read_bytes() for path in files}
    shutil.rmtree(out)
    assert [path.name for path in room.iterdir()] == ["upload"]
    return contents


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
    assert all(check(room, seed) for seed in [*SEEDS[:7], ZIP, PLAIN])


MEMBERS = {"d/a": b"hello\n" * 200, "b": b"b", "caf\u00e9/c": b"c", "e": b""}
ZIP = zipped(
    *(Zipped(name, data, flags=0x800) for name, data in MEMBERS.items()),
    Zipped("s", b"stored", method=0, extra=b"UT\5\0\3abcd", local_extra=b"UT\x09\0\3abcdabcd"),
    Zipped("t", b"hello\n", flags=8, local_zeros=True, descriptor=descriptor(b"hello\n", 8)),
)
PLAIN = tarred(
    *(Tarred(name if name.isascii() else "x", data, pax={"path": name}) for name, data in MEMBERS.items()),
    long_name(b"n" * 150),
    Tarred("n" * 100, b"x", magic=b"ustar  "),
    Tarred("f", b"f", prefix=b"folder"),
    "last",
)
BYTE = st.one_of(st.integers(0, 255), st.sampled_from([0, 0x2E, 0x2F, 0x30, 0x37, 0x5C, 0xFF]))


def by_python(data: bytes) -> dict[str, bytes] | None:
    """What Python's own readers find; None when they find something wrong."""
    try:
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return {
                    one.filename.removeprefix("./"): archive.read(one)
                    for one in archive.infolist()
                    if not one.is_dir() and not stat.S_ISLNK(one.external_attr >> 16)
                }
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            files = [(one.name, archive.extractfile(one)) for one in archive.getmembers() if one.isreg()]
            return {name.removeprefix("./"): file.read() for name, file in files if file is not None}
    except (
        zipfile.BadZipFile,
        zlib.error,
        tarfile.TarError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
    ):
        return None


def agrees(room: Path, data: bytes) -> None:
    """What is accepted is what another reader sees, or that one refuses it."""
    ours = check(room, data)
    theirs = None if ours is None else by_python(data)
    if ours is not None and theirs is not None:
        assert {name: data for name, data in theirs.items() if ours.get(name) != data} == {}


@settings(max_examples=700, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(signature=st.sampled_from([b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\7\x08"]), data=st.data())
def test_a_zip_with_one_other_byte_is_refused_or_read_as_others_read_it(room: Path, signature, data) -> None:
    places = [at for at in range(len(ZIP)) if ZIP.startswith(signature, at)]
    at = data.draw(st.sampled_from(places)) + data.draw(st.integers(0, 60))
    agrees(room, ZIP[:at] + bytes([data.draw(BYTE)]) + ZIP[at + 1 :])


@settings(max_examples=700, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(block=st.integers(0, len(PLAIN) // 512 - 1), offset=st.integers(0, 511), byte=BYTE)
def test_a_tar_with_one_other_byte_is_refused_or_read_as_others_read_it(room, block, offset, byte) -> None:
    changed = bytearray(PLAIN)
    changed[block * 512 + offset] = byte
    header = changed[block * 512 : block * 512 + 512]
    if bytes(header[257:262]) == b"ustar" and not 148 <= offset < 156:  # the sum would refuse it first
        header[148:156] = b" " * 8
        changed[block * 512 + 148 : block * 512 + 156] = b"%06o\0 " % sum(header)
    agrees(room, bytes(changed))


STREAMS = [
    gzip.compress(PLAIN),
    bz2.compress(PLAIN),
    lzma.compress(PLAIN),
    zstandard.ZstdCompressor(write_checksum=True).compress(PLAIN),
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(stream=st.sampled_from(STREAMS), at=st.integers(0, 1 << 20), bit=st.integers(0, 7))
def test_a_stream_with_one_other_bit_is_refused_or_the_same(
    room: Path, stream: bytes, at: int, bit: int
) -> None:
    data = bytearray(stream)
    data[at % len(data)] ^= 1 << bit

    assert check(room, bytes(data)) in (None, check(room, PLAIN))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(end=st.integers(0, 1 << 20), seed=st.sampled_from([ZIP, PLAIN, gzip.compress(PLAIN)]))
def test_an_archive_that_is_cut_off_is_refused_or_ends_between_two_files(room, end: int, seed: bytes) -> None:
    cut = seed[: end % len(seed)]
    found = check(room, cut)

    assert found is None or (seed is PLAIN and found.items() <= (check(room, PLAIN) or {}).items())


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
