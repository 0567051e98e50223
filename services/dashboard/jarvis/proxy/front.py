"""What the proxy finds of a program: a folder with its release's mark and a link to its socket, no more."""

import http.client
import os
import shutil
import socket
from pathlib import Path

from jarvis.mark import MARKER, RULES

APP = ".jarvis-app"
"""Says that the folder is a program's. No release of pages has such a file: hidden ones are left out."""
SOCKET = ".jarvis-sock"
LONGEST_HOST = 80
"""The proxy dials `sites/<host>/current/.jarvis-sock`, and a socket's path has 107 bytes at most."""


def make(release: Path, marker: str, target: Path, *, rules: str | None = None) -> None:
    """Make the folder, whole or not at all, or let it lead to another socket; safe to do twice.

    Args:
        release: The folder.
        marker: What a request from outside can tell the release by.
        target: The socket.
        rules: What the gate is asked for; empty for nothing. None leaves it as it is.
    """
    if release.is_dir():
        _fill(release, marker, target, rules)
        return
    draft = release.with_name(f".{release.name}.new")
    if draft.exists():
        shutil.rmtree(draft)  # of a run that died here
    draft.mkdir(mode=0o755, parents=True)
    _fill(draft, marker, target, rules)
    draft.replace(release)
    _sync(release.parent)


def _fill(folder: Path, marker: str, target: Path, rules: str | None) -> None:
    """What stands there already and is right stays as it is, so that a visitor never sees a part of it."""
    if rules is not None:
        _rule(folder / RULES, rules)
    mark = folder / MARKER
    mark.parent.mkdir(exist_ok=True, mode=0o755)
    if not mark.is_file() or mark.read_text(encoding="ascii") != marker:
        fresh = mark.with_name(f".{mark.name}.new")
        fresh.write_text(marker, encoding="ascii")
        _sync(fresh)
        fresh.replace(mark)
    link = folder / SOCKET
    if not link.is_symlink() or link.readlink() != target:
        fresh = link.with_name(f"{SOCKET}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.replace(link)
    (folder / APP).touch()
    _sync(mark.parent)
    _sync(folder)


def _rule(file: Path, rules: str) -> None:
    if not rules:
        file.unlink(missing_ok=True)
    elif not file.is_file() or file.read_text(encoding="utf-8") != rules:
        draft = file.with_name(f"{RULES}.new")
        draft.write_text(rules, encoding="utf-8")
        _sync(draft)
        draft.replace(file)


def is_app(release: Path) -> bool:
    """Is it the folder of a program?"""
    return (release / APP).is_file()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Connection(http.client.HTTPConnection):
    """HTTP to a program by its socket, as the proxy speaks to it."""

    def __init__(self, path: Path, host: str, timeout: float) -> None:
        super().__init__(host, timeout=timeout)
        self._path = path
        self._patience = timeout

    def connect(self) -> None:
        """Open the connection."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self._patience)
        self.sock.connect(str(self._path))
