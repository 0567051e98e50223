"""Whose an instance is: one shim holds the lock of its folder. What a killed one left is cleared away."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import struct
import time
from pathlib import Path

from jarvis import control
from jarvis.runtimes.shim import tree

LOOK_EVERY = 0.01


def lock(folder: Path) -> int | None:
    """The lock of an instance, open; None while a shim (or somebody who starts one) has it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / "lock"
    try:
        held = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except FileNotFoundError:  # the folder was removed just now
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(held), place.stat()):
            return held
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(held)
    return None


def by_force(folder: Path) -> None:
    """End a shim that does not; the kernel knows which process made its socket, so none is guessed."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire, contextlib.suppress(OSError):
        wire.settimeout(1)
        wire.connect(str(folder / "ctl.sock"))
        size = struct.calcsize("3i")
        pid, _, _ = struct.unpack("3i", wire.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
        os.kill(pid, signal.SIGKILL)


def bury(folder: Path) -> None:
    """Remove what a shim left that was killed; nothing while one lives."""
    if not folder.is_dir() or (held := lock(folder)) is None:
        return
    try:
        clear(folder)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(held)


def clear(folder: Path) -> None:
    """End what outlived a shim that was killed, and take its sockets away; its log stays."""
    while left := tree.marked(folder.resolve()):
        tree.signal_all(left, signal.SIGKILL)
        control.check()
        time.sleep(LOOK_EVERY)
    for name in ("sock", "ctl.sock", "spec.json", "shim.pid", "shim.log"):
        (folder / name).unlink(missing_ok=True)
