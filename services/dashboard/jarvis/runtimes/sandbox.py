"""Keep a program away from what is not its own, where bubblewrap is on the machine.

The program sees the machine read-only, its own folder as it is, and neither JARVIS_HOME with its secrets, nor
people's home folders, nor the sockets below /run. It has no capabilities, also when Jarvis runs as root.
"""

import shutil
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jarvis import shell
from jarvis.home import Home

HIDDEN = ("/root", "/home", "/run")
"""Folders of the machine that a program finds empty."""
_RESOLVER = "/run/systemd/resolve"
"""Where /etc/resolv.conf leads on many machines: without it there are no names."""


@cache
def program() -> str | None:
    """Bubblewrap, if it is there and may be used: some kernels allow it to root only."""
    found = shutil.which("bwrap")
    if found is None:
        return None
    try:
        words = [found, "--ro-bind", "/", "/", "--tmpfs", "/run", "--cap-drop", "ALL", "/bin/true"]
        shell.run(words, timeout=10)
    except shell.CommandFailed:
        return None
    return found


def prefix(app: Path, home: Home, programs: Iterable[str]) -> tuple[str, ...]:
    """The words before those of the program; none where there is no bubblewrap.

    Args:
        app: The folder of the program.
        home: Jarvis's own folders, which it must not see.
        programs: Names or paths of programs that it is started with; one that lies in a hidden folder is
            shown with the folder that it was installed into.
    """
    found = program()
    if found is None:
        return ()
    hidden = [*HIDDEN, str(home.root), str(home.run)]
    words = [found, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]  # noqa: S108 - the program's own
    for folder in dict.fromkeys(hidden):
        if Path(folder).is_dir():
            words += ["--tmpfs", folder]
    words += ["--ro-bind-try", _RESOLVER, _RESOLVER]
    for place in sorted(_installed(programs, hidden)):
        words += ["--ro-bind", place, place]
    words += ["--bind", str(app), str(app), "--cap-drop", "ALL", "--die-with-parent", "--unshare-ipc", "--"]
    return tuple(words)


def _installed(programs: Iterable[str], hidden: Iterable[str]) -> set[str]:
    """The folders of installations below hidden ones: of the programs, and of the Python that made a venv."""
    found = {str(Path(sysconfig.get_config_var("prefix") or sys.base_prefix).resolve())}
    for name in programs:
        place = shutil.which(name)
        if place:
            found.add(str(Path(place).resolve().parent.parent))
    below = [Path(one) for one in hidden]
    return {one for one in found if any(Path(one).is_relative_to(place) for place in below)}
