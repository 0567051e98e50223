"""Undo gzip, bzip2 and xz, all members, in small pieces, and refuse what a lenient reader forgives."""

import bz2
import lzma
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from jarvis.artifacts.archive.codec import DAMAGED, GZIP, inflater
from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.sizes import BUFFER, MEBIBYTE

XZ_MEMORY = 80 * MEBIBYTE
"""`xz -9` needs 65 MiB to unpack; more is asked for only by hand, or by an attack."""
_EMPTY_MEMBERS = 1000
_READ = 64 * 1024
"""Bytes of the archive that are read at once; the ratio is judged by what was read so far."""
_HEAD = 6
"""Bytes that tell what a member is."""
_GZIP_RESERVED = 0xE0


class _Member(Protocol):
    """One compressed member, with the calling convention of bz2 and lzma."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """An inflater keeps what it could not use outside; this one keeps it inside, as bz2 and lzma do."""

    def __init__(self) -> None:
        self._inflate = inflater(GZIP)
        self._full = False

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._full and not self._inflate.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        tail = self._inflate.unconsumed_tail
        output = self._inflate.decompress(tail + data if tail else data, max_length)
        self._full = len(output) == max_length
        return output


def _bzip2() -> _Member:
    return bz2.BZ2Decompressor()


def _xz() -> _Member:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)


_GZIP_MAGIC = b"\x1f\x8b"
_MEMBERS: dict[str, tuple[Callable[[], _Member], bytes]] = {
    "tar.gz": (_Gzip, _GZIP_MAGIC),
    "tar.bz2": (_bzip2, b"BZh"),
    "tar.xz": (_xz, b"\xfd7zXZ\x00"),
}


class Source:
    """The file itself, front to back, and how much of it was read."""

    def __init__(self, fd: int) -> None:
        self.read = 0
        self._fd = fd

    def __iter__(self) -> Iterator[bytes]:
        """Read it in pieces."""
        while chunk := os.read(self._fd, _READ):
            self.read += len(chunk)
            yield chunk


def unpacked(chunks: Iterable[bytes], kind: str) -> Iterator[bytes]:
    """What is inside, in pieces of at most one buffer.

    Raises:
        ArchiveRefused: The data is damaged, cut off, followed by something else, or needs too much memory.
    """
    if kind == "tar":
        yield from chunks
    elif kind == "tar.zst":
        from jarvis.artifacts.archive import (
            zstd,
        )  # its library takes longer to load than most archives to unpack

        yield from zstd.unpacked(chunks)
    else:
        yield from _members(iter(chunks), *_MEMBERS[kind])


def _members(chunks: Iterator[bytes], make: Callable[[], _Member], magic: bytes) -> Iterator[bytes]:
    data, empty = next(chunks, b""), 0
    while data:
        while len(data) < _HEAD and (more := next(chunks, b"")):
            data += more
        if not data.startswith(magic):
            raise refused("stream-trailing", "something follows the end of the compressed data")
        if magic == _GZIP_MAGIC and len(data) > 3 and data[3] & _GZIP_RESERVED:
            raise refused("stream-corrupt", "its compressed data is of a kind that nobody knows")
        member, produced = make(), False
        while not member.eof:
            if member.needs_input and not data:
                data = next(chunks, b"")
                if not data:
                    raise refused("stream-truncated", "it is cut off")
            output = _decompress(member, data)
            data = b""
            if output:
                produced = True
                yield output
        empty = 0 if produced else empty + 1
        if empty > _EMPTY_MEMBERS:
            raise refused("stream-empty", "it consists of thousands of empty parts")
        data = _padded(member.unused_data, chunks) if magic.endswith(b"XZ\x00") else member.unused_data
        data = data or next(chunks, b"")


def _padded(data: bytes, chunks: Iterator[bytes]) -> bytes:
    """Xz allows zeros in fours between and after its streams."""
    skipped = 0
    while True:
        rest = data.lstrip(b"\0")
        skipped += len(data) - len(rest)
        if rest or not (data := next(chunks, b"")):
            break
    if skipped % 4 or skipped > MEBIBYTE:
        raise refused("stream-trailing", "something follows the end of the compressed data")
    return rest


def _decompress(member: _Member, data: bytes) -> bytes:
    try:
        return member.decompress(data, BUFFER)
    except lzma.LZMAError as error:
        if "emory" in str(error):
            raise refused(
                "stream-memory", f"it needs more than {XZ_MEMORY // MEBIBYTE} MiB to unpack"
            ) from error
        raise refused("stream-corrupt", "its compressed data is damaged") from error
    except (*DAMAGED, OSError, EOFError, ValueError) as error:
        raise refused("stream-corrupt", "its compressed data is damaged") from error
