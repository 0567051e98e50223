"""What programs use, as the control groups of the kernel count it, in both of their versions.

That is cheaper than to add up processes, and right: memory that several of them share is counted once.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from jarvis.limits import ROOT

NONE = 1 << 60
"""A limit this high is none: version 1 says so."""


@dataclass(frozen=True)
class Used:
    """None means that the kernel does not say.

    Attributes:
        memory: Bytes, without files that it may forget at any time.
        cpu_seconds: Seconds of processors.
        limit: Bytes of memory that may be used; None also for as many as there are.
    """

    memory: int | None = None
    cpu_seconds: float | None = None
    limit: int | None = None


def of_program(name: str, root: Path = ROOT) -> Used:
    """What one of our programs uses, by the name that `limits.make` was given."""
    if (root / "cgroup.controllers").is_file():
        return _second(root / "jarvis" / name)
    return _first({one: root / one / f"jarvis-{name}" for one in ("memory", "cpu", "cpuacct")})


def of_process(pid: int, mark: str, root: Path = ROOT, proc: Path = Path("/proc")) -> Used:
    """What the group uses that a process is in.

    Args:
        pid: Of the process.
        mark: Is part of the group's name; without it, the process is another one, of another machine.
        root: Where the groups of this machine are.
        proc: Where its processes are.
    """
    found: dict[str, Path] = {}
    with contextlib.suppress(OSError):
        for line in (proc / str(pid) / "cgroup").read_text().splitlines():
            _, names, path = line.split(":", 2)
            if mark in path:
                for name in names.split(","):
                    found[name] = root / name / path.lstrip("/")
    if "" in found and (found[""] / "cgroup.controllers").is_file():
        return _second(found[""])
    return _first(found)


def _first(places: dict[str, Path]) -> Used:
    """Version 1 has a tree for each controller."""
    memory, cache, limit, nanoseconds = None, 0, None, None
    if (place := places.get("memory")) is not None:
        memory, limit = _number(place / "memory.usage_in_bytes"), _number(place / "memory.limit_in_bytes")
        cache = _member(place / "memory.stat", "total_inactive_file")
    for name in ("cpuacct", "cpu"):
        if nanoseconds is None and name in places:
            nanoseconds = _number(places[name] / "cpuacct.usage")
    return _used(memory, cache, limit, nanoseconds / 1e9 if nanoseconds is not None else None)


def _second(place: Path) -> Used:
    """Version 2 has one tree for all."""
    stat = place / "cpu.stat"
    seconds = _member(stat, "usage_usec") / 1e6 if stat.is_file() else None
    memory, cache = _number(place / "memory.current"), _member(place / "memory.stat", "inactive_file")
    return _used(memory, cache, _number(place / "memory.max"), seconds)


def _used(memory: int | None, cache: int, limit: int | None, seconds: float | None) -> Used:
    return Used(
        memory=max(0, memory - cache) if memory is not None else None,
        cpu_seconds=seconds,
        limit=limit if limit is not None and limit < NONE else None,
    )


def _number(file: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        return int(file.read_text())
    return None


def _member(file: Path, name: str) -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in file.read_text().splitlines():
            key, _, value = line.partition(" ")
            if key == name:
                return int(value)
    return 0
