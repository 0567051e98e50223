"""Archives that must be refused, each with the rule that refuses it."""

import bz2
import gzip
import lzma
import struct

import zstandard

from archives import (
    FOLDER,
    LINK,
    Tarred,
    Zipped,
    deflated,
    descriptor,
    long_name,
    pax_records,
    skippable,
    tarred,
    unicode_name,
    zipped,
)

UP = "../" * 12 + "tmp/escaped"
PLAIN = tarred("a.txt")


def _link(name: str, target: str) -> Tarred:
    return Tarred(name, kind=b"2", target=target)


def _zip_link(name: str, target: str) -> Zipped:
    return Zipped(name, target.encode(), LINK)


def _large(*sizes: int) -> bytes:
    return struct.pack("<2H", 1, 8 * len(sizes)) + struct.pack(f"<{len(sizes)}Q", *sizes)


ZIPS: dict[str, tuple[bytes, str]] = {
    "parent": (zipped(UP), "name-parent"),
    "parent inside": (zipped("a/../../b"), "name-parent"),
    "absolute": (zipped("/tmp/escaped"), "name-absolute"),
    "drive": (zipped("C:/escaped"), "name-drive"),
    "backslash": (zipped("..\\..\\escaped"), "name-backslash"),
    "newline": (zipped("a\nb"), "name-control"),
    "nul": (zipped("a\0b"), "name-control"),
    "c1 control": (zipped("a\x9bb"), "name-control"),
    "empty": (zipped(""), "name-empty"),
    "dot inside": (zipped("a/./b"), "name-dot"),
    "two slashes": (zipped("a//b"), "name-dot"),
    "long part": (zipped("a" * 256), "name-long"),
    "long path": (zipped("/".join(["a" * 200] * 6)), "name-long"),
    "deep": (zipped("/".join("a" * 49)), "name-deep"),
    "flag says utf-8": (zipped(Zipped(b"caf\xe9", flags=0x800)), "name-encoding"),
    "twice": (zipped("a", "a"), "duplicate"),
    "twice by a dot": (zipped("a", "./a"), "duplicate"),
    "two spellings": (zipped("caf\u00e9", "cafe\u0301"), "collision-unicode"),
    "two spellings of a folder": (zipped("caf\u00e9/a", "cafe\u0301/b"), "collision-unicode"),
    "file then folder": (zipped("a", "a/b"), "collision"),
    "folder then file": (zipped("a/b", "a"), "collision"),
    "file as the root": (zipped("."), "collision"),
    "link up": (zipped(_zip_link("a", "../b")), "link-outside"),
    "link absolute": (zipped(_zip_link("a", "/etc/passwd")), "link-absolute"),
    "links up together": (
        zipped("x/y/f", _zip_link("a", "x/y"), _zip_link("b", "a/../../..")),
        "link-outside",
    ),
    "link loop": (zipped(_zip_link("a", "b"), _zip_link("b", "a")), "link-loop"),
    "link below itself": (zipped(_zip_link("a", "a/b")), "link-loop"),
    "link chain": (zipped(*(_zip_link(f"l{i}", f"l{i + 1}") for i in range(60))), "link-loop"),
    "link dangling out": (zipped(_zip_link("a", "gone/../../b")), "link-outside"),
    "link target huge": (zipped(_zip_link("a", "b/" * 600)), "link-target"),
    "link target empty": (zipped(_zip_link("a", "")), "link-target"),
    "link target backslash": (zipped(_zip_link("a", "..\\b")), "link-target"),
    "write through a link": (zipped("d/x", _zip_link("a", "d"), "a/b"), "collision"),
    "link and file": (zipped(_zip_link("a", "b"), "a", "b"), "collision"),
    "pipe": (zipped(Zipped("a", b"", 0o10644)), "special"),
    "device": (zipped(Zipped("a", b"", 0o60644)), "special"),
    "socket": (zipped(Zipped("a", b"", 0o140644)), "special"),
    "folder without slash": (zipped(Zipped("a", b"", FOLDER)), "special"),
    "folder with content": (zipped(Zipped("a/", b"x", FOLDER)), "special"),
    "link with slash": (zipped(Zipped("a/", b"b", LINK)), "special"),
    "encrypted": (zipped(Zipped("a", flags=1)), "zip-encrypted"),
    "aes": (zipped(Zipped("a", method=99)), "zip-encrypted"),
    "method": (zipped(Zipped("a", method=9)), "zip-method"),
    "crc": (zipped(Zipped("a", crc=1)), "zip-crc"),
    "says less": (zipped(Zipped("a", bytes(100_000), size=10)), "zip-size"),
    "says more": (zipped(Zipped("a", size=10)), "zip-size"),
    "stored says more": (zipped(Zipped("a", method=0, size=10)), "zip-size"),
    "noise": (zipped(Zipped("a", packed=b"\xff" * 20)), "zip-deflate"),
    "deflate cut": (zipped(Zipped("a", packed=deflated(b"hello\n")[:-3])), "zip-deflate"),
    "deflate trailing": (zipped(Zipped("a", packed=deflated(b"hello\n") + b"hidden")), "zip-deflate"),
    "4 EiB": (zipped(Zipped("a", size=0xFFFFFFFF, extra=_large(2**62))), "size-file"),
    "two sizes": (zipped(Zipped("a", extra=_large(7, 8))), "zip-size"),
    "extra cut": (zipped(Zipped("a", extra=b"\1\0\x20\0")), "zip-extra"),
    "local name": (zipped(Zipped("a", local_name=b"b")), "zip-name"),
    "local flags": (zipped(Zipped("a", local_flags=4 + 0x10)), "zip-local"),
    "local encrypted": (zipped(Zipped("a", local_flags=1)), "zip-local"),
    "other unicode name": (zipped(Zipped("safe", extra=unicode_name(b"safe", "evil"))), "zip-name"),
    "unicode name up": (zipped(Zipped(b"??/a", extra=unicode_name(b"??/a", "../a"))), "zip-name"),
    "unicode name local": (zipped(Zipped(b"\x82", local_extra=unicode_name(b"\x82", "\u00fc"))), "zip-name"),
    "overlap": (zipped("a", "b", "c", same_local=True), "zip-layout"),
    "gap": (zipped(Zipped("a", after=b"hidden"), "b"), "zip-layout"),
    "gap at the end": (zipped("a", Zipped("b", after=b"hidden")), "zip-layout"),
    "wrong descriptor": (
        zipped(Zipped("a", flags=8, local_zeros=True, descriptor=descriptor(b"x", 1)), "b"),
        "zip-size",
    ),
    "prefix": (zipped("a", prefix=b"PK\3\4junk"), "zip-layout"),
    "prefix, offsets not moved": (zipped("a", prefix=b"PK\3\4junk", moved=-8), "zip-layout"),
    "end record in the comment": (zipped("a", comment=zipped()), "zip-layout"),
    "bytes behind": (zipped("a", tail=b"more"), "zip-end"),
    "cut": (zipped("a")[:-30], "zip-end"),
    "count too small": (zipped("a", "b", count=1), "zip-directory"),
    "count too large": (zipped("a", count=2), "zip-directory"),
    "parts": (zipped("a", disk=1), "zip-disks"),
    "entry on another disk": (zipped(Zipped("a", disk=1)), "zip-disks"),
    "bad locator": (zipped("a", zip64=b"PK\6\7" + bytes(16)), "zip-end"),
    "too many": (zipped(count=50_001), "entries"),
    "bomb": (zipped(Zipped("a", bytes(20 << 20))), "ratio"),
    "bombs": (zipped(*(Zipped(f"{i}", bytes(2 << 20)) for i in range(12))), "ratio"),
}

