"""What programs may take, by the control groups of the kernel, in both of their versions."""

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PERIOD = 100_000
"""Microseconds in which a share of the processors is counted."""
CONTROLLERS: tuple[str, ...] = ("memory", "pids", "cpu")
USUAL_WEIGHT = 100
_OURS = "jarvis"


@dataclass(frozen=True)
class Limits:
    """None means as much as there is.

    Attributes:
        memory: Bytes.
        pids: Processes and threads.
        cpus: Processors, for example 0.5.
        weight: Of the processors, while others want them too; others have 100.
    """

    memory: int | None = None
    pids: int | None = None
    cpus: float | None = None
    weight: int | None = None


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


def remove(name: str, root: Path = ROOT) -> None:
    """Remove the groups of a program; one with something in it stays."""
    for place in (*(root / one / f"{_OURS}-{name}" for one in CONTROLLERS), root / _OURS / name):
        with contextlib.suppress(OSError):
            place.rmdir()


def bind(group: Path, limits: Limits) -> None:
    """Let a group that somebody else made take no more than this, as far as the machine lets us."""
    settings = (*_first(limits).values(), _second(limits).get("", {}))
    _write(group, {file: value for one in settings for file, value in one.items()})


def unbind(group: Path) -> None:
    """Let it take again what a new group may."""
    first = {"memory.memsw.limit_in_bytes": "-1", "memory.limit_in_bytes": "-1", "cpu.cfs_quota_us": "-1"}
    second = {"memory.max": "max", "memory.swap.max": "max", "cpu.max": f"max {PERIOD}"}
    _write(group, {**first, "cpu.shares": "1024", **second, "cpu.weight": str(USUAL_WEIGHT)})


def _write(group: Path, settings: dict[str, str]) -> None:
    for _ in range(2):  # in version 1 what a limit may be depends on another one
        for file, value in settings.items():
            with contextlib.suppress(OSError):
                if (group / file).is_file():
                    (group / file).write_text(value, encoding="ascii")


def kills(groups: Iterable[str]) -> int:
    """How often the kernel has ended a program in them since they took more memory than they may."""
    found = 0
    for group in groups:
        for file in ("memory.oom_control", "memory.events"):
            with contextlib.suppress(OSError, ValueError):
                lines = Path(group, file).read_text(encoding="ascii").splitlines()
                found += sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
    return found


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
    processors: dict[str, str] = {}
    if limits.cpus is not None:
        processors["cpu.cfs_quota_us"] = str(int(limits.cpus * PERIOD))
    if limits.weight is not None:
        processors["cpu.shares"] = str(limits.weight * 1024 // USUAL_WEIGHT)
    return {**found, "cpu": processors} if processors else found


def _second(limits: Limits) -> dict[str, dict[str, str]]:
    """Version 2 has one tree for all."""
    settings: dict[str, str] = {}
    if limits.memory is not None:
        settings |= {"memory.max": str(limits.memory), "memory.swap.max": "0"}
    if limits.pids is not None:
        settings["pids.max"] = str(limits.pids)
    if limits.cpus is not None:
        settings["cpu.max"] = f"{int(limits.cpus * PERIOD)} {PERIOD}"
    if limits.weight is not None:
        settings["cpu.weight"] = str(limits.weight)
    return {"": settings} if settings else {}
