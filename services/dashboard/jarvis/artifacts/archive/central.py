"""The end record and the central directory of a zip, read by hand."""

import os
import struct
import sys
from dataclasses import dataclass

from jarvis.artifacts.archive import extra as extras
from jarvis.artifacts.archive.limits import Limits
from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.register import SHORTER, too_many
from jarvis.artifacts.archive.sizes import NAMES_TOTAL

_END = struct.Struct("<4s4H2IH")
_LOCATOR = struct.Struct("<4sIQI")
_END64 = struct.Struct("<4sQ2H2I4Q")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_COMMENT = 0xFFFF
_PADDING = 32 * 1024
_ENCRYPTED = 0x2041
"""Encrypted, strongly encrypted, directory encrypted."""
_PATCH = 0x20
_UTF8 = 0x800
_METHODS = (0, 8)
_NO_MODE = 0xFFFF
"""What old Maven writes for folders it knows nothing about."""


class Entry:
    """One line of the central directory.

    Args:
        name: The name as text.
        odd: The name as it stands there, when that is not plain ASCII.
        flags: General purpose bits.
        method: 0 stored, 8 deflated.
        crc: Of the content.
        packed: Size in the archive.
        size: Size of the content.
        offset: Where its local header begins.
        mode: Unix mode, or 0.
    """

    __slots__ = ("crc", "flags", "method", "mode", "name", "odd", "offset", "packed", "size")

    def __init__(
        self,
        name: str,
        odd: bytes | None,
        flags: int,
        method: int,
        crc: int,
        packed: int,
        size: int,
        offset: int,
        mode: int,
    ) -> None:
        self.name = name
        self.odd = odd
        self.flags = flags
        self.method = method
        self.crc = crc
        self.packed = packed
        self.size = size
        self.offset = offset
        self.mode = mode

    @property
    def raw(self) -> bytes:
        """The name as it stands there; the local header must say the same."""
        return self.name.encode("ascii") if self.odd is None else self.odd


@dataclass(frozen=True)
class Directory:
    """Where the central directory lies, and how many entries it should have."""

    offset: int
    size: int
    count: int


def find(fd: int, length: int) -> Directory:
    """Find the directory by the one end record, which must end with the file.

    Raises:
        ArchiveRefused: There is none, there are two, or they disagree.
    """
    start = max(0, length - _END.size - _COMMENT - _PADDING)
    tail = os.pread(fd, length - start, start)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or at + _END.size > len(tail):
        raise refused("zip-end", "it has no end record; most likely it is cut off")
    _, disk, first, here, count, size, offset, comment = _END.unpack_from(tail, at)
    rest = tail[at + _END.size + comment :]
    if at + _END.size + comment > len(tail) or len(rest) > _PADDING or rest.strip(b"\0"):
        raise refused("zip-end", "its end record is not at its end")
    position = start + at
    said = Directory(offset, size, count)
    locator = os.pread(fd, _LOCATOR.size, position - _LOCATOR.size) if position >= _LOCATOR.size else b""
    if locator[:4] == b"PK\6\7":
        said, position = _find64(fd, locator, position - _LOCATOR.size, said)
        disk, first, here = disk % 0xFFFF, first % 0xFFFF, count
    if disk or first or here != count:
        raise refused("zip-disks", "it is one part of a zip in several parts")
    if said.offset + said.size != position:
        raise refused(
            "zip-layout", "its directory is not where its end record says; there may be data in front"
        )
    return said


def _find64(fd: int, locator: bytes, position: int, small: Directory) -> tuple[Directory, int]:
    _, disk, offset, disks = _LOCATOR.unpack(locator)
    record = os.pread(fd, _END64.size, offset) if offset + _END64.size <= position else b""
    if len(record) < _END64.size or not record.startswith(b"PK\6\6"):
        raise refused("zip-end", "its large end record is missing")
    _, length, _, _, here_disk, first, here, count, size, start = _END64.unpack(record)
    if disk or disks > 1 or here_disk or first or here != count:
        raise refused("zip-disks", "it is one part of a zip in several parts")
    if offset + 12 + length != position:
        raise refused("zip-end", "its large end record is not where it should be")
    pairs = ((small.count, count, 0xFFFF), (small.size, size, 0xFFFFFFFF), (small.offset, start, 0xFFFFFFFF))
    if any(short not in (long, full) for short, long, full in pairs):
        raise refused("zip-end", "its two end records disagree")
    return Directory(start, size, count), offset


def entries(fd: int, directory: Directory, limits: Limits) -> list[Entry]:
    """Read all lines of the directory.

    Raises:
        ArchiveRefused: There are too many, or one of them breaks a rule.
    """
    if directory.count > limits.entries:
        raise too_many(limits.entries)
    if directory.size > NAMES_TOTAL:
        raise refused("names-total", "its directory is too large", hint=SHORTER)
    data = os.pread(fd, directory.size, directory.offset)
    found: list[Entry] = []
    at = names = 0
    for _ in range(directory.count):
        entry, at = _entry(data, at, found)
        found.append(entry)
        names += sys.getsizeof(entry.name)
        if names > NAMES_TOTAL:
            raise refused(
                "names-total", "comes when all names together are already too long", entry.raw, SHORTER
            )
    if at != len(data):
        why = "is the last one by the end record, but more follow it in the directory"
        raise refused(
            "zip-directory",
            why if found else "its directory has entries that its end record hides",
            _last(found),
        )
    return found


def _last(found: list[Entry]) -> bytes:
    return found[-1].raw if found else b""


def _entry(data: bytes, at: int, before: list[Entry]) -> tuple[Entry, int]:
    if len(data) - at < _ENTRY.size or data[at : at + 4] != b"PK\1\2":
        why = "is the last one in the directory, but its end record says that more follow"
        raise refused("zip-directory", why if before else "its directory is damaged", _last(before))
    fields = _ENTRY.unpack_from(data, at)
    _, _, _, flags, method, _, _, crc, packed, size, named, more, comment, disk, _, external, offset = fields
    start = at + _ENTRY.size
    end = start + named + more + comment
    if end > len(data):
        raise refused("zip-directory", "its directory is damaged")
    raw = data[start : start + named]
    if flags & _ENCRYPTED or method == 99:
        raise refused("zip-encrypted", "is encrypted", raw, "Make the archive again without a password.")
    if method not in _METHODS or flags & _PATCH:
        hint = "Make the archive again with the usual method, deflate."
        raise refused("zip-method", f"is packed by method {method}, which is not supported", raw, hint)
    extra = extras.fields(data[start + named : start + named + more], raw) if more else {}
    if extra:
        size, packed, offset, disk = extras.large(extra, (size, packed, offset, disk), raw)
    if disk:
        raise refused("zip-disks", "lies in another part of the zip", raw)
    name = extras.name(raw, bool(flags & _UTF8), extra)
    odd = None if raw.isascii() and name.isascii() and name.encode() == raw else raw
    mode = external >> 16
    if mode == _NO_MODE:
        mode = 0
    return Entry(name, odd, flags, method, crc, packed, size, offset, mode), end