TARS: dict[str, tuple[bytes, str]] = {
    "parent": (tarred(UP), "name-parent"),
    "prefix": (tarred(Tarred("x", prefix=b"../..")), "name-parent"),
    "absolute": (tarred("/tmp/escaped"), "name-absolute"),
    "backslash": (tarred("..\\x"), "name-backslash"),
    "escape": (tarred("a\x1b[2J"), "name-control"),
    "not utf-8": (tarred(Tarred(b"\xff\xfe")), "name-encoding"),
    "pax path": (tarred(Tarred("safe", pax={"path": UP})), "name-parent"),
    "pax nul": (tarred(Tarred("safe", pax={"path": b"a\0b"})), "tar-pax"),
    "pax twice": (tarred(Tarred("P", pax_records({"path": "a"}) * 2, b"x"), "b"), "tar-pax"),
    "pax size": (tarred(Tarred("a", pax={"size": "1024"})), "tar-size"),
    "pax sparse": (tarred(Tarred("a", pax={"GNU.sparse.name": UP})), "tar-sparse"),
    "pax length": (tarred(Tarred("P", b"99 path=a\n", b"x"), "b"), "tar-pax"),
    "pax zero": (tarred(Tarred("P", b"0 path=a\n", b"x"), "b"), "tar-pax"),
    "pax without a length": (tarred(Tarred("P", b"path=a\n", b"x"), "b"), "tar-pax"),
    "pax for all": (tarred(Tarred("P", pax_records({"path": "a"}), b"g"), "b"), "tar-pax"),
    "pax huge": (tarred(Tarred("P", pax_records({"comment": "a" * 70_000}), b"x"), "b"), "tar-meta"),
    "pax alone": (tarred(Tarred("P", pax_records({"path": "a"}), b"x")), "tar-truncated"),
    "pax linkpath": (tarred(Tarred("a", kind=b"2", target="b", pax={"linkpath": "/etc"})), "link-absolute"),
    "long name up": (tarred(long_name(UP.encode()), "a"), "name-parent"),
    "long name nul": (tarred(long_name(b"a\0b"), "a"), "tar-longname"),
    "two long names": (tarred(long_name(b"a"), Tarred("c", pax={"path": "b"})), "tar-longname"),
    "header chain": (tarred(*[Tarred("P", pax_records({"comment": "a"}), b"g")] * 4, "a"), "tar-chain"),
    "twice": (tarred("a", "a"), "duplicate"),
    "file and folder": (tarred("a", Tarred("a", kind=b"5")), "collision"),
    "link then write": (tarred(_link("d", "/tmp"), "d/x"), "link-absolute"),
    "inner link then write": (tarred("e/f", _link("d", "e"), "d/x"), "collision"),
    "link up": (tarred(_link("d", "../x")), "link-outside"),
    "root is a link": (tarred(_link(".", "a")), "link-root"),
    "hard link up": (tarred(Tarred("a", kind=b"1", target="../b")), "name-parent"),
    "hard link to itself": (tarred(Tarred("a", kind=b"1", target="a")), "link-missing"),
    "hard link later": (tarred(Tarred("a", kind=b"1", target="b"), "b"), "link-missing"),
    "hard link to a folder": (tarred("d/x", Tarred("a", kind=b"1", target="d")), "link-missing"),
    "hard link to a link": (
        tarred("f", _link("d/l", "../f"), Tarred("m", kind=b"1", target="d/l")),
        "link-outside",
    ),
    "hard link with content": (tarred("a", Tarred("b", b"x", b"1", "a")), "tar-size"),
    "device": (tarred(Tarred("a", kind=b"3")), "special"),
    "pipe": (tarred(Tarred("a", kind=b"6")), "special"),
    "sparse": (tarred(Tarred("a", kind=b"S")), "special"),
    "unknown type": (tarred(Tarred("a", kind=b"Z")), "special"),
    "negative": (tarred(Tarred("a", size=b"\xff" * 12)), "tar-size"),
    "text as size": (tarred(Tarred("a", size=b"hello world\0")), "tar-size"),
    "huge": (tarred(Tarred("a", size=b"\x80" + b"\x7f" * 11)), "size-file"),
    "folder with size": (tarred(Tarred("a/", b"x", b"5")), "tar-size"),
    "cut": (tarred(Tarred("a", bytes(2000)))[:1500], "tar-truncated"),
    "cut header": (tarred("a", "b")[:1100], "tar-truncated"),
    "checksum": (tarred("a", Tarred("b", checksum=b"000001\0 ")), "tar-header"),
    "second tar": (tarred("a") + tarred("b"), "tar-trailing"),
    "garbage behind": (tarred("a") + b"noise", "tar-trailing"),
    "lone zero block": (tarred("a", end=bytes(512)) + tarred("b"), "tar-trailing"),
    "zeros without end": (tarred("a") + bytes(2 << 20), "tar-trailing"),
    "two prefixes": (tarred(Tarred("a", magic=b"ustar  ", prefix=b"../x")), "tar-header"),
}

