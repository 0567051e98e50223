"""PostgreSQL processes that outlived whoever started them, and the lock file that a dead one leaves.

A supervisor that is killed takes its PostgreSQL along (see `shell.start`), but that takes a moment, and a
killed postmaster leaves backends that may still write. Two servers on one data folder destroy it, so before a
start every process of ours must be gone.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from jarvis.errors import Unavailable


def stop_strays(data: Path, mark: str, patience: float = 30) -> None:
    """Ends what still runs on `data`: the server cleanly if it can, everything else at once.

    Args:
        data: The data folder.
        mark: The `cluster_name` that the titles of its processes carry.
        patience: Seconds for a clean end; then it is forced.

    Raises:
        Unavailable: Something did not end.
    """
    pids = find_strays(data, mark)
    if not pids:
        return
    server = _pid_in_lock_file(data)
    if server in pids:
        _signal([server], signal.SIGINT)
        if _gone(data, mark, patience):
            return
    for number, seconds in ((signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        _signal(find_strays(data, mark), number)
        if _gone(data, mark, seconds):
            return
    raise Unavailable(
        f"A PostgreSQL of an earlier run (process {find_strays(data, mark)[0]}) does not end.",
        "Look at it with ps; a disk that does not answer is the usual reason.",
    )


def find_strays(data: Path, mark: str) -> list[int]:
    """Returns the numbers of the PostgreSQL processes that work on `data`."""
    owner = data.stat().st_uid
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if _is_postgres_of(pid, owner) and _works_on(pid, data, mark)]


def clear_lock_file(data: Path) -> None:
    """Removes a `postmaster.pid` whose number now belongs to some other program.

    PostgreSQL clears the file itself when its process is dead, and then also looks for backends that still
    hold the shared memory; so the file stays in that case. Call it when no strays are left.
    """
    pid = _pid_in_lock_file(data)
    if pid is None or not Path(f"/proc/{pid}").exists():
        return
    if _is_postgres_of(pid, data.stat().st_uid) and _works_in(pid, data) is None:
        return  # nothing proves that it is not ours: PostgreSQL will refuse, and say why
    (data / "postmaster.pid").unlink(missing_ok=True)


def _works_on(pid: int, data: Path, mark: str) -> bool:
    inside = _works_in(pid, data)
    if inside is not None:
        return inside
    with suppress(OSError):
        return mark.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _works_in(pid: int, data: Path) -> bool | None:
    """Whether the process' working folder is `data`; None when we may not know (root in a bare container)."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(data)
    except PermissionError:
        return None
    except OSError:  # it is gone, or a zombie
        return False


def _is_postgres_of(pid: int, owner: int) -> bool:
    process = Path(f"/proc/{pid}")
    try:
        return process.stat().st_uid == owner and (process / "comm").read_text().strip() == "postgres"
    except OSError:
        return False


def _pid_in_lock_file(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text(errors="replace").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _gone(data: Path, mark: str, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while find_strays(data, mark):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
