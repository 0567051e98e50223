"""Read a zip: directory and local headers first and whole, then the contents."""

import stat

from jarvis.artifacts.archive import central, local
from jarvis.artifacts.archive.central import Entry
from jarvis.artifacts.archive.member import Member, content
from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.tree import Tree


def unpack(fd: int, length: int, tree: Tree) -> None:
    """Take every entry into the tree.

    Raises:
        ArchiveRefused: The zip breaks a rule; nearly all are checked before the first file is written.
    """
    directory = central.find(fd, length)
    entries = central.entries(fd, directory, tree.budget.limits)
    total = 0
    for entry in entries:
        tree.budget.foresee_file(entry.size, entry.raw)
        total += entry.size
    tree.expect(len(entries), total)
    if entries:
        tree.budget.foresee(total, max(entries, key=_size).raw)
    starts = local.check(fd, entries, directory.offset)
    entries.reverse()
    while entries:  # each is let go as soon as it is taken in
        entry = entries.pop()
        _take(fd, entry, starts[entry.offset], tree)


def _size(entry: Entry) -> int:
    return entry.size


def _take(fd: int, entry: Entry, start: int, tree: Tree) -> None:
    """Take in one entry by what it is."""
    kind = stat.S_IFMT(entry.mode)
    if entry.odd is not None and entry.odd.decode("cp437") == entry.name:
        tree.notes.add("code-page", entry.name)
    member = Member(entry.raw, entry.method, entry.crc, entry.packed, entry.size, start)
    if entry.name.endswith("/"):
        if kind not in (0, stat.S_IFDIR, stat.S_IFREG) or entry.size:
            raise refused("special", "has the name of a folder but is none", entry.raw)
        for _ in content(fd, member):
            pass
        tree.folder(entry.name)
    elif kind == stat.S_IFLNK:
        tree.link(entry.name, _target(fd, entry, member, tree.budget.limits.path))
    elif kind in (0, stat.S_IFREG):
        tree.member(entry.name, bool(entry.mode & 0o100), member)
    else:
        why = (
            "is a folder without saying so in its name"
            if kind == stat.S_IFDIR
            else "is a device, pipe or socket"
        )
        raise refused("special", why, entry.raw)


def _target(fd: int, entry: Entry, member: Member, longest: int) -> str:
    if entry.size > longest:
        raise refused("link-target", "is a link with a far too long target", entry.raw)
    try:
        return b"".join(content(fd, member)).decode("utf-8")
    except UnicodeDecodeError:
        raise refused("link-target", "is a link whose target is not UTF-8", entry.raw) from None
