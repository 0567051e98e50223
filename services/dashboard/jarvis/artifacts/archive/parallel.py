"""Write the files of a zip with two threads: one inflates while the other waits for the disk."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from jarvis.artifacts.archive.limits import MEBIBYTE
from jarvis.artifacts.archive.tree import Tree
from jarvis.artifacts.archive.writer import ExtractedFile, Writer

_THREADS = 2
_WORTH = 4 * MEBIBYTE
"""Below this much content the threads cost more than they bring."""


@dataclass(slots=True)
class Job:
    """One file to write: its content is made by the thread that writes it."""

    path: str
    executable: bool
    size: int
    content: Callable[[], Iterable[bytes]]


def write_all(jobs: list[Job], tree: Tree) -> None:
    """Write all files; the first error stops everything."""
    if sum(job.size for job in jobs) < _WORTH or len(jobs) < _THREADS:
        for job in jobs:
            tree.put(job.path, job.executable, job.content())
        return
    for job in jobs:  # folders first, by one thread, so that no two make the same one
        tree.make_way(job.path)
    queue, lock, stop = iter(jobs), threading.Lock(), threading.Event()

    def take() -> Iterator[Job]:
        while not stop.is_set():
            with lock:
                job = next(queue, None)
            if job is None:
                return
            yield job

    def work() -> list[ExtractedFile]:
        writer = Writer(tree.root)
        try:
            return [writer.write(job.path, job.executable, job.content()) for job in take()]
        finally:
            stop.set()  # the queue is empty, or something went wrong here
            writer.close()

    with ThreadPoolExecutor(_THREADS) as pool:
        futures = [pool.submit(work) for _ in range(_THREADS)]
    for future in futures:
        tree.files.update((file.path, file) for file in future.result())
