"""Unpack an archive made by a stranger: whole, or not at all."""

import errno
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from jarvis.artifacts.archive import stream, tar, zip  # noqa: A004 - the format's name; the builtin is not used here
from jarvis.artifacts.archive.ahead import Ahead
from jarvis.artifacts.archive.blocks import Blocks
from jarvis.artifacts.archive.budget import Budget
from jarvis.artifacts.archive.durable import settle
from jarvis.artifacts.archive.limits import MEBIBYTE, RATIO_FROM, Limits
from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.sniff import sniff, sniff_head
from jarvis.artifacts.archive.tree import Tree
from jarvis.artifacts.archive.writer import ExtractedFile, Root
from jarvis.errors import StorageFull

__all__ = ["Extracted", "ExtractedFile", "extract", "sniff"]

_FULL = (errno.ENOSPC, errno.EDQUOT)
_AHEAD_FROM = MEBIBYTE


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
) -> Extracted:
    """Unpack `source` into the folder `into`, which must not exist yet.

    When this returns, everything is on the disk. On any error `into` is removed again.

    Args:
        source: The archive; its name does not matter.
        into: Made here with mode 0700; files in it get 0644 or 0755, folders 0755, and the present time.
        limits: How large it may become.
        progress: Told the bytes written so far, now and then, from any thread but never from two at once.

    Raises:
        ArchiveRefused: The archive breaks a rule; `facts` names the rule and the entry.
        StorageFull: The disk is full.
        FileExistsError: `into` is there already; it is left as it is.
    """
    with source.open("rb", buffering=0) as file, _fresh(into) as root:
        length = os.fstat(file.fileno()).st_size
        kind = sniff_head(os.pread(file.fileno(), 1024, 0))
        if kind is None:
            hint = "Hand in a zip, a tar, or a tar packed with gzip, bzip2, xz or zstd."
            raise refused("format", "it is no archive that can be unpacked here", hint=hint)
        budget = Budget(limits, length, progress)
        with closing(Tree(Root(root, budget), budget)) as tree:
            if kind == "zip":
                zip.unpack(file.fileno(), length, tree)
            else:
                _untar(file.fileno(), length, kind, tree)
            tree.settle_links()
            settle(root, tree.files, tree.root.made)
        budget.done()
        files = tuple(tree.files[path] for path in sorted(tree.files))
        return Extracted(files, sum(entry.size for entry in files), tree.notes.sentences(), kind)


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


def _untar(fd: int, length: int, kind: str, tree: Tree) -> None:
    pieces = stream.unpacked(stream.plain(fd), kind)
    if kind == "tar":
        tar.unpack(Blocks(pieces), tree)
        return
    pieces = _counted(pieces, length, tree.budget)
    if length < _AHEAD_FROM:
        _whole(pieces, tree)
        return
    with closing(Ahead(pieces)) as ahead:
        _whole(iter(ahead), tree)


def _whole(pieces: Iterator[bytes], tree: Tree) -> None:
    """Read the tar, then the stream to its very end, where its checksum is."""
    tar.unpack(Blocks(pieces), tree)
    for _ in pieces:
        pass


def _counted(pieces: Iterator[bytes], length: int, budget: Budget) -> Iterator[bytes]:
    """The ratio holds for the tar itself too, headers and padding included."""
    most = max(RATIO_FROM, budget.limits.ratio * length)
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > most:
            budget.foresee(total)
        yield piece


def _full(error: OSError) -> StorageFull:
    return StorageFull(
        "The disk is full: the archive could not be unpacked.",
        "Remove old artifacts or give the disk more room, then try again.",
        facts={"errno": error.errno},
    )
