"""Undo Zstandard block by block.

The library neither tells a cut off frame from a whole one nor bounds what one piece of input becomes, so
the frames are walked here (RFC 8878) and it is handed a few blocks at a time; a block gives 128 KiB at most.
"""

from collections.abc import Iterable, Iterator

import zstandard

from jarvis.artifacts.archive.blocks import Blocks
from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.sizes import MEBIBYTE

WINDOW = 128 * MEBIBYTE
"""What the `zstd` program itself opens without being told to."""
_MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"
_SKIPPED_MOST = MEBIBYTE
_BLOCK = 128 * 1024
_EMPTY_FRAMES = 1000


def unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What is inside, all frames."""
    source, empty = Blocks(chunks), 0
    while magic := source.take(4):
        produced = False
        if magic == _MAGIC:
            for output in _frame(source):
                produced = True
                yield output
        elif magic[1:] == _SKIPPABLE and 0x50 <= magic[0] <= 0x5F:
            _skip(source)
        else:
            raise refused("stream-trailing", "something follows the end of the compressed data")
        empty = 0 if produced else empty + 1
        if empty > _EMPTY_FRAMES:
            raise refused("stream-empty", "it consists of thousands of empty parts")


def _frame(source: Blocks) -> Iterator[bytes]:
    header, checksum = _header(source)
    frame = zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj()
    pending, expected, last = [_MAGIC + header], 0, False
    while not last:
        head = _exactly(source, 3)
        number = int.from_bytes(head, "little")
        last, kind, size = bool(number & 1), number >> 1 & 3, number >> 3
        if kind == 3 or size > _BLOCK:
            raise _damaged()
        pending += [head, _exactly(source, 1 if kind == 1 else size)]
        expected += _BLOCK if kind == 2 else size
        if last and checksum:
            pending.append(_exactly(source, 4))
        if last or expected > _BLOCK or len(pending) > 1000:
            try:
                output = frame.decompress(b"".join(pending))
            except zstandard.ZstdError as error:
                raise _damaged() from error
            pending, expected = [], 0
            if output:
                yield output
    if not frame.eof:
        raise _damaged()


def _header(source: Blocks) -> tuple[bytes, bool]:
    """The frame header after its magic, and whether a checksum follows the frame."""
    first = _exactly(source, 1)
    flags = first[0]
    single = bool(flags & 0x20)
    if flags & 0x08:
        raise _damaged()
    if flags & 0x03:
        raise refused("stream-dictionary", "it needs a dictionary to unpack")
    window = b"" if single else _exactly(source, 1)
    length = (1 if single else 0, 2, 4, 8)[flags >> 6]
    content = _exactly(source, length)
    size = int.from_bytes(content, "little") + (256 if length == 2 else 0)
    if window:
        base = 1 << (10 + (window[0] >> 3))
        size = base + base // 8 * (window[0] & 7)
    if size > WINDOW:
        raise refused("stream-memory", f"it needs more than {WINDOW // MEBIBYTE} MiB to unpack")
    return first + window + content, bool(flags & 0x04)


def _skip(source: Blocks) -> None:
    size = int.from_bytes(_exactly(source, 4), "little")
    if size > _SKIPPED_MOST:
        raise refused("stream-trailing", "large parts of it are not compressed data")
    _exactly(source, size)


def _exactly(source: Blocks, size: int) -> bytes:
    data = source.take(size)
    if len(data) < size:
        raise refused("stream-truncated", "it is cut off")
    return data


def _damaged() -> Exception:
    return refused("stream-corrupt", "its compressed data is damaged")
