"""The local headers of a zip: together they must fill the archive without a gap and repeat the directory."""

import os
import struct

from jarvis.artifacts.archive import extra as extras
from jarvis.artifacts.archive.central import Entry
from jarvis.artifacts.archive.refusal import refused

_LOCAL = struct.Struct("<4s5H3I2H")
_DESCRIPTOR = 0x08
_UTF8 = 0x800
_EXTRA = 64
"""Bytes behind the name that are read with it; most extra fields are shorter."""
_COMPARED = 0xFFFF & ~0x06 & ~_UTF8
"""All flags but how hard the packer tried; the UTF-8 flag matters only for names that are not ASCII."""


def check(fd: int, entries: list[Entry], end: int) -> dict[int, int]:
    """Walk the local headers in the order in which they lie.

    Args:
        fd: The zip.
        entries: Its central directory.
        end: Where the directory begins.

    Returns:
        For each offset of a local header the offset of its content.

    Raises:
        ArchiveRefused: There is a gap, an overlap, or something that the directory says otherwise.
    """
    starts: dict[int, int] = {}
    at = 0
    order = sorted(entries, key=lambda entry: entry.offset)
    for index, entry in enumerate(order):
        if entry.offset != at:
            raise refused("zip-layout", "overlaps another entry or leaves a gap before it", entry.raw)
        following = order[index + 1].offset if index + 1 < len(order) else end
        content = _header(fd, entry, at)
        starts[at] = content
        at = content + entry.packed
        if entry.flags & _DESCRIPTOR:
            at += _descriptor(fd, entry, at, following - at)
    if at != end:
        why = (
            "is followed by data that belongs to no entry" if order else "there is data before its directory"
        )
        raise refused("zip-layout", why, order[-1].raw if order else b"")
    return starts


def _header(fd: int, entry: Entry, at: int) -> int:
    """Compare one local header; where its content begins."""
    raw = entry.raw
    end = _LOCAL.size + len(raw)
    data = os.pread(fd, end + _EXTRA, at)
    if len(data) < end or not data.startswith(b"PK\3\4"):
        raise refused("zip-local", "has no header of its own", raw)
    _, _, flags, method, _, _, crc, packed, size, named, more = _LOCAL.unpack_from(data)
    if named != len(raw) or data[_LOCAL.size : end] != raw:
        raise refused("zip-name", "has two different names", raw)
    differ = (flags ^ entry.flags) & (_COMPARED if entry.odd is None else _COMPARED | _UTF8)
    if differ or method != entry.method:
        raise refused("zip-local", "is described in two different ways", raw)
    start = at + end + more
    extra: dict[int, bytes] = {}
    if more:
        found = data[end : end + more] if more <= _EXTRA else os.pread(fd, more, at + end)
        extra = extras.fields(found, raw)
    if extras.NAME in extra and extras.name(raw, bool(flags & _UTF8), extra) != entry.name:
        raise refused("zip-name", "has two different names", raw)
    if extra:
        packed, size = extras.local_sizes(extra, packed, size, raw)
    if (crc, packed, size) != (entry.crc, entry.packed, entry.size):
        for said, true in ((crc, entry.crc), (packed, entry.packed), (size, entry.size)):
            if said != true and not (said == 0 and flags & _DESCRIPTOR):
                raise refused("zip-size", "has two different sizes or checksums", raw)
    return start


def _descriptor(fd: int, entry: Entry, at: int, room: int) -> int:
    """Compare the sizes that follow the content; how many bytes they take."""
    forms = {12: "<3I", 16: "<4sI2I", 20: "<I2Q", 24: "<4sI2Q"}
    if room not in forms:
        raise refused("zip-layout", "is followed by something that belongs to no entry", entry.raw)
    values = struct.unpack(forms[room], os.pread(fd, room, at))
    if room in (16, 24):
        signature, *values = values
        if signature != b"PK\7\x08":
            raise refused("zip-layout", "is followed by something that belongs to no entry", entry.raw)
    if tuple(values) != (entry.crc, entry.packed, entry.size):
        raise refused("zip-size", "has two different sizes or checksums", entry.raw)
    return room
