"""What one entry of a zip holds: never more than it says, and checked to its last byte."""

import os
from collections.abc import Iterable, Iterator

from jarvis.artifacts.archive.codec import DAMAGED, RAW, crc32, inflater
from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.sizes import BUFFER


class Member:
    """Where an entry lies in the zip, and what it says about itself.

    Args:
        raw: Its name, for refusals.
        method: 0 stored, 8 deflated.
        crc: Of the content.
        packed: Size in the archive.
        size: Size of the content.
        start: Where its bytes begin.
    """

    __slots__ = ("crc", "method", "packed", "raw", "size", "start")

    def __init__(self, raw: bytes, method: int, crc: int, packed: int, size: int, start: int) -> None:
        self.raw = raw
        self.method = method
        self.crc = crc
        self.packed = packed
        self.size = size
        self.start = start


def content(fd: int, member: Member) -> Iterable[bytes]:
    """The content in pieces of at most one buffer.

    Raises:
        ArchiveRefused: It is damaged, or not what the entry says.
    """
    if member.packed <= BUFFER and member.size <= BUFFER:
        return (_whole(fd, member),)
    return _checked(member, _stored(fd, member) if member.method == 0 else _inflated(fd, member))


def _whole(fd: int, member: Member) -> bytes:
    """Most files are small: read at once, they take a third of the time."""
    data = os.pread(fd, member.packed, member.start)
    if member.method == 0:
        if member.packed != member.size:
            raise _two_sizes(member)
    else:
        inflate = inflater(RAW)
        try:
            data = inflate.decompress(data, member.size + 1)
        except DAMAGED as error:
            raise _damaged(member) from error
        if len(data) <= member.size and not inflate.eof:
            raise _cut(member)
        if inflate.unused_data:
            raise _hidden(member)
    if len(data) != member.size:
        raise _other_size(member)
    if crc32(data, 0) != member.crc:
        raise _other_sum(member)
    return data


def _checked(member: Member, pieces: Iterator[bytes]) -> Iterator[bytes]:
    crc, size = 0, 0
    for piece in pieces:
        crc = crc32(piece, crc)
        size += len(piece)
        if size > member.size:
            break
        yield piece
    if size != member.size:
        raise _other_size(member)
    if crc != member.crc:
        raise _other_sum(member)


def _stored(fd: int, member: Member) -> Iterator[bytes]:
    if member.packed != member.size:
        raise _two_sizes(member)
    end = member.start + member.packed
    for at in range(member.start, end, BUFFER):
        yield os.pread(fd, min(BUFFER, end - at), at)


def _inflated(fd: int, member: Member) -> Iterator[bytes]:
    inflate = inflater(RAW)
    at, end, left = member.start, member.start + member.packed, member.size
    data = b""
    try:
        while not inflate.eof:
            if not data and at < end:
                data = os.pread(fd, min(BUFFER, end - at), at)
                at += len(data)
            output = inflate.decompress(data, min(BUFFER, left + 1))
            if not output and not data and not inflate.eof:
                raise _cut(member)
            data = inflate.unconsumed_tail
            left -= len(output)
            if output:
                yield output
            if left < 0:
                return
    except DAMAGED as error:
        raise _damaged(member) from error
    if inflate.unused_data or at < end:
        raise _hidden(member)


def _two_sizes(member: Member) -> Exception:
    return refused("zip-size", "is not packed and yet has two sizes", member.raw)


def _other_size(member: Member) -> Exception:
    return refused("zip-size", "unpacks to another size than it says", member.raw)


def _other_sum(member: Member) -> Exception:
    return refused("zip-crc", "has a wrong checksum", member.raw)


def _cut(member: Member) -> Exception:
    return refused("zip-deflate", "is cut off", member.raw)


def _damaged(member: Member) -> Exception:
    return refused("zip-deflate", "is damaged", member.raw)


def _hidden(member: Member) -> Exception:
    return refused("zip-deflate", "has hidden bytes behind its content", member.raw)
