"""End every process of a build, wherever it went."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path


def sweep(scratch: Path) -> int:
    """Kill every process of the build that has `scratch` as its TMPDIR. Returns how many there were.

    A process that left its group and its parents, as a daemon does, still carries its environment; so do the
    programs of a worker that was killed.
    """
    mark = b"TMPDIR=" + os.fsencode(scratch)
    killed: set[int] = set()
    for _ in range(100):
        found = [pid for pid in _processes() if _carries(pid, mark)]
        if not found:
            break
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        killed.update(found)
        time.sleep(0.02)
    return len(killed)


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _carries(pid: int, mark: bytes) -> bool:
    if pid == os.getpid():
        return False
    try:
        return mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:  # it has ended, or is somebody else's
        return False
