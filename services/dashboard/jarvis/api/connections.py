"""The TCP connections of this process, as the kernel counts them. Only Linux shows them.

The web server (granian) does not hand on its sockets, but they are this process's own: they are found among
its open files by the address of the other side.
"""

import os
import socket
import struct
from collections.abc import Generator
from contextlib import contextmanager, suppress
from ipaddress import IPv6Address, ip_address
from pathlib import Path

_FILES = Path("/proc/self/fd")
_COOKIE = 57
"""SO_COOKIE: a number that no other socket of this machine ever has."""
_LAST_SENT = 44
_RECEIVED = 128
_INFO = 136
"""Places in Linux's struct tcp_info, and the bytes of it that are needed."""


class Connection:
    """One connection; the socket behind it stays the server's.

    Attributes:
        key: The same as long as it exists.
        received: Bytes that came in all.
        quiet: Seconds since something was sent on it, or since it was made.
    """

    def __init__(self, wire: socket.socket) -> None:
        info = wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO)
        self.key = wire.getsockopt(socket.SOL_SOCKET, _COOKIE, 8)
        self.received: int = struct.unpack_from("Q", info, _RECEIVED)[0]
        self.quiet: float = struct.unpack_from("I", info, _LAST_SENT)[0] / 1000
        self._wire = wire

    def stop_reading(self) -> None:
        """Let whoever reads from it see its end. It can still be written to."""
        with suppress(OSError):
            self._wire.shutdown(socket.SHUT_RD)


@contextmanager
def connections(peer: str, port: int) -> Generator[list[Connection]]:
    """Those of `peer` to our own `port`, for the time of the block."""
    wires: list[socket.socket] = []
    found: list[Connection] = []
    try:
        for wire in _wires():
            wires.append(wire)
            with suppress(OSError, struct.error, ValueError, IndexError):  # a unix socket has no port
                if wire.getsockname()[1] == port and _plain(wire.getpeername()[0]) == _plain(peer):
                    found.append(Connection(wire))
        yield found
    finally:
        for wire in wires:
            wire.close()


def _wires() -> Generator[socket.socket]:
    if not hasattr(socket, "TCP_INFO") or not _FILES.is_dir():
        return
    for file in _FILES.iterdir():
        with suppress(OSError):
            if str(file.readlink()).startswith("socket:") and (wire := _shared(int(file.name))) is not None:
                yield wire


def _shared(descriptor: int) -> socket.socket | None:
    """The same socket once more; None when there is another file by that number now."""
    own = os.dup(descriptor)
    try:
        return socket.socket(fileno=own)
    except OSError:
        os.close(own)
        return None


def _plain(address: str) -> object:
    """An address that stands for an old one in a new form is the old one."""
    parsed = ip_address(address)
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed
