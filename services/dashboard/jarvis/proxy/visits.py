"""What visitors got, as the proxy's access log tells: how many answers, how many errors, how fast."""

import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self, cast
from urllib.parse import urlsplit

from jarvis.mark import MARKER

Json = dict[str, Any]

SWITCHED = 101


@dataclass(frozen=True)
class Visit:
    """One answer.

    Attributes:
        host: Who was asked for, without a port.
        began: When the request came (seconds since 1970).
        seconds: How long the answer took.
        status: What was answered.
    """

    host: str
    began: float
    seconds: float
    status: int


@dataclass(frozen=True)
class Figures:
    """Many of them.

    Attributes:
        answers: How many.
        errors: How many of them with 5xx.
        slow: Seconds within which nineteen of twenty came.
    """

    answers: int = 0
    errors: int = 0
    slow: float = 0.0

    @property
    def share(self) -> float:
        """The part of answers that are errors."""
        return self.errors / self.answers if self.answers else 0.0

    def __str__(self) -> str:
        if not self.answers:
            return "no visitors"
        errors = f"{self.errors:,} with an error ({self.share:.1%})" if self.errors else "no error"
        return f"{self.answers:,} answers, {errors}, 19 of 20 within {self.slow * 1000:,.0f} ms"


def figures(visits: Collection[Visit]) -> Figures:
    """Count them."""
    if not visits:
        return Figures()
    times = sorted(visit.seconds for visit in visits)
    slow = times[min(len(times) - 1, len(times) * 19 // 20)]
    return Figures(len(visits), sum(visit.status >= 500 for visit in visits), slow)


def read(line: bytes) -> Visit | None:
    """A line of the log; None for one that is no visitor's."""
    with suppress(ValueError, KeyError, TypeError):
        members = cast("Json", json.loads(line))
        request = members["request"]
        if urlsplit(str(request["uri"])).path == f"/{MARKER}":
            return None  # that is us
        if members["status"] == SWITCHED:
            return None  # a connection that stays open: how long says nothing
        seconds = float(members["duration"])
        host = str(request["host"]).rpartition(":")[0] or str(request["host"])
        return Visit(
            host.lower().rstrip("."), float(members["ts"]) - seconds, seconds, int(members["status"])
        )
    return None


class Log:
    """Reads the lines about some hosts, once each, also when the file is put aside for a new one.

    Args:
        file: The access log.
        hosts: Whose visitors are meant.
    """

    def __init__(self, file: Path, hosts: Iterable[str]) -> None:
        self._file = file
        self._hosts = frozenset(hosts)
        self._signs = tuple(host.encode() for host in self._hosts)
        self._open: BinaryIO | None = None
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._open is not None:
            self._open.close()

    def more(self) -> list[Visit]:
        """What came since the last call; at the first call all that the file holds."""
        found = [*self._lines()]
        if self._is_new():
            if self._open is not None:
                self._open.close()
            self._open, self._rest = None, b""
            with suppress(OSError):
                self._open = self._file.open("rb")
            found += self._lines()
        return [visit for line in found if (visit := read(line)) is not None and visit.host in self._hosts]

    def _is_new(self) -> bool:
        """Is there another file of that name than the one that is open?"""
        try:
            there = self._file.stat()
        except OSError:
            return False
        if self._open is None:
            return True
        here = os.fstat(self._open.fileno())
        return (here.st_dev, here.st_ino) != (there.st_dev, there.st_ino) or there.st_size < self._open.tell()

    def _lines(self) -> Iterator[bytes]:
        if self._open is None:
            return
        content = self._rest + self._open.read()
        whole, end, self._rest = content.rpartition(b"\n")
        if end:
            for line in whole.split(b"\n"):
                if any(sign in line.lower() for sign in self._signs):
                    yield line
