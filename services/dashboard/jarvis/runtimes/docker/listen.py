"""Where the program in a container listens, by the tables of the kernel: nothing runs in there for it."""

import contextlib
import socket
from dataclasses import dataclass
from pathlib import Path

from jarvis.runtimes.docker.state import State

CONNECT_WITHIN = 2.0
_LISTENS = "0A"  # the state TCP_LISTEN in /proc/net/tcp
_DOCKERS = "0B00007F"  # 127.0.0.11, where Docker itself answers questions for names
_LOOPBACK = ("7F", "00000000000000000000000001000000")
"""How 127.x.x.x ends and what ::1 is, as the kernel writes them."""


@dataclass(frozen=True)
class Ports:
    """The ports on which something listens.

    Attributes:
        reached: Those that are reached from outside of the container.
        inside: Those that only the container itself reaches.
    """

    reached: frozenset[int]
    inside: frozenset[int]


def ports(state: State) -> Ports | None:
    """What listens in a container that runs; None where this machine cannot see it."""
    if not state.pid or not _is_its(state):
        return None
    reached: set[int] = set()
    inside: set[int] = set()
    try:
        for table in ("tcp", "tcp6"):
            for line in Path(f"/proc/{state.pid}/net/{table}").read_text(encoding="ascii").splitlines():
                words = line.split()
                if words[3] != _LISTENS:
                    continue
                raw, _, port = words[1].partition(":")
                if raw != _DOCKERS:
                    (inside if raw.endswith(_LOOPBACK) else reached).add(int(port, 16))
    except OSError:
        return None
    return Ports(frozenset(reached), frozenset(inside - reached))


def _is_its(state: State) -> bool:
    """Numbers of processes are used again, and those of another machine say nothing here."""
    with contextlib.suppress(OSError):
        return state.id in Path(f"/proc/{state.pid}/cgroup").read_text(encoding="utf-8")
    return False


def accepts(address: str, port: int) -> bool:
    """Does it take a connection there?"""
    try:
        with socket.create_connection((address, port), timeout=CONNECT_WITHIN):
            return True
    except OSError:
        return False
