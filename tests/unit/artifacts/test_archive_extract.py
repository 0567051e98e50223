"""What honest programs write comes out as it went in."""

import bz2
import gzip
import hashlib
import lzma
import os
import stat
import struct
from pathlib import Path

import pytest
import zstandard

from archives import (
    FOLDER,
    LINK,
    Tarred,
    Zipped,
    apple,
    deflated,
    descriptor,
    large_end,
    long_name,
    pax_records,
    skippable,
    tarred,
    unicode_name,
    zipped,
)
from jarvis.artifacts.archive.extract import Extracted, extract, sniff
from jarvis.artifacts.archive.limits import Limits

PLAIN = tarred("a.txt", Tarred("b/run", b"#!\n", mode=0o4755))
SPLIT = 700


@pytest.fixture
def unpack(tmp_path: Path):
    def unpack(data: bytes) -> Extracted:
        source = tmp_path / "upload"
        source.write_bytes(data)
        return extract(source, tmp_path / "out")

    return unpack


def test_it_works(unpack, tmp_path: Path) -> None:
    done = unpack(zipped(Zipped("index.html", b"<h1>hi</h1>"), Zipped("bin/run", b"#!", mode=0o100755)))

    run, index = done.files
    assert (run.path, run.executable, index.path, index.executable) == ("bin/run", True, "index.html", False)
    assert index.sha256 == hashlib.sha256(b"<h1>hi</h1>").hexdigest()
    assert (done.bytes, done.warnings, done.format) == (13, (), "zip")
    assert (tmp_path / "out/index.html").read_bytes() == b"<h1>hi</h1>"


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("zip", zipped("a.txt", "b/run")),
        ("tar", PLAIN),
        ("tar.gz", gzip.compress(PLAIN)),
        ("tar.gz", gzip.compress(PLAIN[:SPLIT]) + gzip.compress(b"") + gzip.compress(PLAIN[SPLIT:])),
        ("tar.bz2", bz2.compress(PLAIN[:SPLIT]) + bz2.compress(PLAIN[SPLIT:])),
        ("tar.xz", lzma.compress(PLAIN[:SPLIT]) + bytes(8) + lzma.compress(PLAIN[SPLIT:]) + bytes(4)),
        ("tar.xz", lzma.compress(PLAIN, preset=9)),
        ("tar.zst", zstandard.compress(PLAIN)),
        (
            "tar.zst",
            skippable(b"pzst") + zstandard.compress(PLAIN[:SPLIT]) + zstandard.compress(PLAIN[SPLIT:]),
        ),
        (
            "tar.zst",
            zstandard.ZstdCompressor(level=19, write_checksum=True, write_content_size=False).compress(PLAIN),
        ),
    ],
)
def test_each_format_is_known_by_its_bytes_and_read_to_its_end(
    unpack, tmp_path, form: str, data: bytes
) -> None:
    done = unpack(data)

    assert done.format == form == sniff(tmp_path / "upload")
    assert [file.path for file in done.files] == ["a.txt", "b/run"]
    assert (tmp_path / "out/a.txt").read_bytes() == b"hello\n"


def test_what_is_no_archive_has_no_format(tmp_path: Path) -> None:
    for number, data in enumerate([b"", b"PK", b"hello", bytes(300), b"%PDF-1.7" + bytes(600)]):
        (tmp_path / str(number)).write_bytes(data)
        assert sniff(tmp_path / str(number)) is None


@pytest.mark.parametrize("data", [zipped(), tarred(), bytes(10240)])
def test_an_empty_archive_gives_an_empty_folder(unpack, tmp_path: Path, data: bytes) -> None:
    assert unpack(data).files == ()
    assert list((tmp_path / "out").iterdir()) == []


def test_modes_are_made_plain_whatever_the_archive_and_the_umask_say(unpack, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        unpack(
            tarred(
                Tarred("d/", kind=b"5", mode=0), Tarred("d/a", b"x", mode=0), Tarred("d/b", b"x", mode=0o6777)
            )
        )
    finally:
        os.umask(before)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").rglob("*")}
    assert modes == {"d": 0o755, "a": 0o644, "b": 0o755}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_what_macos_adds_is_left_out_and_said(unpack) -> None:
    done = unpack(apple())

    assert [file.path for file in done.files] == ["site/cafe\u0301.html", "site/index.html"]
    assert done.warnings == (
        "Left out what macOS adds for itself: site/.DS_Store, __MACOSX/site/._index.html.",
    )


def test_names_of_an_old_code_page_are_read_and_said(unpack) -> None:
    done = unpack(zipped(Zipped(b"caf\x82"), Zipped("\u4e2d.html".encode("gbk")), "plain"))

    assert "caf\u00e9" in [file.path for file in done.files]
    assert done.warnings[0].startswith("Names that are not UTF-8, read as code page 437")


LARGE = struct.pack("<2H2Q", 1, 16, 6, len(deflated(b"hello\n")))
ODD_ZIPS = {
    "jar": Zipped("f", extra=b"\xfe\xca\0\0"),
    "code page 437": Zipped(b"caf\x82"),
    "unicode name of an old code page": Zipped(b"caf\x82", extra=unicode_name(b"caf\x82", "caf\u00e9")),
    "stored": Zipped("f", method=0),
    "zipalign": Zipped("f", local_extra=b"\0\0\0"),
    "sizes behind": Zipped("f", flags=8, local_zeros=True, descriptor=descriptor(b"hello\n", 8)),
    "sizes behind, unmarked": Zipped("f", flags=8, descriptor=descriptor(b"hello\n", 8, signature=False)),
    "large sizes behind": Zipped(
        "f", flags=8, local_zeros=True, descriptor=descriptor(b"hello\n", 8, wide=True)
    ),
    "large sizes, said twice": Zipped("f", extra=LARGE),
    "mode of old maven": Zipped("f", mode=0xFFFF),
    "no mode": Zipped("f", mode=0),
    "backup flags": Zipped("f", flags=2, local_flags=0),
    "explorer": Zipped("f", mode=0, flags=0),
    "go": Zipped("f\u00fc", mode=0, flags=0x808, local_zeros=True, descriptor=descriptor(b"hello\n", 8)),
    "java": Zipped(
        "f", flags=0x808, extra=b"\xfe\xca\0\0", local_zeros=True, descriptor=descriptor(b"hello\n", 8)
    ),
    "stored, sizes behind": Zipped(
        "f", method=0, flags=8, local_zeros=True, descriptor=descriptor(b"hello\n", 6)
    ),
    "large by a stream": Zipped(
        "f",
        flags=8,
        local_zeros=True,
        local_extra=struct.pack("<2H2Q", 1, 16, 0, 0),
        descriptor=descriptor(b"hello\n", 8, wide=True),
    ),
    "times in one header only": Zipped("f", extra=b"UT\5\0\3abcd", local_extra=b"UT\x09\0\3abcdabcd"),
    "name said twice": Zipped(
        "caf\u00e9", flags=0x800, extra=unicode_name("caf\u00e9".encode(), "caf\u00e9")
    ),
    "utf-8 without saying so": Zipped("caf\u00e9"),
    "zip in a zip": Zipped("in.zip", zipped("../x")),
    "fifty parts": Zipped("/".join("abcdefgh" * 6), b"x"),
}


@pytest.mark.parametrize("name", ODD_ZIPS)
def test_an_odd_but_honest_zip_is_accepted(unpack, name: str) -> None:
    assert len(unpack(zipped(ODD_ZIPS[name], Zipped("d/", b"", FOLDER), "d/x")).files) == 2


@pytest.mark.parametrize(
    "more", [{"comment": b"made by me"}, {"tail": bytes(512)}, {"comment": b"c", "tail": bytes(9)}]
)
def test_a_comment_or_zeros_at_the_end_of_a_zip_are_accepted(unpack, more) -> None:
    assert len(unpack(zipped("a", **more)).files) == 1


SUM = sum(Tarred("\u00e9" * 9, checksum=b" " * 8).header())
ODD_TARS = {
    "v7": Tarred("f", magic=b""),
    "gnu": Tarred("f", magic=b"ustar  "),
    "gnu with times": Tarred("f", magic=b"ustar  ", prefix=b"14512345670\x0014512345671\0"),
    "prefix": Tarred("f", prefix=b"a/b"),
    "contiguous": Tarred("f", kind=b"7"),
    "owner in base 256": Tarred("f", uid=b"\x80\1\0\0\0\0\0\0"),
    "owner left empty": Tarred("f", uid=bytes(8)),
    "git archive": bytes(Tarred("pax_global_header", pax_records({"comment": "0" * 40}), b"g"))
    + bytes(Tarred("f")),
    "bsdtar": Tarred(
        "f", pax={"LIBARCHIVE.xattr.user": b"\0\xff", "SCHILY.dev": "1", "mtime": "1.5", "size": "0"}
    ),
    "long name": long_name(b"x" * 200) + bytes(Tarred("x" * 100)),
    "unicode": Tarred("f", pax={"path": "ein Ordner/caf\u00e9 \u65e5\u672c"}),
    "label": bytes(Tarred("my label", kind=b"V")) + bytes(Tarred("f")),
    "folder as v7 wrote it": bytes(Tarred("d/", magic=b"")) + bytes(Tarred("d/f", magic=b"")),
    "checksum in signed bytes": Tarred("\u00e9" * 9, checksum=b"%06o\0 " % (SUM - 256 * 18)),
    "settings for all": bytes(Tarred("g", pax_records({"mtime": "1.5", "uname": "x"}), b"g"))
    + bytes(Tarred("f")),
    "odd records": Tarred("f", pax={"hdrcharset": "BINARY", "uid": str(2**70), "mtime": "-1e99", "V.x": ""}),
    "times of star": Tarred("f", prefix=b"d".ljust(131, b"\0") + b"14512345671\0" + b"14512345671\0"),
    "long name without its nul": bytes(Tarred("L", b"x" * 120, b"L", magic=b"ustar  "))
    + bytes(Tarred("x" * 100)),
    "size in spaces": Tarred("f", b"x", size=b"          1 "),
    "dots in front": bytes(Tarred("./", kind=b"5"))
    + bytes(Tarred("./d/", kind=b"5")) * 2
    + bytes(Tarred("././d/f")),
}


@pytest.mark.parametrize("name", ODD_TARS)
def test_an_odd_but_honest_tar_is_accepted(unpack, name: str) -> None:
    done = unpack(tarred(ODD_TARS[name]))

    assert len(done.files) == 1
    assert done.warnings == ()


def test_doubtful_names_are_accepted_with_a_warning(unpack) -> None:
    done = unpack(zipped("README", "readme", "aux.txt", "x\u202etxt.exe"))

    assert len(done.files) == 4
    assert [warning.split(":")[0].split(";")[0] for warning in done.warnings] == [
        "Names that differ only in upper and lower case",
        "Names with invisible characters that turn the direction of text",
        "Names that Windows cannot hold",
    ]
    assert "x\\u202etxt.exe" in done.warnings[1]


def test_a_tar_without_its_end_mark_is_accepted_with_a_warning(unpack) -> None:
    assert unpack(tarred("a", end=b"")).warnings


def link(name: str, target: str) -> Zipped:
    return Zipped(name, target.encode(), LINK)


def test_links_become_copies_or_are_left_out_with_a_warning(unpack, tmp_path: Path) -> None:
    done = unpack(
        zipped(
            link("first", "d/second"),
            link("d/second", "../bin/run"),
            link("through", "folder/run"),
            link("folder", "./bin//"),
            link("up", "d/.."),
            link("gone", "nowhere/x"),
            Zipped("bin/run", b"#!", mode=0o100755),
        )
    )

    assert {file.path: (file.size, file.executable) for file in done.files} == dict.fromkeys(
        ["bin/run", "d/second", "first", "folder/run", "through"], (2, True)
    )
    assert not any(path.is_symlink() for path in (tmp_path / "out").rglob("*"))
    assert done.warnings == (
        "Left out links to a folder that they lie in themselves: up.",
        "Left out links to something that is not in the archive: gone.",
    )


def test_a_linked_folder_is_copied_as_it_is(unpack, tmp_path: Path) -> None:
    done = unpack(zipped("1.2/index.html", "1.2/css/a.css", "1.20/other", link("latest", "1.2")))

    assert [file.path for file in done.files] == [
        "1.2/css/a.css",
        "1.2/index.html",
        "1.20/other",
        "latest/css/a.css",
        "latest/index.html",
    ]
    assert done.warnings == ()
    assert (tmp_path / "out/latest/css/a.css").read_bytes() == b"hello\n"


@pytest.mark.parametrize("limits", [Limits(entries=9), Limits(expanded=59), Limits(depth=3), Limits(path=6)])
def test_linked_folders_whose_copies_would_be_too_much_are_left_out(tmp_path: Path, limits: Limits) -> None:
    (tmp_path / "upload").write_bytes(
        zipped("a/b/c", "a/d", link("x", "a"), link("x2", "a"), link("y", "a"), link("z/z", "../a"))
    )

    done = extract(tmp_path / "upload", tmp_path / "out", limits=limits)

    assert [file.path for file in done.files] == ["a/b/c", "a/d"]
    assert done.warnings == (
        "Left out links to folders, whose copies would be too much: x, x2, y and 1 more.",
    )


def test_hard_links_become_copies(unpack, tmp_path: Path) -> None:
    done = unpack(tarred("a", Tarred("d/b", kind=b"1", target="./a")))

    assert [(file.path, file.size) for file in done.files] == [("a", 6), ("d/b", 6)]
    assert (tmp_path / "out/d/b").stat().st_nlink == 1


@pytest.mark.parametrize("short", [True, False])
def test_a_zip_with_large_end_records_is_accepted(unpack, short: bool) -> None:
    assert len(unpack(large_end(zipped("a"), short=short)).files) == 1
