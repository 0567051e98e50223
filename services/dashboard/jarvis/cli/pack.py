"""Packs a folder as a tar stream whose size is known before, and whose bytes depend on its content only."""

import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from jarvis.cli.ignore import Ignore
from jarvis.cli.read import PIECE, changed, read
from jarvis.cli.tar import END, header, padding
from jarvis.cli.unreadable import unreadable
from jarvis.errors import InvalidInput, NothingToServe

LEFT_OUT = frozenset({".git", ".hg", ".svn", ".DS_Store"})
"""Names that are never packed: what version control and file browsers keep for themselves."""


class Entry(NamedTuple):
    """One folder or file to be packed. `path` is where its bytes are: a link is resolved."""

    name: str
    path: str
    size: int
    changed: int
    mode: int


@dataclass(frozen=True)
class Packing:
    """A folder that was looked at and can be packed.

    Attributes:
        entries: What will be packed, in order.
        left_out: Name, with the file that says so if one does → how often it was left out.
        size: Bytes of the whole stream.
    """

    entries: list[Entry]
    left_out: Counter[str]
    size: int

    @property
    def files(self) -> int:
        """How many files there are."""
        return sum(not entry.name.endswith("/") for entry in self.entries)

    def pieces(self) -> Iterator[bytes]:
        """The stream. Memory does not grow with the folder.

        Raises:
            InvalidInput: A file changed since it was looked at.
        """
        buffer = bytearray()
        for entry in self.entries:
            buffer += header(entry.name, entry.size, entry.mode)
            if not entry.name.endswith("/"):
                for piece in read(entry.path, entry.size, entry.changed):
                    buffer += piece
                    if len(buffer) >= PIECE:
                        yield bytes(buffer)
                        buffer.clear()
                buffer += padding(entry.size)
        yield bytes(buffer + END)


def scan(folder: str) -> Packing:
    """Look at everything in `folder` and refuse what cannot be packed, before anything is sent.

    Raises:
        InvalidInput: A link leads out of the folder, a file cannot be read …; the sentence names it.
        NothingToServe: There is no file in it.
    """
    root = os.path.realpath(folder)
    entries: list[Entry] = []
    left_out: Counter[str] = Counter()
    waiting = [("", root, Ignore())]
    while waiting:
        prefix, place, above = waiting.pop()
        items = _listed(place)
        ignore = above.within(prefix, place, {item.name for item in items})
        for item in items:
            name = prefix + item.name
            folder_here = item.is_dir(follow_symlinks=False)
            if item.name in LEFT_OUT:
                left_out[item.name] += 1
            elif by := ignore.says(f"{name}/" if folder_here else name):
                left_out[f"{item.name}/ by {by}" if folder_here else f"files by {by}"] += 1
            elif folder_here:
                entries.append(Entry(name + "/", item.path, 0, 0, 0o755))
                waiting.append((name + "/", item.path, ignore))
            else:
                entries.append(_file(root, name, item))
    packing = Packing(sorted(entries), left_out, 0)
    if not packing.files:
        what = "only what is left out" if left_out else "no files"
        raise NothingToServe(
            f"There is nothing to deploy: {folder} holds {what}.",
            f"Left out: {', '.join(sorted(left_out))}. A line such as !dist/ in .jarvisignore brings it back."
            if left_out
            else "Put an index.html into it.",
        )
    return Packing(packing.entries, left_out, _length(packing.entries))


def _length(entries: list[Entry]) -> int:
    bodies = sum(entry.size + len(padding(entry.size)) for entry in entries)
    return len(END) + bodies + sum(len(header(entry.name, entry.size, entry.mode)) for entry in entries)


def _listed(place: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as items:
            return list(items)
    except OSError as error:
        raise unreadable(place, error, shown=f"The folder {place}") from error


def _file(root: str, name: str, item: os.DirEntry[str]) -> Entry:
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"The name {name!r} is not UTF-8.", "Rename it.", {"entry": ascii(name)}
        ) from error
    path = _target(root, name, item.path) if item.is_symlink() else item.path
    try:
        facts = os.lstat(path)
    except FileNotFoundError as error:
        raise changed(path) from error
    except OSError as error:
        raise unreadable(path, error, shown=name) from error
    if not stat.S_ISREG(facts.st_mode):
        raise InvalidInput(
            f"{name} is {_kind(facts.st_mode)}; only files and folders can be deployed.",
            "Remove it from the folder.",
            {"entry": name},
        )
    if not os.access(path, os.R_OK):
        raise unreadable(path, shown=name)
    mode = 0o755 if facts.st_mode & stat.S_IXUSR else 0o644
    return Entry(name, path, facts.st_size, facts.st_mtime_ns, mode)


def _kind(mode: int) -> str:
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a named pipe" if stat.S_ISFIFO(mode) else "a device"


def _target(root: str, name: str, path: str) -> str:
    """Where the link `path` leads: a file inside `root`.

    Raises:
        InvalidInput: It leads elsewhere; what is outside must never be published by accident.
    """

    def refused(why: str) -> InvalidInput:
        return InvalidInput(
            f"The link {name} {why}.",
            "Put the file itself in its place, or remove the link.",
            {"entry": name},
        )

    try:
        target = os.path.realpath(path, strict=True)
    except OSError as error:
        raise refused("leads nowhere") from error
    if target != root and not target.startswith(root.rstrip("/") + "/"):
        raise refused(f"leads out of the folder ({target})")
    if Path(target).is_dir():
        raise refused("leads to a folder; only links to files are followed")
    if LEFT_OUT.intersection(os.path.relpath(target, root).split("/")):
        raise refused("leads to something that is left out")
    return target
