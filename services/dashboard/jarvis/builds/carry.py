"""What a project depends on is carried over from a release before, where nothing that decides it has changed.

Only what was fetched from lists alone is carried over; only while it is as it was fetched, byte by byte; and
only for a day, so that a list that leaves versions open gets newer ones.
"""

import hashlib
import json
import os
import shutil
import stat
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jarvis import control
from jarvis.builds import lists, venv

KEPT = "carried.json"
"""Beside the app: what was fetched for it, and when."""
FRESH = 86_400.0
"""Seconds for which it is carried over."""
SMALL = 1024**2
"""Bytes of a file that may name the folder it lies in."""
SETTINGS = 64 * 1024
"""Bytes of a file in HOME that can be missed."""
_OWN = frozenset({"HOME", "TMPDIR", "PATH"})
_BLOCK = 1024**2
Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """What can be carried over.

    Attributes:
        folder: It lies there, in the folder of the project.
        steps: So many of the first steps of the build make it.
        key: Of all that decides what is in it.
    """

    folder: str
    steps: int
    key: str


class _Changed(Exception):
    """It is not as it was fetched."""


def part(cwd: Path, steps: Sequence[Step], env: Mapping[str, str], programs: Sequence[str]) -> Part | None:
    """What of this build can be carried over; None when its sources may decide, too.

    Args:
        cwd: The folder of the project.
        steps: Of the build.
        env: Their environment.
        programs: That the build needs, by name.
    """
    words = [tuple(step["words"]) for step in steps]
    if words[1:] and words[0] == venv.WORDS:
        folder, count, read = ".venv", 2, lists.of_pip(cwd, words[1])
    elif len(words) == 1:  # a later step might change what lies there
        folder, count, read = "node_modules", 1, lists.of_node(cwd, words[0])
    else:
        return None
    if read is None or any("pip" in word for later in words[count:] for word in later):
        return None
    sums = {name: hashlib.sha256((cwd / name).read_bytes()).hexdigest() for name in sorted(read)}
    given = sorted((name, value) for name, value in env.items() if name not in _OWN)
    facts = [words[:count], sums, given, [_version(name, env["PATH"]) for name in programs]]
    return Part(folder, count, hashlib.sha256(json.dumps(facts).encode()).hexdigest())


def _version(name: str, path: str) -> list[Any]:
    """What tells one version of a program from the next."""
    found = Path(shutil.which(name, path=path) or name).resolve()
    return [str(found), found.stat().st_mtime_ns if found.exists() else 0]


def keep(wanted: Part, app: Path, cwd: Path) -> None:
    """Write down what was fetched now, for releases to come. Nothing, where HOME holds a part of it."""
    if (cwd / wanted.folder).is_dir() and not _holds_programs(app / "home"):
        _write(app, wanted, digest(cwd / wanted.folder), time.time())


def _holds_programs(home: Path) -> bool:
    """Lies there more than a few settings? Some packages bring a browser."""
    found = [info for _, _, info in _entries(home) if stat.S_ISREG(info.st_mode)]
    return any(info.st_mode & 0o111 or info.st_size > SETTINGS for info in found)


def take(wanted: Part, app: Path, cwd: Path) -> str:
    """Copy it from another release of the same service.

    Args:
        wanted: What is to be carried over.
        app: The folder of the app that is being built.
        cwd: The folder of the project in it.

    Returns:
        The release that it came from; empty when there is none.
    """
    for source, facts in _releases(wanted, app):
        target, inner = cwd / wanted.folder, cwd.relative_to(app) / wanted.folder
        try:
            made = _copy(source, app, inner, facts["digest"])
        except (_Changed, FileNotFoundError, NotADirectoryError):
            shutil.rmtree(target, ignore_errors=True)
            continue
        _write(app, wanted, made, facts["fetched"])
        return source.name
    return ""


def _releases(wanted: Part, app: Path) -> list[tuple[Path, dict[str, Any]]]:
    """The releases beside this one that hold it, the newest first."""
    found: list[tuple[Path, dict[str, Any]]] = []
    for folder in app.parent.iterdir():
        try:
            facts: dict[str, Any] = json.loads((folder / KEPT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        alike = facts["key"] == wanted.key and len(folder.name) == len(app.name) and folder != app
        if alike and time.time() - facts["fetched"] < FRESH:
            found.append((folder, facts))
    return sorted(found, key=lambda one: one[1]["fetched"], reverse=True)


def _write(app: Path, wanted: Part, made: str, fetched: float) -> None:
    facts = {"key": wanted.key, "digest": made, "fetched": fetched}
    (app / KEPT).write_text(json.dumps(facts), encoding="utf-8")
    (app / KEPT).chmod(0o600)


def digest(folder: Path) -> str:
    """One checksum over all that lies in a folder: names, kinds, rights and bytes."""
    seen = hashlib.sha256()
    for name, path, info in _entries(folder):
        seen.update(_line(name, info, str(path.readlink()) if stat.S_ISLNK(info.st_mode) else ""))
        if stat.S_ISREG(info.st_mode):
            with path.open("rb") as file:
                seen.update(hashlib.file_digest(file, "sha256").digest())
    return seen.hexdigest()


def _copy(source: Path, app: Path, inner: Path, expected: str) -> str:
    """Copy `inner` from one app to the other; texts that name the one name the other then.

    Returns:
        The checksum of the copy.

    Raises:
        _Changed: The source is not as it was fetched.
    """
    old, new = os.fsencode(source), os.fsencode(app)
    before, after = hashlib.sha256(), hashlib.sha256()
    (app / inner).mkdir()
    for name, path, info in _entries(source / inner):
        control.check()
        there = app / inner / name
        if stat.S_ISDIR(info.st_mode):
            there.mkdir()
            before.update(_line(name, info, ""))
            after.update(_line(name, info, ""))
        elif stat.S_ISLNK(info.st_mode):
            leads = str(path.readlink())
            moved = leads.replace(str(source), str(app))
            there.symlink_to(moved)
            before.update(_line(name, info, leads))
            after.update(_line(name, info, moved))
        elif stat.S_ISREG(info.st_mode):
            was, became = _file(path, there, info, old, new)
            before.update(_line(name, info, "") + was)
            after.update(_line(name, info, "") + became)
        else:
            raise _Changed
    if before.hexdigest() != expected:
        raise _Changed
    return after.hexdigest()


def _file(path: Path, there: Path, info: os.stat_result, old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """Copy one file, with its time; returns the checksums of what was read and of what was written."""
    was, became = hashlib.sha256(), hashlib.sha256()
    with path.open("rb") as here, there.open("xb") as file:
        if info.st_size <= SMALL:
            data = here.read()
            moved = data.replace(old, new)
            was.update(data)
            became.update(moved)
            file.write(moved)
        else:
            while data := here.read(_BLOCK):
                was.update(data)
                file.write(data)
            became = was
        os.fchmod(file.fileno(), stat.S_IMODE(info.st_mode))
    os.utime(there, ns=(info.st_atime_ns, info.st_mtime_ns))
    return was.digest(), became.digest()


def _line(name: str, info: os.stat_result, leads: str) -> bytes:
    return f"{name}\0{info.st_mode:o}\0{leads}\0".encode("utf-8", "surrogateescape")


def _entries(folder: Path) -> list[tuple[str, Path, os.stat_result]]:
    """All that lies below, folders before what is in them, always in the same order."""
    found = [Path(place) / name for place, folders, files in os.walk(folder) for name in (*folders, *files)]
    return [(str(path.relative_to(folder)), path, path.lstat()) for path in sorted(found)]
