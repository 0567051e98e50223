"""Look at many sites the way visitors do, over connections that are kept: `probe` opens one for each look.

The standard library's client takes ten times the processor time of this one. With two thousand services that
are asked for every ten seconds, that is what counts.
"""

import hashlib
import socket
import threading
import time
from contextlib import suppress
from typing import Self
from urllib.parse import quote

from jarvis.proxy.probe import BODY_KEPT, Answer, unanswered

HEADERS = "Accept-Encoding: identity\r\nUser-Agent: jarvis-probe\r\n\r\n"
SIGNS = "/%:@!$&'()*+,;=?~-._"
"""What stays as it is in a path."""
BLOCK = 64 * 1024
LONGEST_HEAD = 256 * 1024
"""Bytes of a head that are read; the proxy passes on no longer one."""


class _Closed(ConnectionError):
    """The other side ended the connection before it answered."""


class _Wire:
    """One connection, and what came on it that nobody has read yet."""

    def __init__(self, address: str, port: int, timeout: float) -> None:
        self._place, self._timeout = (address, port), timeout
        self._sock: socket.socket | None = None
        self._buffer = b""
        self._end = 0.0

    @property
    def is_open(self) -> bool:
        return self._sock is not None

    def close(self) -> None:
        """End it; the next question opens another one."""
        if self._sock is not None:
            self._sock.close()
        self._sock, self._buffer = None, b""

    def ask(self, host: str, path: str) -> Answer:
        """Ask, and read the answer to its end.

        Raises:
            OSError: There is none, or not in time.
            ValueError: What came is no HTTP.
        """
        began = time.monotonic()
        self._end = began + self._timeout
        if self._sock is None:
            self._sock = socket.create_connection(self._place, self._timeout)
        self._sock.settimeout(self._timeout)
        self._sock.sendall(f"GET {quote(path, SIGNS)} HTTP/1.1\r\nHost: {host}\r\n{HEADERS}".encode("ascii"))
        status, headers = self._head()
        while 100 <= status < 200:
            status, headers = self._head()
        digest, kept = hashlib.sha256(), bytearray()
        for block in self._body(status, headers):
            digest.update(block)
            kept += block[: BODY_KEPT - len(kept)]
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, digest.hexdigest(), bytes(kept), headers, time.monotonic() - began)

    def _more(self) -> None:
        if self._sock is None:
            raise _Closed("there is no connection")
        if time.monotonic() > self._end:
            raise TimeoutError(f"the answer was not complete after {self._timeout:g} s")
        block = self._sock.recv(BLOCK)
        if not block:
            raise _Closed("the connection was closed")
        self._buffer += block

    def _until(self, sign: bytes) -> bytes:
        while sign not in self._buffer:
            if len(self._buffer) > LONGEST_HEAD:
                raise ValueError("the head of the answer has no end")
            self._more()
        found, _, self._buffer = self._buffer.partition(sign)
        return found

    def _exactly(self, count: int) -> list[bytes]:
        """So many bytes, block by block."""
        blocks: list[bytes] = []
        while count > 0:
            if not self._buffer:
                self._more()
            block, self._buffer = self._buffer[:count], self._buffer[count:]
            count -= len(block)
            blocks.append(block)
        return blocks

    def _head(self) -> tuple[int, dict[str, str]]:
        first, *lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        protocol, _, rest = first.partition(" ")
        if not protocol.startswith("HTTP/1."):
            raise ValueError("what came is no answer of HTTP/1")
        pairs = (line.partition(":") for line in lines)
        return int(rest[:3]), {name.strip().lower(): value.strip() for name, _, value in pairs}

    def _body(self, status: int, headers: dict[str, str]) -> list[bytes]:
        if status in (204, 304):
            return []
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks()
        if "content-length" in headers:
            return self._exactly(int(headers["content-length"]))
        blocks: list[bytes] = []
        with suppress(_Closed):
            while True:
                blocks.append(self._buffer)
                self._buffer = b""
                self._more()
        self.close()
        return blocks

    def _chunks(self) -> list[bytes]:
        blocks: list[bytes] = []
        while size := int(self._until(b"\r\n").partition(b";")[0], 16):
            blocks += self._exactly(size)
            self._until(b"\r\n")
        while self._until(b"\r\n"):
            pass
        return blocks


class Visitor:
    """Asks one site after the other; a connection a thread, which ends with the visitor.

    Args:
        port: Port of the proxy.
        address: Where it listens.
        timeout: Seconds for one answer.
    """

    def __init__(self, port: int, address: str, timeout: float) -> None:
        self._port, self._address, self._timeout = port, address, timeout
        self._mine = threading.local()
        self._all: list[_Wire] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for wire in self._all:
            wire.close()

    def ask(self, host: str, path: str) -> Answer:
        """The answer of `host`, whatever its status.

        Raises:
            Unavailable: Nothing answered, or not in time.
        """
        wire = self._wire()
        while True:
            kept = wire.is_open
            try:
                return wire.ask(host, path)
            except (OSError, ValueError) as error:
                wire.close()
                # The proxy may have closed a kept connection meanwhile; a new one is worth a try then.
                if not (kept and isinstance(error, ConnectionError)):
                    raise unanswered(host, self._address, self._port, path, error) from error

    def _wire(self) -> _Wire:
        with suppress(AttributeError):
            return self._mine.wire
        made = _Wire(self._address, self._port, self._timeout)
        self._mine.wire = made
        self._all.append(made)
        return made
