"""Who writes the files: this process, and for a large archive a second one beside it."""

from collections import deque
from collections.abc import Callable, Iterable

from jarvis.artifacts.archive.budget import Budget
from jarvis.artifacts.archive.hand import Job, Work, pieces
from jarvis.artifacts.archive.member import Member
from jarvis.artifacts.archive.partner import Partner
from jarvis.artifacts.archive.sizes import MEBIBYTE
from jarvis.artifacts.archive.writer import ExtractedFile, Writer

_WORTH_FILES, _WORTH_BYTES = 1500, 24 * MEBIBYTE
"""From here on the start of a second process (60 ms of a processor that has nothing else to do) pays."""
_BATCH_FILES, _BATCH_BYTES = 64, MEBIBYTE - 64 * 1024
"""What is handed over at once; with the names it fits into the pipe."""


class Crew:
    """Takes jobs, and does them when told to.

    Args:
        root: The folder, open.
        archive: The archive, open.
        budget: Counts what is written.

    Attributes:
        files: What was written, by path.
        held: Bytes that wait.
        writer: Of this process.
        late: Whether this process is what the others wait for; else a second one would only take their time.
    """

    def __init__(self, root: int, archive: int, budget: Budget) -> None:
        self.late: Callable[[], bool] = always
        self.files: dict[str, ExtractedFile] = {}
        self.held = 0
        self.writer = Writer(root, budget.spend)
        self._root, self._archive, self._budget = root, archive, budget
        self._folders: list[str] = []
        self._jobs: deque[Job] = deque()
        self._total, self._count = 0, 0
        self._partner: Partner | None = None

    def expect(self, files: int, size: int) -> None:
        """Say how much will come, so that the second process is awake by then."""
        if self._partner is None and (files >= _WORTH_FILES or size >= _WORTH_BYTES):
            self._partner = Partner.start(self._root, self._archive)

    def folder(self, path: str) -> None:
        """Remember a folder."""
        self._folders.append(path)

    def file(self, path: str, executable: bool, work: Work) -> None:
        """Remember a file."""
        self._jobs.append((path, executable, work))
        size = _size(work)
        self.held += size
        self._total += size
        self._count += 1

    def stream(self, path: str, executable: bool, chunks: Iterable[bytes | memoryview]) -> None:
        """Write a file now, too large to remember."""
        self.files[path] = self.writer.write(path, executable, chunks)

    def copy(self, source: str, path: str) -> None:
        """Write a file with the content of another one, now."""
        self.finish()
        self.files[path] = self.writer.copy(self.files[source], path)

    def work(self) -> None:
        """Do what is remembered; the second process may still be busy with its last part."""
        for folder in self._folders:
            self.writer.folder(folder)
        self._folders.clear()
        if self.late():
            self.expect(self._count, self._total)
        jobs, partner, archive = self._jobs, self._partner, self._archive
        while jobs:
            if partner is not None and partner.free() and self.late():
                self._take(partner)
                partner.give(self._batch())
            else:
                path, executable, work = jobs.popleft()
                self.files[path] = self.writer.write(path, executable, pieces(archive, work))
        self.held = 0

    def finish(self) -> None:
        """Do everything, and wait for it."""
        self.work()
        if self._partner is not None:
            self._take(self._partner)

    def close(self) -> None:
        """Let go of everything; when this returns, nobody writes any more."""
        self.writer.close()
        if self._partner is not None:
            self._partner.close()

    def _take(self, partner: Partner) -> None:
        for (path, executable, work), digest in partner.take():
            self.files[path] = ExtractedFile(path, _size(work), digest, executable)

    def _batch(self) -> list[Job]:
        """The next jobs, as much as is handed over at once; their folders are made."""
        batch: list[Job] = []
        size = 0
        while self._jobs and len(batch) < _BATCH_FILES:
            job = self._jobs[0]
            if batch and size + _size(job[2]) > _BATCH_BYTES:
                break
            self.writer.folder(job[0].rpartition("/")[0])
            size += _size(job[2])
            batch.append(self._jobs.popleft())
        self._budget.spend(size)
        return batch


def always() -> bool:
    """Nobody else is at work."""
    return True


def _size(work: Work) -> int:
    return work.size if isinstance(work, Member) else len(work)
