"""The extra fields of a zip entry: large sizes and names in Unicode."""

import re
import struct
import zlib

from jarvis.artifacts.archive.refusal import refused

_FIELD = struct.Struct("<2H")
_LARGE = 0x0001
NAME = 0x7075
_OVERLONG = re.compile(rb"(?:\.|\xc0\xae){2}(?:[/\\]|\xc0\xaf|$)")
"""“../” as some old readers understood it, with the dots or the slash written in two bytes."""
_ENCRYPTION = (0x0017, 0x9901)
_DAMAGED = "has damaged extra fields"


def fields(data: bytes, raw: bytes) -> dict[int, bytes]:
    """Split the extra fields; only those that change what a reader sees are looked at."""
    found: dict[int, bytes] = {}
    at, end = 0, len(data)
    while end - at >= 4:
        kind, size = _FIELD.unpack_from(data, at)
        at += 4
        if at + size > end:
            raise refused("zip-extra", _DAMAGED, raw)
        if kind in _ENCRYPTION:
            raise refused("zip-encrypted", "is encrypted", raw, "Make the archive again without a password.")
        if kind in (_LARGE, NAME):
            if kind in found:
                raise refused("zip-extra", _DAMAGED, raw)
            found[kind] = data[at : at + size]
        at += size
    if at < end and data[at:].strip(b"\0"):
        raise refused("zip-extra", _DAMAGED, raw)
    return found


def large(extra: dict[int, bytes], short: tuple[int, int, int, int], raw: bytes) -> tuple[int, int, int, int]:
    """Size, packed size, offset and disk of a central entry, large ones from the extra field.

    Only what did not fit should stand there. Writers that put everything there must say the same twice.
    """
    full = (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFF)
    data = extra.get(_LARGE)
    if data is None:
        return short
    wanted = [value == most for value, most in zip(short, full, strict=True)]
    widths = (8, 8, 8, 4)
    exact = sum(width for width, want in zip(widths, wanted, strict=True) if want) == len(data)
    values = list(short)
    at = 0
    for index, width in enumerate(widths):
        if exact and not wanted[index]:
            continue
        if at == len(data) and not wanted[index]:
            break
        if at + width > len(data):
            raise refused("zip-extra", _DAMAGED, raw)
        value = int.from_bytes(data[at : at + width], "little")
        at += width
        if not wanted[index] and value != short[index]:
            raise refused("zip-size", "has two different sizes", raw)
        values[index] = value
    if at != len(data):
        raise refused("zip-extra", _DAMAGED, raw)
    return values[0], values[1], values[2], values[3]


def local_sizes(extra: dict[int, bytes], packed: int, size: int, raw: bytes) -> tuple[int, int]:
    """Packed size and size of a local header, from the extra field where they did not fit."""
    data = extra.get(_LARGE)
    if data is None or 0xFFFFFFFF not in (packed, size):
        return packed, size
    if len(data) < 16:
        raise refused("zip-extra", _DAMAGED, raw)
    long_size, long_packed = struct.unpack_from("<2Q", data)
    if (size not in (0xFFFFFFFF, long_size)) or (packed not in (0xFFFFFFFF, long_packed)):
        raise refused("zip-size", "has two different sizes", raw)
    return long_packed, long_size


def name(raw: bytes, utf8: bool, extra: dict[int, bytes]) -> str:
    """The name as text.

    Without the UTF-8 flag the standard says CP437, but macOS writes UTF-8 there, and hardly any CP437 name
    with accents is UTF-8 by chance.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        if utf8:
            raise refused("name-encoding", "has a name that is not UTF-8 although it says so", raw) from None
        if b"\xc0" in raw and _OVERLONG.search(raw):
            raise refused(
                "name-encoding", "hides “..” in its name by a forbidden kind of UTF-8", raw
            ) from None
        text = raw.decode("cp437")
    data = extra.get(NAME)
    if data is None:
        return text
    try:
        better = data[5:].decode("utf-8")
    except UnicodeDecodeError:
        raise refused("zip-extra", _DAMAGED, raw) from None
    if better == text:
        return text
    crc = int.from_bytes(data[1:5], "little")
    if data[:1] != b"\1" or crc != zlib.crc32(raw) or not _lossy(text, better):
        raise refused("zip-name", "has two different names", raw)
    return better


def _lossy(text: str, better: str) -> bool:
    """Can the first be what an old code page made of the second? Then plain ASCII parts are the same."""
    old, new = text.split("/"), better.split("/")
    return len(old) == len(new) and all(
        a == b or not (b.isascii() or a in ("", ".", "..")) for a, b in zip(old, new, strict=True)
    )
