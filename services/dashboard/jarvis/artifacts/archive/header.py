"""One 512-byte header of a tar, read strictly."""

import re
from dataclasses import dataclass
from zlib import adler32

from jarvis.artifacts.archive.refusal import refused

BLOCK = 512
ZEROS = bytes(BLOCK)
_TIMES = re.compile(rb"[0-7 \0]*")
_POSIX, _GNU = b"ustar\0", b"ustar "


@dataclass(slots=True)
class Header:
    """What a header says about its entry.

    Args:
        name: With the prefix of the POSIX form.
        kind: The type flag, one byte.
        size: Of the content that follows.
        executable: Whether the owner may run it.
        target: Of a link.
    """

    name: bytes
    kind: bytes
    size: int
    executable: bool
    target: bytes


def is_header(block: bytes) -> bool:
    """Does the checksum hold?"""
    if len(block) < BLOCK:
        return False
    said = _octal(block[148:156])
    if said is None:
        return False
    head, tail = block[:148], block[156:]
    if block.isascii():  # then the low half of an Adler-32, which is such a sum, cannot run over
        return said == (adler32(tail, adler32(head)) & 0xFFFF) - 1 + 8 * 32
    rest = sum(head) + sum(tail) + 8 * 32
    if said == rest:
        return True
    high = sum(1 for byte in head + tail if byte > 127)  # old Suns added signed bytes
    return said == rest - 256 * high


def read(block: bytes) -> Header:
    """Read one header.

    Raises:
        ArchiveRefused: The checksum or a number is wrong.
    """
    if not is_header(block):
        raise refused("tar-header", "the tar is damaged: where an entry should begin there is none")
    name = _text(block[0:100])
    if block[345]:
        name = _prefixed(block, name)
    return Header(
        name, block[156:157], _size(block[124:136], name), _executable(block[100:108]), _text(block[157:257])
    )


def _prefixed(block: bytes, name: bytes) -> bytes:
    """The name with the prefix of the POSIX form; where old GNU tar keeps times, and others nothing."""
    magic, prefix = block[257:263], block[345:500]
    if magic == _POSIX:
        # star's own form keeps two times behind a shorter prefix, and says so at the end
        return _text(prefix[:131] if block[508:512] == b"tar\0" else prefix) + b"/" + name
    if magic != _GNU or not _TIMES.fullmatch(prefix[:24]):
        raise refused("tar-header", "has a name that readers put together in different ways", name)
    return name


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _octal(field: bytes) -> int | None:
    """A number in octal, with spaces before it and spaces and NULs behind it; None for anything else."""
    digits = field.rstrip(b" \0").lstrip(b" ")
    if not digits.isdigit():
        return None
    try:
        return int(digits, 8)
    except ValueError:
        return None


def _size(field: bytes, name: bytes) -> int:
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    size = _octal(field) if field.strip(b" \0") else 0
    if size is None:
        raise refused("tar-size", "has a size that is not a positive number", name)
    return size


def _executable(field: bytes) -> bool:
    return bool((_octal(field) or 0) & 0o100)
