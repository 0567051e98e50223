"""Archives built byte by byte, so that they can say what no honest program writes."""

import struct
import zlib
from dataclasses import dataclass, field

LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
LINK, FOLDER, FILE = 0o120777, 0o40755, 0o100644


@dataclass
class Zipped:
    """One zip entry; every field that stands there twice can be made to differ."""

    name: bytes | str
    data: bytes = b"hello\n"
    mode: int = FILE
    method: int = 8
    flags: int = 0
    extra: bytes = b""
    local_extra: bytes | None = None
    local_name: bytes | None = None
    local_flags: int | None = None
    packed: bytes | None = None
    size: int | None = None
    crc: int | None = None
    disk: int = 0
    descriptor: bytes | None = None
    local_zeros: bool = False
    after: bytes = b""

    @property
    def raw(self) -> bytes:
        return self.name.encode() if isinstance(self.name, str) else self.name


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def zipped(
    *entries: Zipped | str,
    comment: bytes = b"",
    count: int | None = None,
    prefix: bytes = b"",
    moved: int = 0,
    tail: bytes = b"",
    disk: int = 0,
    zip64: bytes | None = None,
    same_local: bool = False,
) -> bytes:
    """A zip; `moved` shifts the offset in the end record, `zip64` goes between directory and end record."""
    body, directory, first = bytearray(prefix), bytearray(), len(prefix)
    for entry in [Zipped(one) if isinstance(one, str) else one for one in entries]:
        packed = entry.packed
        if packed is None:
            packed = deflated(entry.data) if entry.method == 8 else entry.data
        size = len(entry.data) if entry.size is None else entry.size
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        offset = first if same_local else len(body)
        if not same_local or not directory:
            name = entry.raw if entry.local_name is None else entry.local_name
            extra = entry.extra if entry.local_extra is None else entry.local_extra
            flags = entry.flags if entry.local_flags is None else entry.local_flags
            said = (0, 0, 0) if entry.local_zeros else (crc, len(packed), size)
            head = struct.pack("<5H3I2H", 20, flags, entry.method, 0, 0, *said, len(name), len(extra))
            body += LOCAL + head + name + extra + packed + (entry.descriptor or b"") + entry.after
        fields = (0x0314, 20, entry.flags, entry.method, 0, 0, crc, len(packed), size, len(entry.raw))
        rest = (len(entry.extra), 0, entry.disk, 0, entry.mode << 16, offset)
        directory += CENTRAL + struct.pack("<6H3I5H2I", *fields, *rest) + entry.raw + entry.extra
    number = len(entries) if count is None else count
    record = struct.pack(
        "<4H2IH", disk, disk, number, number, len(directory), len(body) + moved, len(comment)
    )
    return bytes(body + directory) + (zip64 or b"") + END + record + comment + tail


def descriptor(data: bytes, packed: int, *, signature: bool = True, wide: bool = False) -> bytes:
    sizes = struct.pack("<I2Q" if wide else "<3I", zlib.crc32(data), packed, len(data))
    return (b"PK\7\x08" if signature else b"") + sizes


def large_end(
    plain: bytes, *, count: int = 0, offset: int = 0, disks: int = 1, gap: bytes = b"", short: bool = True
) -> bytes:
    """The zip `plain` with the end record of a large one, too; `short` says that only that one counts."""
    end = len(plain) - 22
    entries, size, start = struct.unpack_from("<H2I", plain, end + 10)
    count, start = count or entries, offset or start
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, end, disks)
    full = struct.pack("<4H2IH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return plain[:end] + record + gap + locator + END + (full if short else plain[end + 4 :])


def unicode_name(raw: bytes, name: str, crc: int | None = None) -> bytes:
    body = b"\1" + struct.pack("<I", zlib.crc32(raw) if crc is None else crc) + name.encode()
    return struct.pack("<2H", 0x7075, len(body)) + body


@dataclass
class Tarred:
    """One tar entry with its header as it shall stand there."""

    name: bytes | str
    data: bytes = b""
    kind: bytes = b"0"
    target: bytes | str = b""
    mode: int = 0o644
    size: bytes | None = None
    magic: bytes = b"ustar\x0000"
    prefix: bytes = b""
    pax: dict[str, str | bytes] = field(default_factory=dict[str, "str | bytes"])
    checksum: bytes | None = None
    uid: bytes = b"0000000\0"

    def __bytes__(self) -> bytes:
        head = b"" if not self.pax else bytes(Tarred("PaxHeader", pax_records(self.pax), b"x"))
        return head + self.header() + self.data + bytes(-len(self.data) % 512)

    def header(self) -> bytes:
        name = self.name.encode() if isinstance(self.name, str) else self.name
        target = self.target.encode() if isinstance(self.target, str) else self.target
        size = b"%011o\0" % len(self.data) if self.size is None else self.size
        start = name.ljust(100, b"\0") + b"%07o\0" % self.mode + self.uid * 2 + size + b"%011o\0" % 0
        end = (
            self.kind
            + target.ljust(100, b"\0")
            + self.magic.ljust(8, b"\0")
            + bytes(80)
            + self.prefix.ljust(155, b"\0")
        )
        block = (start + b" " * 8 + end).ljust(512, b"\0")
        checksum = b"%06o\0 " % sum(block) if self.checksum is None else self.checksum
        return block[:148] + checksum + block[156:]


def pax_records(records: dict[str, str | bytes]) -> bytes:
    lines = b""
    for key, value in records.items():
        text = key.encode() + b"=" + (value.encode() if isinstance(value, str) else value) + b"\n"
        length = len(text) + 2
        while len(b"%d " % length) + len(text) != length:
            length = len(b"%d " % length) + len(text)
        lines += b"%d " % length + text
    return lines


def long_name(name: bytes, kind: bytes = b"L") -> bytes:
    return bytes(Tarred("././@LongLink", name + b"\0", kind, magic=b"ustar  "))


def tarred(*entries: Tarred | bytes | str, end: bytes = bytes(1024)) -> bytes:
    """A tar; a string is a small file of that name."""
    made = [bytes(Tarred(one, b"hello\n")) if isinstance(one, str) else bytes(one) for one in entries]
    return b"".join(made) + end


def apple(data: bytes = b"hello\n") -> bytes:
    """What the Finder makes: sizes behind the content, UTF-8 names without the flag, `__MACOSX`."""

    def streamed(name: str, content: bytes, mode: int = FILE) -> Zipped:
        extra = struct.pack("<2H", 0x5855, 12) + bytes(12)
        more = descriptor(content, len(deflated(content)))
        return Zipped(name, content, mode, flags=8, extra=extra, local_zeros=True, descriptor=more)

    return zipped(
        Zipped("site/", b"", FOLDER, method=0, flags=0),
        streamed("site/index.html", data),
        streamed("site/cafe\u0301.html", data),
        streamed("site/.DS_Store", b"finder"),
        Zipped("__MACOSX/", b"", FOLDER, method=0),
        Zipped("__MACOSX/site/", b"", FOLDER, method=0),
        streamed("__MACOSX/site/._index.html", b"fork"),
    )


def skippable(data: bytes) -> bytes:
    return struct.pack("<2I", 0x184D2A50, len(data)) + data
