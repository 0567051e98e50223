"""The process that writes beside us (`hand`), seen from here."""

import json
import select

from jarvis.artifacts.archive.hand import DIGEST, DONE, REFUSED, SHARED, Job, packed
from jarvis.artifacts.archive.second import Second, receive, send
from jarvis.errors import ArchiveRefused


class Partner:
    """It says when it is awake, and then answers one batch after the other."""

    def __init__(self, second: Second) -> None:
        self._second = second
        self._poll = select.poll()
        self._poll.register(second.answers, select.POLLIN)
        self._given: list[Job] = []
        self._waits = False

    @classmethod
    def start(cls, root: int, archive: int) -> "Partner | None":
        """Start it; None where that cannot be."""
        fds = [root, archive]
        second = Second.start("jarvis.artifacts.archive.hand", [str(fd) for fd in fds], fds, SHARED)
        return None if second is None else cls(second)

    def free(self) -> bool:
        """Is there an answer, or nothing to answer?"""
        return self._waits or bool(self._poll.poll(0))

    def give(self, jobs: list[Job]) -> None:
        """Hand over a batch, when it is free and the last answer was taken."""
        self._given, self._waits = jobs, False
        send(self._second.ask, packed(jobs, self._second.shared))

    def take(self) -> list[tuple[Job, bytes]]:
        """Wait for the answer to the last batch: each job with the checksum of what was written.

        Raises:
            ArchiveRefused: As if it had happened here.
            OSError: The disk is full, or the process is gone.
        """
        if self._waits or not (self._given or self.free()):
            return []
        answer = receive(self._second.answers)
        if answer is None:
            raise ChildProcessError("The process that helped to unpack is gone")
        kind, body = answer[:1], answer[1:]
        if kind == REFUSED:
            message, hint, facts = json.loads(body)
            raise ArchiveRefused(message, hint, facts)
        if kind != DONE:
            raise OSError(*json.loads(body))
        done, self._given, self._waits = self._given, [], True
        digests = (body[at : at + DIGEST] for at in range(0, len(body), DIGEST))
        return list(zip(done, digests, strict=True))

    def close(self) -> None:
        """End it, at once and whatever it does."""
        self._second.close()
