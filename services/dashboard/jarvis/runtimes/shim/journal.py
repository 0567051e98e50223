"""What a program says: lines with their times, in a file that does not grow for ever."""

import contextlib
import os
import time
from pathlib import Path

LOG_BYTES, LOGS_KEPT = 10 * 1024 * 1024, 2
LONGEST_LINE = 16 * 1024


class Journal:
    """The log of one program; older ones are `log.1` and `log.2`."""

    def __init__(self, path: Path, limit: int = LOG_BYTES) -> None:
        self._path, self._limit = path, limit
        self._half = b""
        self._open()

    def _open(self) -> None:
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        self._size = os.fstat(self._file).st_size

    def feed(self, block: bytes) -> None:
        """Bytes as they come; what has no end yet is kept for the next ones."""
        *whole, self._half = (self._half + block).split(b"\n")
        lines = [piece for line in whole for piece in _cut(line)]
        if len(self._half) > LONGEST_LINE:
            *pieces, self._half = _cut(self._half)
            lines += pieces
        self._write(lines)

    def flush(self) -> None:
        """The last line, which has no end."""
        if self._half:
            lines, self._half = _cut(self._half), b""
            self._write(lines)

    def put(self, stamp: bytes, line: bytes) -> None:
        """A line that has its time already, written like the others."""
        self._append(b"".join(stamp + b" " + piece + b"\n" for piece in _cut(line.removesuffix(b"\r"))))

    def close(self) -> None:
        """Write no more."""
        os.close(self._file)

    def _write(self, lines: list[bytes]) -> None:
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z "
        self._append(b"".join(stamp.encode() + line.removesuffix(b"\r") + b"\n" for line in lines))

    def _append(self, text: bytes) -> None:
        with contextlib.suppress(OSError):  # a full disk costs the log, not the program
            self._size += os.write(self._file, text)
            if self._size > self._limit:
                self._roll()

    def _roll(self) -> None:
        os.close(self._file)
        for number in range(LOGS_KEPT, 0, -1):
            older = self._path if number == 1 else Path(f"{self._path}.{number - 1}")
            with contextlib.suppress(FileNotFoundError):
                older.replace(f"{self._path}.{number}")
        self._open()


def _cut(line: bytes) -> list[bytes]:
    return [line[at : at + LONGEST_LINE] for at in range(0, len(line), LONGEST_LINE)] or [b""]
