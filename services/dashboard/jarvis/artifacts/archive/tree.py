"""The tree that grows out of one archive: names judged first, then written, links at the very end."""

from collections.abc import Iterable, Iterator

from jarvis.artifacts.archive.budget import Budget
from jarvis.artifacts.archive.links import Resolver, judged
from jarvis.artifacts.archive.names import cleaned, unwanted
from jarvis.artifacts.archive.notes import Notes
from jarvis.artifacts.archive.refusal import refused
from jarvis.artifacts.archive.register import Kind, Register
from jarvis.artifacts.archive.writer import ExtractedFile, Root, Writer


class Tree:
    """Takes the entries of one archive and puts them into a fresh folder.

    Args:
        root: The folder, open.
        budget: Counts what is written.
    """

    def __init__(self, root: Root, budget: Budget) -> None:
        self.root = root
        self.budget = budget
        self.notes = Notes()
        self.register = Register(budget.limits, self.notes)
        self.files: dict[str, ExtractedFile] = {}
        self._writer = Writer(root)

    def folder(self, name: str) -> None:
        """Make a folder."""
        if path := self.register.folder(name):
            self._writer.folder(path)

    def file(self, name: str, executable: bool, size: int, content: Iterator[memoryview]) -> None:
        """Write a file, or read over one that is left out."""
        path = self.register.file(name)
        if path is None:
            for _ in content:
                pass
            return
        self.budget.foresee(self.budget.spent + size)
        self.put(path, executable, content)

    def put(self, path: str, executable: bool, content: Iterable[bytes | memoryview]) -> None:
        """Write a file whose name is already registered."""
        self.files[path] = self._writer.write(path, executable, content)

    def make_way(self, path: str) -> None:
        """Make the folders above a file."""
        if folder := path.rpartition("/")[0]:
            self._writer.folder(folder)

    def link(self, name: str, target: str) -> None:
        """Remember a symbolic link."""
        self.register.link(name, judged(name, target, self.budget.limits.path))

    def same(self, name: str, target: str) -> None:
        """A hard link: the content of an earlier file, or another link to where an earlier link leads."""
        earlier = self.register.find(cleaned(target, self.budget.limits)) if target else None
        if earlier is None or earlier[1] in (Kind.FOLDER, Kind.LEFT_OUT):
            raise refused("link-missing", "is a hard link to something that does not come before it", name)
        source, kind = earlier
        if kind is Kind.LINK:
            self.register.link(name, self.register.links[source])
        elif path := self.register.file(name):
            self.files[path] = self._writer.copy(self.files[source], path)

    def settle_links(self) -> None:
        """Follow all links, then put a copy of the file in the place of each."""
        resolver = Resolver(self.register)
        places = [(link, resolver.file(link)) for link in self.register.links]
        for link, place in places:
            if place is not None and not unwanted(link):
                self.budget.foresee(self.budget.spent + self.files[place].size)
                self.files[link] = self._writer.copy(self.files[place], link)

    def close(self) -> None:
        """Let go of open folders."""
        self._writer.close()
