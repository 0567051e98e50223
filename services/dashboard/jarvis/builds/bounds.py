"""What all builds of this machine may take together, by the control groups of the kernel.

The programs of a build enter a group of ours. BuildKit lets nobody bound its steps: while a build of ours
goes on, they are bound in the groups that Docker makes for them, where Docker and Jarvis share a machine.
"""

import hashlib
import os
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from jarvis import limits
from jarvis.builds.run import Limits

SHARE = 0.75
"""Of the machine's memory, where nobody said otherwise."""
WEIGHT = 50
"""Of the processors, where a container or program has 100: who answers visitors goes first."""
LOCAL = "unix://"
_AGAIN = 0.25
"""Seconds between two looks for groups that are new."""
_STEP = re.compile(r"docker-[0-9a-z]{25}\.scope")
"""A step of BuildKit, where systemd keeps the groups; a container has 64 signs."""


def together(wanted: Limits) -> limits.Limits:
    """What all builds may take."""
    memory = wanted.memory or int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * SHARE)
    return limits.Limits(memory=memory, cpus=wanted.cpus or None, weight=WEIGHT)


def group(home: Path, wanted: Limits) -> list[str]:
    """The folders that a program of a build is to enter; none where the machine does not let us.

    Args:
        home: A folder that all builds of this Jarvis have in common.
        wanted: What they may take.
    """
    return limits.make(_name(home), together(wanted))


def leave(home: Path) -> None:
    """Remove the group, unless other builds are in it. One that is about to enter it goes without."""
    limits.remove(_name(home))


def _name(home: Path) -> str:
    return f"builds-{hashlib.sha256(os.fsencode(home)).hexdigest()[:8]}"


@contextmanager
def steps(address: str, wanted: Limits, root: Path = limits.ROOT) -> Generator[None]:
    """Bind what BuildKit runs, for the time of the block.

    Args:
        address: Of the Docker that builds; one of another machine is left alone.
        wanted: What builds may take.
        root: Where the groups of this machine are.
    """
    if not address.startswith(LOCAL):
        yield
        return
    ended = threading.Event()

    def watch() -> None:
        while True:
            for one in _groups(root):
                limits.bind(one, bounds)
            if ended.wait(_AGAIN):
                return

    bounds = together(wanted)
    watcher = threading.Thread(target=watch, name="bounds", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        for one in _groups(root):  # a build beside this one binds it again
            limits.unbind(one)


def _groups(root: Path) -> list[Path]:
    """Those of the steps that run now, in both versions, with and without systemd."""
    trees = [root] if (root / "cgroup.controllers").is_file() else [root / "memory", root / "cpu"]
    found = [tree / "docker" / "buildkit" for tree in trees]
    scopes = [one for tree in trees for one in tree.glob("system.slice/docker-*.scope")]
    return [one for one in found if one.is_dir()] + [one for one in scopes if _STEP.fullmatch(one.name)]
