"""What containers say, written where the keeper of a program writes it: one log for people, whatever runs.

Docker keeps the log itself. A thread copies it from the place where the last copy ended, so a worker that
ends, or is killed, loses nothing. A line that was being copied when it was killed may be there twice.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from jarvis.errors import JarvisError
from jarvis.runtimes.docker import engine, state
from jarvis.runtimes.docker.engine import asked
from jarvis.runtimes.docker.state import Brief
from jarvis.runtimes.shim.journal import Journal

log = logging.getLogger(__name__)

AGAIN = 0.5
"""Seconds before a container that does not run is looked at again."""
_STAMP = len("2026-11-23T05:54:48.123")
_FOLLOWED: set[str] = set()
_LOCK = threading.Lock()


@dataclass
class _Open:
    """A log that is written to, and by how many."""

    journal: Journal
    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


_OPEN: dict[Path, _Open] = {}


class Source(NamedTuple):
    """Who says what is copied.

    Attributes:
        lines: As `lines` below.
        running: Whether something more is to be expected; None when it is gone.
    """

    lines: Callable[[str, str], Iterator[tuple[str, bytes]]]
    running: Callable[[str], bool | None]


def begin(container: Brief, folder: Path, prefix: str = "", source: Source | None = None) -> None:
    """Let its log be copied to `folder`/log until it is removed; nothing when that is done already.

    Args:
        container: Which.
        folder: Of the instance; it need not be there yet.
        prefix: What stands before each line: which of several it is.
        source: Who knows what it says; the Docker of this machine when missing.
    """
    with _LOCK:
        if container.id in _FOLLOWED or not folder.is_dir():
            return
        _FOLLOWED.add(container.id)
    words = (container, folder, prefix, source or Source(lines, _running))
    threading.Thread(target=_run, args=words, name="follow", daemon=True).start()


def _running(key: str) -> bool | None:
    seen = state.status(key)
    return None if seen is None else seen.running


def _run(container: Brief, folder: Path, prefix: str, source: Source) -> None:
    try:
        with _mine(folder / f"follow-{container.number}") as place:
            if place is not None:
                number = folder.stat().st_ino
                copy(container.id, folder / "log", place, lambda: _is(folder, number), prefix, source)
    except (JarvisError, OSError) as error:
        log.warning("The log of container %s is not copied just now: %s", container.id[:12], error)
    finally:
        with _LOCK:
            _FOLLOWED.discard(container.id)


def _is(folder: Path, number: int) -> bool:
    """Is it still the folder that it was? One that is made anew wants the whole log."""
    with suppress(OSError):
        return folder.stat().st_ino == number
    return False


@contextmanager
def _mine(file: Path) -> Generator[int | None]:
    """The file with the place, open; None while another worker copies."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield handle
    except BlockingIOError:
        yield None
    finally:
        os.close(handle)


def copy(
    key: str,
    target: Path,
    place: int,
    wanted: Callable[[], bool],
    prefix: str = "",
    source: Source | None = None,
) -> None:
    """Copy what the container says, until it is gone or nobody wants it.

    Args:
        key: Its id.
        target: The log.
        place: An open file with the time of the last line that was copied.
        wanted: Whether to go on.
        prefix: What stands before each line.
        source: Who knows what it says; the Docker of this machine when missing.

    Raises:
        Unavailable: Docker does not answer any more.
    """
    source = source or Source(lines, _running)
    words = os.pread(place, 200, 0).decode("ascii", "replace").split()
    last = words[1] if words[:1] == [key] and len(words) > 1 else ""
    with _shared(target) as put:
        while wanted():
            for stamp, line in source.lines(key, last):
                if not wanted():
                    return
                if stamp > last:
                    put(f"{stamp[:_STAMP]}Z".encode(), prefix.encode() + line)
                    last = stamp
                    os.pwrite(place, f"{key} {last}\n".ljust(200).encode(), 0)
            seen = source.running(key)
            if seen is None:
                return
            if not seen:
                time.sleep(AGAIN)


@contextmanager
def _shared(target: Path) -> Generator[Callable[[bytes, bytes], None]]:
    """What writes a line to a log: one for all who copy to it, as it moves a long log aside."""
    with _LOCK:
        log_of = _OPEN.get(target) or _Open(Journal(target))
        _OPEN[target] = log_of
        log_of.users += 1

    def put(stamp: bytes, line: bytes) -> None:
        with log_of.lock:
            log_of.journal.put(stamp, line)

    try:
        yield put
    finally:
        with _LOCK:
            log_of.users -= 1
            if not log_of.users:
                _OPEN.pop(target, None)
                log_of.journal.close()


def lines(key: str, since: str = "") -> Iterator[tuple[str, bytes]]:
    """What a container says, as pairs of time and line, until it stops.

    Args:
        key: Its id.
        since: A time that was given before. The second of it comes again.

    Raises:
        Unavailable: Docker does not answer any more.
    """
    import docker.errors

    begin_ = int(datetime.fromisoformat(f"{since[:19]}+00:00").timestamp()) if since else None
    half: tuple[str, bytes] | None = None
    with asked("follow a log"):
        try:
            blocks: Any = engine.api().logs(key, stream=True, follow=True, timestamps=True, since=begin_)
        except docker.errors.NotFound:
            return
        try:
            for block in blocks:
                stamp, _, text = block.partition(b" ")
                if half is not None:  # a long line comes in pieces, each with a time of its own
                    stamp, text = half[0].encode(), half[1] + text
                if text.endswith(b"\n") or len(text) > 1 << 20:
                    half = None
                    yield stamp.decode("ascii", "replace"), text.rstrip(b"\n")
                else:
                    half = (stamp.decode("ascii", "replace"), text)
        finally:
            blocks.close()
        if half is not None:
            yield half
