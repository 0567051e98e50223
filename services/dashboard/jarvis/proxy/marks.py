"""What the proxy is told of a host beside its links: files whose names say it, below the folder of links.

https/acme/<host>            it may ask the authority for a certificate
https/redirect/<host>        HTTP leads to HTTPS
https/hsts/<host>/<seconds>  browsers are told to use HTTPS only, for so long
"""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

ACME = "https/acme"
REDIRECT = "https/redirect"
HSTS = "https/hsts"


def put(www: Path, host: str, *, acme: bool, redirect: bool, hsts: int) -> None:
    """Let the marks of a host be these; safe to do twice.

    Args:
        www: The folder of links.
        host: A host name, in lower case.
        acme: Whether the proxy may ask the authority.
        redirect: Whether HTTP leads to HTTPS.
        hsts: Seconds; 0 for no such header.
    """
    if "/" in host or host.startswith("."):
        raise ValueError(f"{host!r} cannot be the name of a mark")
    allow(www, host, acme)
    _mark(www / REDIRECT / host, redirect)
    folder = www / HSTS / host
    if hsts:
        _mark(folder / str(hsts), wanted=True)
    for old in folder.iterdir() if folder.is_dir() else ():
        if old.name != str(hsts):
            old.unlink(missing_ok=True)
    if not hsts:
        with suppress(FileNotFoundError):
            folder.rmdir()


def allow(www: Path, host: str, acme: bool) -> None:
    """Say whether the proxy may ask the authority for a certificate of this host."""
    _mark(www / ACME / host, acme)


def forget(www: Path, hosts: Collection[str]) -> None:
    """Take all marks of these hosts away."""
    for host in hosts:
        put(www, host, acme=False, redirect=False, hsts=0)


def known(www: Path) -> set[str]:
    """All hosts with a mark."""
    folders = [www / name for name in (ACME, REDIRECT, HSTS)]
    return {entry.name for folder in folders if folder.is_dir() for entry in folder.iterdir()}


def _mark(file: Path, wanted: bool) -> None:
    if not wanted:
        file.unlink(missing_ok=True)
    elif not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
