"""What is sent to Docker to build from: a folder without what is to be left out, as a tar, piece by piece."""

import os
import tarfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from jarvis import control
from jarvis.errors import InvalidInput

IGNORE = ".dockerignore"
SENT_AS = ".jarvis.Dockerfile"
"""The name of the Dockerfile in what is sent; Docker takes it out again, so that no COPY finds it."""
_CHUNK = 256 * 1024
_BLOCK = 512


@dataclass
class Context:
    """A folder to build from.

    Attributes:
        folder: Its place.
        ignored: Lines of a `.dockerignore`.
    """

    folder: Path
    ignored: tuple[str, ...] = ()
    _paths: list[str] = field(default_factory=list[str])

    def tar(self, dockerfile: str) -> Generator[bytes]:
        """The folder as a tar, piece by piece, with the Dockerfile in it under a name of ours."""
        for path in self.paths():
            control.check()
            yield from self._entry(path)
        # Docker itself reads only from this that the Dockerfile is not part of the folder.
        own = (self.folder / IGNORE).is_file()
        yield from _text(IGNORE, "\n".join((*self.ignored, *(() if own else (IGNORE,)), SENT_AS, "")))
        yield from _text(SENT_AS, dockerfile)
        yield bytes(2 * _BLOCK)

    def paths(self) -> list[str]:
        """What is sent, relative to the folder."""
        if not self._paths:
            from docker.utils.build import exclude_paths

            found = exclude_paths(str(self.folder), list(self.ignored), dockerfile=IGNORE)
            self._paths = sorted(path for path in found if path not in {"", ".", IGNORE, SENT_AS})
        return self._paths

    def _entry(self, path: str) -> Iterator[bytes]:
        place = self.folder / path
        seen = place.lstat()
        entry = tarfile.TarInfo(path)
        entry.mode, entry.mtime = seen.st_mode & 0o7777, int(seen.st_mtime)
        if place.is_symlink():
            entry.type, entry.linkname = tarfile.SYMTYPE, str(place.readlink())
            yield _header(entry)
        elif place.is_dir():
            entry.type = tarfile.DIRTYPE
            yield _header(entry)
        elif place.is_file():
            entry.size = seen.st_size
            yield _header(entry)
            yield from _content(place, entry.size)


def ignored(text: str) -> tuple[str, ...]:
    """The lines of a `.dockerignore` that mean something."""
    lines = (line.strip() for line in text.removeprefix("\ufeff").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def inside(tree: Path, path: str) -> Path:
    """A path of the project, which must not lead out of it.

    Raises:
        InvalidInput: It does, or there is nothing.
    """
    place = Path(os.path.realpath(tree / path))
    if not place.is_relative_to(os.path.realpath(tree)):
        raise InvalidInput(
            f"{path} leads out of what was handed in.", "Hand in the file itself, not a link to it."
        )
    if not place.exists():
        raise InvalidInput(f"{path} is not among what was handed in.", "Check its name, then deploy again.")
    return place


def _header(entry: tarfile.TarInfo) -> bytes:
    return entry.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _text(name: str, text: str) -> Iterator[bytes]:
    data = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    yield _header(entry) + data + _padding(len(data))


def _content(place: Path, size: int) -> Iterator[bytes]:
    left = size
    with place.open("rb") as file:
        while left:
            control.check()
            data = file.read(min(left, _CHUNK))
            if not data:
                raise InvalidInput(f"{place.name} became shorter while it was sent.", "Deploy it again.")
            left -= len(data)
            yield data
    yield _padding(size)
