"""Is there room for one more build? So many at once as the machine bears, and none on a full disk."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jarvis import control
from jarvis.errors import StorageFull, Unavailable

GIB = 1024**3
_PAUSE = 0.5
_AGAIN = 30.0
"""Seconds after which it is said once more that a build waits."""


def _at_once() -> int:
    return max(1, len(os.sched_getaffinity(0)) // 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What must be free before a build begins.

    Attributes:
        at_once: Builds at the same time, of all workers of this machine.
        disk: Bytes, at least.
        share: Part of the disk, as long as it is not more than `most` bytes.
        files: Files that the disk must still be able to take.
        memory: Bytes that must be available while others build; a build that is alone begins anyway.
        patience: Seconds to wait.
    """

    at_once: int = field(default_factory=_at_once)
    disk: int = GIB
    share: float = 0.05
    most: int = 10 * GIB
    files: int = 20_000
    memory: int = GIB // 2
    patience: float = 1800


@contextmanager
def admit(
    folder: Path,
    locks: Path,
    *,
    say: Callable[[str], None],
    room: Room | None = None,
    images: Path | None = None,
) -> Generator[None]:
    """Wait until there is room, and take it for the time of the block.

    The kernel gives it back when the process dies, whatever way.

    Args:
        folder: Where is built; it exists.
        locks: A folder for the locks, shared by all workers of this machine.
        say: Is told when it has to wait.
        room: What must be free.
        images: Where Docker keeps what is built, if that is on a disk of this machine.

    Raises:
        StorageFull: A disk has too little room.
        Unavailable: There was no room for too long.
        JarvisError: The work was called off.
    """
    room = room or Room()
    _check(folder, images, room)
    locks.mkdir(mode=0o700, parents=True, exist_ok=True)
    wait = _Wait(say, room.patience)
    with ExitStack() as held:
        # Who holds the gate is the next one. All others wait for the gate, so that nobody is counted twice.
        with ExitStack() as gate:
            while (descriptor := _lock(locks / "gate")) is None:
                wait.pause("Waiting for other builds")
            gate.callback(os.close, descriptor)
            while True:
                taken = [_lock(locks / f"slot-{number}") for number in range(room.at_once)]
                free = [descriptor for descriptor in taken if descriptor is not None]
                for descriptor in free[1:]:
                    os.close(descriptor)
                why = _why(len(free), room)
                if free and not why:
                    held.callback(os.close, free[0])
                    break
                if free:
                    os.close(free[0])
                wait.pause(why)
        _check(folder, images, room)
        yield


def _check(folder: Path, images: Path | None, room: Room) -> None:
    check_disk(folder, room)
    if images is not None and images.stat().st_dev != folder.stat().st_dev:
        check_disk(
            images, room, f"of Docker ({images}) ", "docker system df shows what takes it. Free some of it"
        )


def check_disk(
    folder: Path,
    room: Room,
    which: str = "",
    hint: str = "Free some space, or remove sites that nobody needs (jarvis remove)",
) -> None:
    """Refuse when the disk of `folder` has too little room.

    Args:
        folder: On the disk.
        room: What must be free.
        which: Which disk it is, for the sentence.
        hint: How to get room.

    Raises:
        StorageFull: With what is free and what is needed.
    """
    disk = shutil.disk_usage(folder)
    needed = max(room.disk, min(int(disk.total * room.share), room.most))
    facts = {"free": disk.free, "needed": needed}
    hint = f"{hint}, then deploy again."
    if disk.free < needed:
        raise StorageFull(
            f"The disk {which}has {_size(disk.free)} free; a build begins with {_size(needed)} or more.",
            hint,
            facts,
        )
    files = os.statvfs(folder)
    if files.f_files and files.f_favail < room.files:
        raise StorageFull(
            f"The disk {which}can take {files.f_favail:,} more files; "
            f"a build begins with {room.files:,} or more.",
            hint,
            {"free_files": files.f_favail, "needed_files": room.files},
        )


def available() -> int:
    """Bytes of memory that programs may still take without swapping; very many where it is not known."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 2**62
    found = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    return found[0] if found else 2**62


def _why(free: int, room: Room) -> str:
    """Why it has to wait; empty when it has not."""
    if not free:
        others = "another build" if room.at_once == 1 else f"{room.at_once} other builds"
        return f"Waiting for {others} to end"
    if free == room.at_once:
        return ""  # alone: no other build will give memory back
    memory = available()
    if memory >= room.memory:
        return ""
    return f"Waiting for memory: {_size(memory)} of {_size(room.memory)} available, and others build"


def _lock(file: Path) -> int | None:
    """Hold the lock, as long as the returned file is open; None when somebody else does."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


class _Wait:
    """Waits, says so now and then, and not for ever."""

    def __init__(self, say: Callable[[str], None], patience: float) -> None:
        self._say = say
        self._patience = patience
        self._began = time.monotonic()
        self._said = ""
        self._told = 0.0

    def pause(self, why: str) -> None:
        now = time.monotonic()
        waited = now - self._began
        if waited > self._patience:
            raise Unavailable(
                f"There was no room to build for {waited:.0f} seconds. {why}.",
                "Deploy it again when less is going on.",
            )
        about = why.partition(":")[0]
        if about != self._said or now - self._told > _AGAIN:
            self._said, self._told = about, now
            self._say(f"{why} …" if waited < 1 else f"{why} … ({waited:.0f} s)")
        pause(_PAUSE)


def pause(seconds: float) -> None:
    """Wait, but no longer than until this thread's work is called off.

    Raises:
        JarvisError: The reason.
    """
    work = control.current()
    if work is None:
        time.sleep(seconds)
    else:
        work.pause(seconds)


def _size(count: int) -> str:
    return f"{count / GIB:.1f} GiB" if count >= GIB else f"{count / 1024**2:.0f} MiB"
