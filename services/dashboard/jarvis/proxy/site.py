"""A site is a few links: from its host to its service, and from the service to one release.

    sites/<host>               -> ../services/<service>
    services/<service>/current -> ../../../releases/<service>/<deployment>
    services/<service>/hosts      which hosts may lead here, so that nobody reads the links of all services

The links are the only truth about what is served, so they are right after any crash: each one is made beside
its place and moved there by one rename. All that is done here may be done twice.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from jarvis.errors import Conflict, NotFound

_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_DRAFT = "link.new"
"""Where a link is made before it is moved; one per service, which deploys one at a time."""
_LIST = "hosts"
"""Names every host that leads to the service. It may name more: written before links are made, and after."""


def publish(www: Path, *, service: str, hosts: Sequence[str], release: Path) -> None:
    """Serve one release under these hosts and no others.

    The release is switched first, so that no host ever leads to a service without one. A host that another
    service had is taken over.

    Args:
        www: Folder of links; made when it is not there.
        service: Name of the service.
        hosts: Its public names, in lower case.
        release: `releases/<service>/<deployment>` beside `www`.

    Raises:
        ValueError: A name could lead out of its folder, or the release is not where releases are.
        NotFound: There is no such release.
        Conflict: Something that is not a link stands in the way.
    """
    _check(service, *hosts)
    home = _home(www, service)
    if release.parent.resolve() != (www.parent / "releases" / service).resolve():
        raise ValueError(f"{release} is not a release of {service}")
    if not release.is_dir():
        raise NotFound(
            f"The release {release.name} of {service} is gone.",
            "Deploy again, or go back to a release that is still there.",
            {"service": service, "release": release.name},
        )
    _folder(home)
    _folder(www / "sites")
    before = list(_hosts(www, service))
    _note(home, [*before, *hosts])
    _link(home / "current", f"../../../releases/{service}/{release.name}", draft=home / _DRAFT)
    _sync(home)
    for host in hosts:
        _link(www / "sites" / host, _target(service), draft=home / _DRAFT)
    # Also when the links were right: the run that made them may have died before they were on the disk.
    _sync(www / "sites")
    _drop(www, [host for host in before if host not in set(hosts)])
    _note(home, hosts)


def unpublish(www: Path, *, service: str) -> None:
    """Serve nothing of this service any more; its releases stay.

    Raises:
        ValueError: The name could lead out of its folder.
    """
    _check(service)
    home = _home(www, service)
    _drop(www, list(_hosts(www, service)))
    if home.is_dir():
        for name in ("current", _DRAFT, _LIST, f"{_LIST}.new"):
            (home / name).unlink(missing_ok=True)
        home.rmdir()
        _sync(home.parent)


def current_release(www: Path, service: str) -> str | None:
    """Return the folder name of the release that is served, or None."""
    _check(service)
    target = _read(_home(www, service) / "current")
    return Path(target).name if target is not None else None


def hosts_of(www: Path, service: str) -> list[str]:
    """Return the hosts that lead to this service, sorted."""
    _check(service)
    return sorted(_hosts(www, service))


def _check(*names: str) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a folder of links")


def _home(www: Path, service: str) -> Path:
    return www / "services" / service


def _target(service: str) -> str:
    return f"../services/{service}"


def _hosts(www: Path, service: str) -> Iterator[str]:
    sites, target = os.fspath(www / "sites"), _target(service)
    yield from (name for name in _listed(www, service) if _read(f"{sites}/{name}") == target)


def _listed(www: Path, service: str) -> list[str]:
    """The hosts that may lead to the service; all there are where an older Jarvis kept no list."""
    home, sites = _home(www, service), www / "sites"
    try:
        return (home / _LIST).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return [entry.name for entry in sites.iterdir()] if home.is_dir() and sites.is_dir() else []


def _note(home: Path, hosts: Sequence[str]) -> None:
    """Write the list of hosts, by one rename."""
    file, text = home / _LIST, "\n".join(sorted(set(hosts)))
    if file.is_file() and file.read_text(encoding="ascii") == text:
        return
    draft = home / f"{_LIST}.new"
    draft.write_text(text, encoding="ascii")
    descriptor = os.open(draft, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    draft.replace(file)
    _sync(home)


def _read(link: Path | str) -> str | None:
    try:
        return os.readlink(link)  # noqa: PTH115 - the text as it is, not a Path that was tidied up
    except OSError:
        return None


def _link(place: Path, target: str, *, draft: Path) -> None:
    """Make `place` a link to `target` by one rename, unless it is one already."""
    if _read(place) != target:
        if place.exists() and not place.is_symlink():
            raise Conflict(
                f"{place} is not a link that Jarvis made, so it is not replaced.",
                "Move it away and try again.",
                {"path": str(place)},
            )
        draft.unlink(missing_ok=True)
        draft.symlink_to(target)
        draft.replace(place)


def _drop(www: Path, hosts: Sequence[str]) -> None:
    for host in hosts:
        (www / "sites" / host).unlink(missing_ok=True)
    if hosts:
        _sync(www / "sites")


def _folder(path: Path) -> None:
    if not path.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        _sync(path.parent)
        _sync(path.parent.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
