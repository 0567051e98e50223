"""Deflate, gzip and CRC-32: by ISA-L where it is installed, in half the time of zlib."""

import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol


class Inflater(Protocol):
    """What `zlib.decompressobj` gives."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream was reached."""
        ...

    @property
    def unconsumed_tail(self) -> bytes:
        """Input that waits for room in the output."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What follows the stream."""
        ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """At most `max_length` bytes of output."""
        ...


RAW, GZIP = -zlib.MAX_WBITS, zlib.MAX_WBITS | 16

Codec = tuple[Callable[[int], Inflater], Callable[[bytes, int], int], tuple[type[Exception], ...]]


def best() -> Codec:
    """What makes an inflater, the CRC-32, and the errors that an inflater raises."""
    try:
        isal: Any = import_module("isal.isal_zlib")
    except (
        ImportError
    ):  # it is not made for every processor; zlib gives the same bytes, and the same refusals
        return zlib.decompressobj, zlib.crc32, (zlib.error,)
    return isal.decompressobj, isal.crc32, (zlib.error, isal.error)


inflater, crc32, DAMAGED = best()
