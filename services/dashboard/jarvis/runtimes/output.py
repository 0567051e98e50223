"""Read what a program said: lines of its log, each with its time, from the end or from a place on."""

import os
from dataclasses import dataclass
from pathlib import Path

BLOCK = 64 * 1024
MOST = 4 * 1024 * 1024
"""Bytes that are looked through for the last lines."""


@dataclass(frozen=True)
class Output:
    """Some lines, and where the next ones begin.

    Attributes:
        lines: Pairs of time (ISO 8601) and text.
        next: A place in the log, for `after`.
    """

    lines: list[tuple[str, str]]
    next: int


def read(log: Path, *, last: int, after: int | None = None) -> Output:
    """The last lines of a log, or those after a place; nothing where there is no log.

    Args:
        log: The file.
        last: Lines at most.
        after: A place that was given before; a log that was begun anew since is read from its beginning.
    """
    try:
        with log.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if after is None:
                raw, place = _tail(file.fileno(), size, last)
            else:
                raw, place = _from(file.fileno(), size, after if after <= size else 0)
    except FileNotFoundError:
        return Output([], 0)
    whole = raw[: raw.rfind(b"\n") + 1]
    lines = whole.decode("utf-8", "replace").split("\n")[:-1]
    return Output([_parted(line) for line in lines[-last:]], place + len(whole))


def _from(file: int, size: int, begin: int) -> tuple[bytes, int]:
    begin = max(begin, size - MOST)
    return os.pread(file, size - begin, begin), begin


def _tail(file: int, size: int, last: int) -> tuple[bytes, int]:
    begin, found = size, b""
    while begin > 0 and found.count(b"\n") <= last and len(found) < MOST:
        length = min(BLOCK, begin)
        begin -= length
        found = os.pread(file, length, begin) + found
    return found, begin


def _parted(line: str) -> tuple[str, str]:
    time, _, text = line.partition(" ")
    return time, text
