"""Follow symbolic links in memory, over all names of the archive, before one byte of them is written."""

import re

from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.register import Kind, Register

_HOPS = 40
"""Links followed for one path; what Linux allows."""
_PARTS = 128
_BAD = re.compile(r"[\x00-\x1f\x7f-\x9f\\]|^[A-Za-z]:")
_HINT = "Replace the link by the file itself."


def judged(name: str | bytes, target: str, longest: int) -> str:
    """Refuse a target that no link needs; the rest is followed later."""
    if not target or len(target.encode()) > longest or target.count("/") > _PARTS:
        raise refused("link-target", "is a link with an empty or far too long target", name, _HINT)
    if target.startswith("/"):
        raise refused("link-absolute", "is a link to an absolute path", name, _HINT)
    if _BAD.search(target):
        raise refused("link-target", "is a link whose target has forbidden characters", name, _HINT)
    return target


class Resolver:
    """Where the links of a register lead; each link is followed once.

    A path is `(place, sure)`: sure is False from the point on where nothing is there, so that a dangling
    link that would lead outside is still seen.
    """

    def __init__(self, register: Register) -> None:
        self._register = register
        self._known: dict[str, tuple[str, bool, int]] = {}
        self._following: set[str] = set()

    def place(self, link: str) -> tuple[str, Kind] | None:
        """The file or folder at the end of a link; None, with a warning, when there is nothing to copy."""
        place, sure, _ = self._follow(link)
        found = self._register.find(place) if sure and place else None
        if sure and not place:
            found = "", Kind.FOLDER
        if found is None or found[1] not in (Kind.FILE, Kind.FOLDER):
            self._register.notes.add("dangling", link)
            return None
        if found[1] is Kind.FOLDER and f"{link}/".startswith(f"{found[0]}/" if found[0] else ""):
            self._register.notes.add("folder-link", link)
            return None
        return found

    def _follow(self, link: str) -> tuple[str, bool, int]:
        if link in self._known:
            return self._known[link]
        if link in self._following or len(self._following) > _HOPS:
            raise refused(
                "link-loop", "is a link that leads back to itself, or over too many others", link, _HINT
            )
        self._following.add(link)
        place, sure, hops = link.rpartition("/")[0], True, 1
        for part in self._register.links[link].split("/"):
            if part in ("", "."):
                continue
            if part == "..":
                if not place:
                    raise refused("link-outside", "is a link that leads out of the archive", link, _HINT)
                place = place.rpartition("/")[0]
                continue
            place = f"{place}/{part}" if place else part
            found = self._register.find(place) if sure else None
            sure = found is not None and found[1] is not Kind.LEFT_OUT
            if found is None:
                continue
            place = found[0]
            if found[1] is Kind.LINK:
                place, sure, more = self._follow(place)
                hops += more
        if hops > _HOPS:
            raise refused("link-loop", "is a link that leads over too many others", link, _HINT)
        self._following.discard(link)
        self._known[link] = (place, sure, hops)
        return place, sure, hops
