"""One 512-byte header of a tar, read strictly."""

import re
from dataclasses import dataclass

from jarvis.artifacts.archive.refusal import refused

BLOCK = 512
ZEROS = bytes(BLOCK)
_OCTAL = re.compile(rb" *([0-7]*)[ \0]*")
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
    match = _OCTAL.fullmatch(block[148:156])
    if match is None or not match[1]:
        return False
    said, rest = int(match[1], 8), sum(block) - sum(block[148:156]) + 8 * 32
    if said == rest:
        return True
    high = sum(1 for byte in block[:148] + block[156:] if byte > 127)  # old Suns added signed bytes
    return said == rest - 256 * high


def read(block: bytes) -> Header:
    """Read one header.

    Raises:
        ArchiveRefused: The checksum or a number is wrong.
    """
    if not is_header(block):
        raise refused("tar-header", "the tar is damaged: where an entry should begin there is none")
    name = _text(block[0:100])
    magic, prefix = block[257:263], block[345:500]
    if magic == _POSIX and prefix[0]:
        # star's own form keeps two times behind a shorter prefix, and says so at the end
        head = _text(prefix[:131] if block[508:512] == b"tar\0" else prefix)
        name = head + b"/" + name
    elif magic == _GNU and not _TIMES.fullmatch(prefix[:24]):
        raise refused("tar-header", "has a name that readers put together in different ways", name)
    return Header(
        name, block[156:157], _size(block[124:136], name), _executable(block[100:108]), _text(block[157:257])
    )


def _text(field: bytes) -> bytes:
    return field.split(b"\0", 1)[0]


def _size(field: bytes, name: bytes) -> int:
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    match = _OCTAL.fullmatch(field)
    if match is None:
        raise refused("tar-size", "has a size that is not a positive number", name)
    return int(match[1] or b"0", 8)


def _executable(field: bytes) -> bool:
    match = _OCTAL.fullmatch(field)
    return bool(match and match[1] and int(match[1], 8) & 0o100)