STREAMS: dict[str, tuple[bytes, str]] = {
    "gzip: bytes behind": (gzip.compress(PLAIN) + b"noise", "stream-trailing"),
    "gzip: zeros behind": (gzip.compress(PLAIN) + bytes(16), "stream-trailing"),
    "gzip: cut": (gzip.compress(PLAIN)[:-9], "stream-truncated"),
    "gzip: crc": (gzip.compress(PLAIN)[:-8] + bytes(8), "stream-corrupt"),
    "gzip: twice": (gzip.compress(gzip.compress(PLAIN)), "not-a-tar"),
    "gzip: of a file": (gzip.compress(b"hello\n"), "not-a-tar"),
    "gzip: of a zip": (gzip.compress(zipped("a")), "not-a-tar"),
    "gzip: of nothing, often": (gzip.compress(b"") * 1500 + gzip.compress(PLAIN), "stream-empty"),
    "gzip: pax of 60 MB": (gzip.compress(Tarred("P", kind=b"x", size=b"00400000000\0").header()), "tar-meta"),
    "gzip: bomb": (gzip.compress(tarred(Tarred("a", bytes(20 << 20)))), "ratio"),
    "bzip2: bytes behind": (bz2.compress(PLAIN) + b"noise", "stream-trailing"),
    "bzip2: cut": (bz2.compress(PLAIN)[:-4], "stream-truncated"),
    "bzip2: bomb": (bz2.compress(tarred(Tarred("a", bytes(20 << 20)))), "ratio"),
    "xz: bytes behind": (lzma.compress(PLAIN) + b"noise", "stream-trailing"),
    "xz: odd zeros behind": (lzma.compress(PLAIN) + bytes(3), "stream-trailing"),
    "xz: cut": (lzma.compress(PLAIN)[:-4], "stream-truncated"),
    "xz: memory": (
        lzma.compress(PLAIN, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 256 << 20}]),
        "stream-memory",
    ),
    "xz: bomb": (lzma.compress(tarred(Tarred("a", bytes(20 << 20)))), "ratio"),
    "zstd: bytes behind": (zstandard.compress(PLAIN) + b"noise", "stream-trailing"),
    "zstd: cut": (zstandard.compress(PLAIN)[:-2], "stream-truncated"),
    "zstd: window": (b"\x28\xb5\x2f\xfd\x00\xf8" + bytes(20), "stream-memory"),
    "zstd: dictionary": (b"\x28\xb5\x2f\xfd\x01\x50" + bytes(20), "stream-dictionary"),
    "zstd: hidden": (zstandard.compress(PLAIN) + skippable(bytes(2 << 20)), "stream-trailing"),
    "zstd: bomb": (zstandard.compress(tarred(Tarred("a", bytes(20 << 20)))), "ratio"),
    "nothing": (b"", "format"),
    "html": (b"<!doctype html><p>Not found", "format"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(100), "format"),
    "zip behind a picture": (zipped("a", prefix=b"\x89PNG\r\n\x1a\n"), "format"),
    "tar and gzip at once": (tarred(Tarred(b"\x1f\x8b\x08", b"x")), "format"),
}

ATTACKS = {
    f"{form}: {name}": made
    for form, group in (("zip", ZIPS), ("tar", TARS), ("", STREAMS))
    for name, made in group.items()
}
