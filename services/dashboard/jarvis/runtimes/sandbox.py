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
from jarvis.runtimes import users
from jarvis.runtimes.users import User

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


def prefix(
    app: Path, home: Home, programs: Iterable[str], *, folders: Iterable[Path] = (), user: User | None = None
) -> tuple[str, ...]:
    """The words before those of the program; none where there is no bubblewrap.

    Args:
        app: The folder of the program.
        home: Jarvis's own folders, which it must not see.
        programs: Names or paths of programs that it is started with; one that lies in a hidden folder is
            shown with the folder that it was installed into.
        folders: What else it may write to.
        user: Whom it becomes; the one that we are when None.
    """
    found = program()
    if found is None:
        return ()
    ours = [str(place) for place in (home.root, home.run) if place.is_dir()]
    words = [found, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    words += ["--perms", "1777", "--tmpfs", "/tmp"]  # noqa: S108 - the program's own
    for folder in (one for one in HIDDEN if Path(one).is_dir()):
        words += ["--tmpfs", folder]
    words += ["--ro-bind-try", _RESOLVER, _RESOLVER]
    for place in sorted(_installed(programs, [*HIDDEN, *ours])):
        words += ["--ro-bind", place, place]
    for folder in ours:  # after what was shown: it may lie within
        words += ["--tmpfs", folder]
    for folder in (app, *folders):
        # Bubblewrap makes the folders above it for us alone, if it is not told to make them.
        above = [place for place in folder.parents if any(place.is_relative_to(one) for one in ours)]
        for place in reversed(above):
            words += ["--dir", str(place)]
        words += ["--bind", str(folder), str(folder)]
    words += ["--cap-drop", "ALL", "--die-with-parent", "--unshare-ipc"]
    if user is None:
        return (*words, "--")
    words += ["--ro-bind", str(user.passwd), "/etc/passwd", "--ro-bind", str(user.group), "/etc/group"]
    for name in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
        words += ["--cap-add", name]
    return (*words, "--", *users.words(user))


def readable(home: Home, programs: Iterable[str]) -> bool:
    """Can other users read what is shown of hidden folders? Some people's Python is theirs alone."""
    shown = _installed(programs, [*HIDDEN, str(home.root), str(home.run)])
    return all(Path(place).stat().st_mode & 0o005 == 0o005 for place in shown)


def _installed(programs: Iterable[str], hidden: Iterable[str]) -> set[str]:
    """The folders of installations below hidden ones: of the programs, and of the Python that made a venv."""
    found = {str(Path(sysconfig.get_config_var("prefix") or sys.base_prefix).resolve())}
    for name in programs:
        place = shutil.which(name)
        if place:
            found.add(str(Path(place).resolve().parent.parent))
    below = [Path(one) for one in hidden]
    return {one for one in found if any(Path(one).is_relative_to(place) for place in below)}
