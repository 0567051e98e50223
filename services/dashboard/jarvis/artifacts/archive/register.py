"""Every name of one archive: nothing twice, nothing that is file and folder at once."""

import enum
import sys
import unicodedata

from jarvis.artifacts.archive.limits import Limits, raise_it
from jarvis.artifacts.archive.names import cleaned, doubtful, unwanted
from jarvis.artifacts.archive.notes import Notes
from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.sizes import NAMES_TOTAL
from jarvis.errors import ArchiveRefused

SHORTER = "Leave out what the site does not need, or give its folders shorter names."


class Kind(enum.Enum):
    """What a name stands for."""

    FOLDER = "a folder"
    FILE = "a file"
    LINK = "a link"
    LEFT_OUT = "left out"


class Register:
    """The names seen so far, found again whichever way their accents are written.

    Args:
        limits: How many and how long.
        notes: Where warnings go.
    """

    def __init__(self, limits: Limits, notes: Notes) -> None:
        self.limits = limits
        self.notes = notes
        self.links: dict[str, str] = {}
        self._kinds: dict[str, Kind] = {}
        self._spelling: dict[str, str] = {}
        self._folded: set[int] = set()
        self._parent = ""
        self._entries = 0
        self._bytes = 0

    def folder(self, name: str) -> str | None:
        """Take in a folder; None when it is left out, "" for the top folder."""
        path = self._path(name)
        if path:
            self._claim(path, Kind.FOLDER)
        return None if unwanted(path) else path

    def file(self, name: str) -> str | None:
        """Take in a file; None when it is left out."""
        path = self._path(name)
        if not path:
            raise refused("collision", "stands for the top folder but is not a folder", name)
        if unwanted(path):
            self._claim(path, Kind.LEFT_OUT)
            self.notes.add("macos", path)
            return None
        self._claim(path, Kind.FILE)
        return path

    def link(self, name: str, target: str) -> None:
        """Take in a symbolic link; where it leads is found out when all names are known."""
        path = self._path(name)
        if not path:
            raise refused("link-root", "makes a link of the top folder", name)
        self._count_bytes(target, name)
        self._claim(path, Kind.LINK)
        self.links[path] = target

    def find(self, path: str) -> tuple[str, Kind] | None:
        """How the archive spells this path, and what it is."""
        key = _key(path)
        kind = self._kinds.get(key)
        return None if kind is None else (self._spelling.get(key, key), kind)

    def count(self, name: str = "") -> None:
        """Count one more entry."""
        self._entries += 1
        if self._entries > self.limits.entries:
            raise too_many(self.limits.entries, name)

    def _path(self, name: str) -> str:
        self.count(name)
        return cleaned(name, self.limits)

    def _claim(self, path: str, kind: Kind) -> None:
        key = _key(path)
        old = self._kinds.get(key)
        if old is not None:
            self._meet(path, key, kind, old)
            return
        parent = path.rpartition("/")[0]
        if parent and parent != self._parent:
            self._imply(parent, path)
            self._parent = parent
        self._add(path, key, kind)

    def _imply(self, path: str, child: str) -> None:
        """The folders above a name exist too, and count."""
        missing: list[str] = []
        while path:
            key = _key(path)
            old = self._kinds.get(key)
            if old is not None:
                if old is not Kind.FOLDER:
                    raise refused("collision", f"lies inside something that is {old.value}", child)
                self._same_spelling(path, key)
                break
            missing.append(path)
            path = path.rpartition("/")[0]
        for folder in reversed(missing):
            self._add(folder, _key(folder), Kind.FOLDER)

    def _add(self, path: str, key: str, kind: Kind) -> None:
        if len(self._kinds) >= self.limits.entries:
            raise too_many(self.limits.entries, path)
        self._count_bytes(path)
        self._note_case(path, key)
        self._kinds[key] = kind
        if key != path:
            self._spelling[key] = path
        if doubt := doubtful(path):
            self.notes.add(doubt, path)

    def _meet(self, path: str, key: str, kind: Kind, old: Kind) -> None:
        self._same_spelling(path, key)
        if kind is not old:
            raise refused("collision", "is there twice, as different things", path)
        if kind is not Kind.FOLDER:
            raise refused("duplicate", "is there twice", path)

    def _same_spelling(self, path: str, key: str) -> None:
        if self._spelling.get(key, key) != path:
            raise refused("collision-unicode", "is there twice, with its accents written in two ways", path)

    def _note_case(self, path: str, key: str) -> None:
        """Warn of names that differ only in case; most have no upper case, and cost nothing."""
        folded = key.casefold()
        if folded == key:
            if hash(folded) in self._folded:
                self.notes.add("case", path)
            return
        if folded in self._kinds or hash(folded) in self._folded:
            self.notes.add("case", path)
        self._folded.add(hash(folded))

    def _count_bytes(self, name: str, owner: str = "") -> None:
        self._bytes += sys.getsizeof(name)
        if self._bytes > NAMES_TOTAL:
            raise refused(
                "names-total", "comes when all names together are already too long", owner or name, SHORTER
            )


def too_many(limit: int, entry: str | bytes = "") -> ArchiveRefused:
    """The refusal of an archive with more entries than `limit`."""
    why = f"is one too many: at most {limit} are taken" if entry else f"it has more than {limit} entries"
    hint = raise_it(
        "JARVIS_UNPACK_ENTRIES", limit, "Leave out what the site does not need, like node_modules."
    )
    return refused("entries", why, entry, hint)


def _key(path: str) -> str:
    return path if path.isascii() else unicodedata.normalize("NFC", path)
