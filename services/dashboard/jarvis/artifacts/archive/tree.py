"""The tree that grows out of one archive: names judged first, then written, links at the very end."""

from bisect import bisect_left

from jarvis.artifacts.archive.budget import Budget
from jarvis.artifacts.archive.content import Content
from jarvis.artifacts.archive.crew import Crew
from jarvis.artifacts.archive.links import Resolver, judged
from jarvis.artifacts.archive.member import Member
from jarvis.artifacts.archive.names import cleaned, unwanted
from jarvis.artifacts.archive.notes import Notes
from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.register import Kind, Register
from jarvis.artifacts.archive.sizes import HELD, MEBIBYTE

_STREAMED = MEBIBYTE
"""From here on a file of a tar is written as it comes."""
_ROUND = MEBIBYTE
"""After the first files are written, others wait only until there are some for two."""


class Tree:
    """Takes the entries of one archive and puts them into a fresh folder.

    Args:
        crew: Those who write.
        budget: Counts what is written.
    """

    def __init__(self, crew: Crew, budget: Budget) -> None:
        self.budget = budget
        self.last: str | bytes = ""
        self.notes = Notes()
        self.register = Register(budget.limits, self.notes)
        self._crew = crew
        self._round = HELD

    def expect(self, files: int, size: int) -> None:
        """Say how much will come."""
        self._crew.expect(files, size)

    def folder(self, name: str) -> None:
        """Make a folder."""
        self.last = name
        if path := self.register.folder(name):
            self._crew.folder(path)

    def member(self, name: str, executable: bool, member: Member) -> None:
        """Take in a file of a zip, whose sizes are known to fit."""
        self.last = name
        if path := self.register.file(name):
            self._crew.file(path, executable, member)

    def file(self, name: str, executable: bool, content: Content) -> None:
        """Take in a file of a tar, or read over one that is left out."""
        self.last = name
        path = self.register.file(name)
        if path is None:
            for _ in content.pieces():
                pass
            return
        crew = self._crew
        self.budget.foresee(self.budget.spent + crew.held + content.size, name)
        if content.size < _STREAMED:
            crew.file(path, executable, content.whole())
        else:
            crew.stream(path, executable, content.pieces())
        if crew.held > self._round:
            self._round = _ROUND
            crew.work()

    def link(self, name: str, target: str) -> None:
        """Remember a symbolic link."""
        self.last = name
        self.register.link(name, judged(name, target, self.budget.limits.path))

    def same(self, name: str, target: str) -> None:
        """A hard link: the content of an earlier file, or another link to where an earlier link leads."""
        self.last = name
        earlier = self.register.find(cleaned(target, self.budget.limits)) if target else None
        if earlier is None or earlier[1] in (Kind.FOLDER, Kind.LEFT_OUT):
            raise refused("link-missing", "is a hard link to something that does not come before it", name)
        source, kind = earlier
        if kind is Kind.LINK:
            self.register.link(name, self.register.links[source])
        elif path := self.register.file(name):
            self._crew.copy(source, path)

    def finish(self) -> None:
        """Follow all links, write what is left, then put a copy in the place of each link."""
        resolver = Resolver(self.register)
        found = [(link, resolver.place(link)) for link in self.register.links]
        places = [(link, *place) for link, place in found if place is not None and not unwanted(link)]
        crew = self._crew
        crew.finish()
        for link, place, kind in places:
            if kind is Kind.FILE:
                self.budget.foresee(self.budget.spent + crew.files[place].size, link)
                crew.copy(place, link)
        self._copy_folders([(link, place) for link, place, kind in places if kind is Kind.FOLDER])

    def _copy_folders(self, links: list[tuple[str, str]]) -> None:
        """Copy whole folders, if all of them fit; links in them to other folders are not followed again."""
        crew, limits = self._crew, self.budget.limits
        known = sorted(crew.files)
        copies: list[tuple[str, str]] = []
        size = 0
        for link, place in links:
            for path in known[bisect_left(known, f"{place}/") : bisect_left(known, f"{place}0")]:
                target = link + path[len(place) :]
                copies.append((path, target))
                size += crew.files[path].size
                if (
                    len(copies) + len(known) > limits.entries
                    or target.count("/") >= limits.depth
                    or len(target.encode()) > limits.path
                    or not self.budget.fits(size)
                ):
                    for left_out, _ in links:
                        self.notes.add("folder-links", left_out)
                    return
        for link, _ in links:
            crew.folder(link)
        for path, target in copies:
            crew.copy(path, target)
        crew.work()
