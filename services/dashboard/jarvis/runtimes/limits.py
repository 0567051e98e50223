"""What a program may take, by the control groups of the kernel, in both of their versions."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PERIOD = 100_000
"""Microseconds in which a share of the processors is counted."""
CONTROLLERS: tuple[str, ...] = ("memory", "pids", "cpu")
_OURS = "jarvis"


@dataclass(frozen=True)
class Limits:
    """None means as much as there is.

    Attributes:
        memory: Bytes.
        pids: Processes and threads.
        cpus: Processors, for example 0.5.
    """

    memory: int | None = None
    pids: int | None = None
    cpus: float | None = None


def available(root: Path = ROOT) -> set[str]:
    """Which of memory, pids and cpu can be limited on this machine; in a container often none."""
    if not _is_second(root):
        return {name for name in CONTROLLERS if os.access(root / name, os.W_OK)}
    with contextlib.suppress(OSError):
        _prepare(root)
        return set(CONTROLLERS) & set((root / _OURS / "cgroup.controllers").read_text().split())
    return set()


def make(name: str, limits: Limits, root: Path = ROOT) -> list[str]:
    """Make the groups of one program; none where the machine does not let us.

    Args:
        name: Of the program, as a folder.
        limits: What it may take.
        root: Where the groups of this machine are.

    Returns:
        The folders that the program is to enter.
    """
    if limits == Limits():
        return []
    second = _is_second(root)
    if second:
        with contextlib.suppress(OSError):
            _prepare(root)
    made: list[str] = []
    for controller, settings in (_second(limits) if second else _first(limits)).items():
        place = (root / controller / f"{_OURS}-{name}") if controller else root / _OURS / name
        with contextlib.suppress(OSError):
            place.mkdir(exist_ok=True)  # without parents: where there is no such controller there is no group
            made.append(str(place))
            for file, value in settings.items():
                with contextlib.suppress(OSError):
                    (place / file).write_text(value, encoding="ascii")
    return made


def _is_second(root: Path) -> bool:
    return (root / "cgroup.controllers").is_file()


def _prepare(root: Path) -> None:
    """In version 2 a group hands on to those below it only what it is told to."""
    ours = root / _OURS
    ours.mkdir(exist_ok=True)
    for place in (root, ours):
        there = set((place / "cgroup.controllers").read_text().split())
        for controller in CONTROLLERS:
            if controller in there:
                (place / "cgroup.subtree_control").write_text(f"+{controller}", encoding="ascii")


def _first(limits: Limits) -> dict[str, dict[str, str]]:
    """Version 1 has a tree for each controller."""
    found: dict[str, dict[str, str]] = {}
    if limits.memory is not None:
        memory = str(limits.memory)
        found["memory"] = {"memory.limit_in_bytes": memory, "memory.memsw.limit_in_bytes": memory}
    if limits.pids is not None:
        found["pids"] = {"pids.max": str(limits.pids)}
    if limits.cpus is not None:
        found["cpu"] = {"cpu.cfs_quota_us": str(int(limits.cpus * PERIOD))}
    return found


def _second(limits: Limits) -> dict[str, dict[str, str]]:
    """Version 2 has one tree for all."""
    settings: dict[str, str] = {}
    if limits.memory is not None:
        settings |= {"memory.max": str(limits.memory), "memory.swap.max": "0"}
    if limits.pids is not None:
        settings["pids.max"] = str(limits.pids)
    if limits.cpus is not None:
        settings["cpu.max"] = f"{int(limits.cpus * PERIOD)} {PERIOD}"
    return {"": settings} if settings else {}
