"""Read a zip: directory and local headers first and whole, then the contents."""

import os
import stat
import zlib
from collections.abc import Iterator

from jarvis.artifacts.archive import central, local
from jarvis.artifacts.archive.central import Entry
from jarvis.artifacts.archive.limits import BUFFER
from jarvis.artifacts.archive.parallel import Job, write_all
from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.tree import Tree


def unpack(fd: int, length: int, tree: Tree) -> None:
    """Write every entry into the tree.

    Raises:
        ArchiveRefused: The zip breaks a rule; nearly all are checked before the first file is written.
    """
    directory = central.find(fd, length)
    entries = central.entries(fd, directory, tree.budget.limits)
    total = 0
    for entry in entries:
        tree.budget.foresee_file(entry.size, entry.raw)
        total += entry.size
    tree.budget.foresee(total)
    starts = local.check(fd, entries, directory.offset)
    jobs: list[Job] = []
    for entry in entries:
        start = starts[entry.offset]
        path = _register(fd, entry, start, tree)
        if path is not None:
            executable = bool(entry.mode & 0o100)
            jobs.append(
                Job(path, executable, entry.size, lambda entry=entry, start=start: _content(fd, entry, start))
            )
    write_all(jobs, tree)


def _register(fd: int, entry: Entry, start: int, tree: Tree) -> str | None:
    """Take in the name; the path when there is a file to write."""
    kind = stat.S_IFMT(entry.mode)
    if entry.name.endswith("/"):
        if kind not in (0, stat.S_IFDIR, stat.S_IFREG) or entry.size:
            raise refused("special", "has the name of a folder but is none", entry.raw)
        for _ in _content(fd, entry, start):
            pass
        tree.folder(entry.name)
    elif kind == stat.S_IFLNK:
        longest = tree.budget.limits.path
        if entry.size > longest:
            raise refused("link-target", "is a link with a far too long target", entry.raw)
        target = b"".join(_content(fd, entry, start))
        try:
            tree.link(entry.name, target.decode("utf-8"))
        except UnicodeDecodeError:
            raise refused("link-target", "is a link whose target is not UTF-8", entry.raw) from None
    elif kind in (0, stat.S_IFREG):
        return tree.register.file(entry.name)
    else:
        why = (
            "is a folder without saying so in its name"
            if kind == stat.S_IFDIR
            else "is a device, pipe or socket"
        )
        raise refused("special", why, entry.raw)
    return None


def _content(fd: int, entry: Entry, start: int) -> Iterator[bytes]:
    """What the entry holds; never more than it says, and checked at its end."""
    pieces = _stored(fd, entry, start) if entry.method == 0 else _inflated(fd, entry, start)
    crc, size = 0, 0
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        if size > entry.size:
            break
        yield piece
    if size != entry.size:
        raise refused("zip-size", "unpacks to another size than it says", entry.raw)
    if crc != entry.crc:
        raise refused("zip-crc", "has a wrong checksum", entry.raw)


def _stored(fd: int, entry: Entry, start: int) -> Iterator[bytes]:
    if entry.packed != entry.size:
        raise refused("zip-size", "is not packed and yet has two sizes", entry.raw)
    for at in range(start, start + entry.packed, BUFFER):
        yield os.pread(fd, min(BUFFER, start + entry.packed - at), at)


def _inflated(fd: int, entry: Entry, start: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    at, end, left = start, start + entry.packed, entry.size
    data = b""
    try:
        while not inflate.eof:
            if not data and at < end:
                data = os.pread(fd, min(BUFFER, end - at), at)
                at += len(data)
            output = inflate.decompress(data, min(BUFFER, left + 1))
            if not output and not data and not inflate.eof:
                raise refused("zip-deflate", "is cut off", entry.raw)
            data = inflate.unconsumed_tail
            left -= len(output)
            if output:
                yield output
            if left < 0:
                return
    except zlib.error as error:
        raise refused("zip-deflate", "is damaged", entry.raw) from error
    if inflate.unused_data or at < end:
        raise refused("zip-deflate", "has hidden bytes behind its content", entry.raw)
