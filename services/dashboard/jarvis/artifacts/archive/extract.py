"""Unpack an archive made by a stranger: whole, or not at all."""

import errno
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from jarvis.artifacts.archive import stream, tar, zip  # noqa: A004 - the format's name; the builtin is not used here
from jarvis.artifacts.archive.ahead import Ahead
from jarvis.artifacts.archive.blocks import Blocks
from jarvis.artifacts.archive.budget import Budget
from jarvis.artifacts.archive.crew import Crew, always
from jarvis.artifacts.archive.durable import settle
from jarvis.artifacts.archive.limits import Limits
from jarvis.artifacts.archive.refusal import after, refused
from jarvis.artifacts.archive.sizes import MEBIBYTE
from jarvis.artifacts.archive.sniff import sniff, sniff_head
from jarvis.artifacts.archive.tree import Tree
from jarvis.artifacts.archive.writer import ExtractedFile
from jarvis.artifacts.foreign import foreign
from jarvis.errors import ArchiveRefused, StorageFull

__all__ = ["Extracted", "ExtractedFile", "extract", "sniff"]

_FULL = (errno.ENOSPC, errno.EDQUOT)
_AHEAD_FROM = {"tar.gz": 6 * MEBIBYTE, "tar.zst": 16 * MEBIBYTE, "tar.bz2": MEBIBYTE, "tar.xz": MEBIBYTE}
"""From this size of the archive on a second process undoes the compression: it takes 60 ms to start."""

Piece = bytes | memoryview


@dataclass(frozen=True)
class Extracted:
    """What lies in the folder now.

    Args:
        files: All files, by path.
        bytes: Their sizes together.
        warnings: What was odd or left out, one sentence each.
        format: As `sniff` names it.
    """

    files: tuple[ExtractedFile, ...]
    bytes: int
    warnings: tuple[str, ...]
    format: str


def extract(
    source: Path,
    into: Path,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen, the same for everybody
    progress: Callable[[int], None] | None = None,
    durable: bool = True,
) -> Extracted:
    """Unpack `source` into the folder `into`, which must not exist yet; on any error it is removed again.

    Args:
        source: The archive; its name does not matter.
        into: Made here with mode 0700; files in it get 0644 or 0755, folders 0755, and the present time.
        limits: How large it may become.
        progress: Told the bytes written so far, now and then.
        durable: Whether everything is on the disk when this returns, and the caller may record it as done.
            A folder that is looked at and thrown away need not be.

    Raises:
        ArchiveRefused: The archive breaks a rule; `facts` names the rule and the entry.
        StorageFull: The disk is full.
        FileExistsError: `into` is there already; it is left as it is.
    """
    with source.open("rb", buffering=0) as file, _fresh(into) as root:
        length = os.fstat(file.fileno()).st_size
        kind = sniff_head(os.pread(file.fileno(), 1024, 0))
        if kind is None:
            raise _unknown(source, length)
        budget = Budget(limits, length, progress)
        with closing(Crew(root, file.fileno(), budget)) as crew:
            tree = Tree(crew, budget)
            with _named(tree):
                if kind == "zip":
                    zip.unpack(file.fileno(), length, tree)
                else:
                    _untar(file.fileno(), length, kind, tree, crew)
                tree.finish()
            if durable:
                settle(root, crew.files, crew.writer.made)
        budget.done()
        files = tuple(crew.files[path] for path in sorted(crew.files))
        return Extracted(files, sum(entry.size for entry in files), tree.notes.sentences(), kind)


def _unknown(source: Path, length: int) -> ArchiveRefused:
    what = (foreign(source) or "no archive that can be unpacked here") if length else "empty"
    hint = "Hand in a zip, a tar, or a tar packed with gzip, bzip2, xz or zstd."
    return refused("format", f"it is {what}", hint=hint)


@contextmanager
def _fresh(into: Path) -> Generator[int]:
    """Make the folder, and take it away again unless all goes well."""
    try:
        into.mkdir(0o700)
    except OSError as error:
        if error.errno in _FULL:
            raise _full(error) from error
        raise
    try:
        root = os.open(into, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            yield root
        finally:
            os.close(root)
    except BaseException as error:
        shutil.rmtree(into)
        if isinstance(error, OSError) and error.errno in _FULL:
            raise _full(error) from error
        raise


@contextmanager
def _named(tree: Tree) -> Generator[None]:
    """A refusal of the archive as a whole says how far it was read."""
    try:
        yield
    except ArchiveRefused as error:
        if error.facts["entry"] or not tree.last:
            raise
        raise after(error, tree.last) from error


def _untar(fd: int, length: int, kind: str, tree: Tree, crew: Crew) -> None:
    source = stream.Source(fd)
    if kind == "tar":
        tar.unpack(Blocks(source), tree)
        return
    ahead = Ahead.start(fd, kind) if length >= _AHEAD_FROM[kind] else None
    if ahead is None:
        _whole(_counted(stream.unpacked(source, kind), source, tree.budget), tree)
        return
    with closing(ahead):
        crew.late = ahead.full
        _whole(_counted(ahead, ahead, tree.budget), tree)
        crew.late = always


def _whole(pieces: Iterator[Piece], tree: Tree) -> None:
    """Read the tar, then the stream to its very end, where its checksum is."""
    tar.unpack(Blocks(pieces), tree)
    for _ in pieces:
        pass


def _counted(pieces: Iterable[Piece], source: stream.Source | Ahead, budget: Budget) -> Iterator[Piece]:
    """The ratio holds for the tar itself too, headers and padding included."""
    total = 0
    for piece in pieces:
        total += len(piece)
        budget.stream(total, source.read)
        yield piece


def _full(error: OSError) -> StorageFull:
    return StorageFull(
        "The disk is full: the archive could not be unpacked.",
        "Remove old artifacts or give the disk more room, then try again.",
        facts={"errno": error.errno},
    )
