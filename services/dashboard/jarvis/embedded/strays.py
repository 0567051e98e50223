"""Find processes of an earlier run of this JARVIS_HOME by the marks in their environment."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

MARK = "JARVIS_PART"
"""Set for every part that `jarvis up` starts; no setting, only a mark."""


def find(home: Path, part: str) -> list[int]:
    """The process numbers of `part` for this JARVIS_HOME, ours excepted."""
    wanted = {f"{MARK}={part}".encode(), b"JARVIS_HOME=" + os.fsencode(home)}
    found: list[int] = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            with suppress(OSError):
                if wanted <= set((process / "environ").read_bytes().split(b"\0")):
                    found.append(int(process.name))
    return found


def stop(home: Path, part: str, patience: float = 5.0) -> int:
    """End every process of `part` left over from an earlier run; returns how many there were."""
    numbers = find(home, part)
    for number in numbers:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
    end = time.monotonic() + patience
    while find(home, part):
        if time.monotonic() > end:
            for number in find(home, part):
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
        time.sleep(0.02)
    return len(numbers)
