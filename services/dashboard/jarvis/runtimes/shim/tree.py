"""What the kernel tells about the processes of a program: which, where they listen, what they use."""

import contextlib
import os
import socket
import sys
from collections.abc import Iterable
from pathlib import Path

Address = tuple[str, int]
MARK = "JARVIS_INSTANCE"
"""A variable that every process of a program inherits, so that what outlived a killed shim is found."""
_LISTENS = "0A"  # the state TCP_LISTEN in /proc/net/tcp
_TICK, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


def below(pid: int) -> list[int]:
    """All processes below `pid`; not itself."""
    parents = None if _has_lists() else _parents()
    found = [pid]
    for one in found:
        found.extend(_children(one) if parents is None else parents.get(one, ()))
    return found[1:]


def _has_lists() -> bool:
    return Path(f"/proc/self/task/{os.getpid()}/children").exists()


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found.extend(map(int, (task / "children").read_text().split()))
    return found


def _parents() -> dict[int, list[int]]:
    """Every process by its parent, for kernels that keep no lists of children."""
    found: dict[int, list[int]] = {}
    for pid in _all():
        if words := _stat(pid):
            found.setdefault(int(words[1]), []).append(pid)
    return found


def _all() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _stat(pid: int) -> list[str]:
    """The words of /proc/PID/stat after the name, which may hold anything: state, parent, ..."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    return []


def usage(pids: Iterable[int]) -> tuple[int, float]:
    """Bytes of memory and seconds of processors that these use; with the seconds of children that ended."""
    memory, ticks = 0, 0
    for pid in pids:
        if words := _stat(pid):
            memory += int(words[21]) * _PAGE
            ticks += sum(map(int, words[11:15]))
    return memory, ticks / _TICK


def listening(pids: Iterable[int]) -> list[Address]:
    """Where these processes take TCP connections, IPv4 first."""
    inodes: set[str] = set()
    net = ""
    for pid in pids:
        with contextlib.suppress(OSError):
            for entry in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):
                    target = str(entry.readlink())
                    if target.startswith("socket:["):
                        inodes.add(target[8:-1])
                        net = net or f"/proc/{pid}/net"
    found: list[Address] = []
    for table in ("tcp", "tcp6") if inodes else ():
        with contextlib.suppress(OSError), Path(net, table).open() as lines:
            for words in (line.split() for line in lines):
                if words[3] == _LISTENS and words[9] in inodes:
                    raw, _, port = words[1].partition(":")
                    found.extend((host, int(port, 16)) for host in reached(raw))
    return found


def reached(raw: str) -> list[str]:
    """By which addresses to connect to what is bound to the address that the kernel writes as `raw`."""
    packed = b"".join(int(raw[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(raw), 8))
    if any(packed):
        return [socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)]
    return ["127.0.0.1"] if len(packed) == 4 else ["::1", "127.0.0.1"]  # often without a ::1 in containers


def name_of(pid: int) -> str:
    """What the kernel calls a process."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text(errors="replace").strip()
    return ""


def marked(folder: Path) -> list[int]:
    """The processes that were started for the instance in `folder`."""
    mark = os.fsencode(f"{MARK}={folder}")
    found: list[int] = []
    for pid in _all():
        with contextlib.suppress(OSError):
            if mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                found.append(pid)
    return found


def signal_all(pids: Iterable[int], number: int) -> None:
    """A signal for each that is still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
