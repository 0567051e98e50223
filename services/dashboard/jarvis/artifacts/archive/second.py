"""A second Python beside this one, which shares memory and two pipes with it.

A thread would not do: what Python itself does only one thread can do at a time, and that is most of the work
on small files.
"""

import mmap
import os
import struct
import sys
import tempfile
from contextlib import ExitStack, suppress
from typing import IO

from jarvis import shell

_MALLOC = {"MALLOC_MMAP_THRESHOLD_": "67108864", "MALLOC_TRIM_THRESHOLD_": "67108864"}
"""Keep freed buffers: else glibc gives each back to the system, which took a third of the time on text."""
_LENGTH = struct.Struct("<I")


class Second:
    """The other process, seen from the one that started it.

    Attributes:
        shared: Memory of both.
        ask: The pipe to it.
        answers: The pipe from it.
    """

    def __init__(self, child: shell.Child, shared: mmap.mmap, ask: int, answers: int) -> None:
        self.shared = shared
        self.ask = ask
        self.answers = answers
        self._child = child

    @classmethod
    def start(cls, module: str, words: list[str], fds: list[int], size: int) -> "Second | None":
        """Start `python -m MODULE SHARED ASK ANSWERS WORDS …`.

        Args:
            module: What it runs.
            words: More arguments.
            fds: Open files that it inherits under the same numbers, besides those three.
            size: Of the shared memory.

        Returns:
            None where it cannot be started, or where there is only one processor for both.
        """
        if (os.cpu_count() or 1) < 2:
            return None
        with ExitStack() as theirs, ExitStack() as ours:
            memory = theirs.enter_context(_memory(size))
            shared = ours.enter_context(mmap.mmap(memory.fileno(), size))
            asked, ask = os.pipe()
            answers, answer = os.pipe()
            for fd, stack in ((asked, theirs), (answer, theirs), (ask, ours), (answers, ours)):
                stack.callback(os.close, fd)
            own = [memory.fileno(), asked, answer]
            # sys.path is handed over as it is, so it needs no `site`, which would take half of its start
            line = [sys.executable, "-S", "-P", "-m", module, *map(str, own), *words]
            env = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **_MALLOC}
            try:
                child = shell.start(line, env=env, pass_fds=[*own, *fds])
            except shell.CommandFailed:
                return None
            ours.pop_all()
        return cls(child, shared, ask, answers)

    def close(self) -> None:
        """End it, at once and whatever it does."""
        self._child.kill_group()
        os.close(self.ask)
        os.close(self.answers)
        with suppress(BufferError):  # after an error somebody may still hold a piece of it
            self.shared.close()


def send(pipe: int, message: bytes) -> None:
    """Write a message with its length in front."""
    left = _LENGTH.pack(len(message)) + message
    while left:
        left = left[os.write(pipe, left) :]


def receive(pipe: int) -> bytes | None:
    """Read a message; None when the other side is gone."""
    head = _exactly(pipe, _LENGTH.size)
    message = _exactly(pipe, _LENGTH.unpack(head)[0]) if head else b""
    return message or None


def _exactly(pipe: int, size: int) -> bytes:
    """Read exactly this many bytes, or none when the other side is gone."""
    data = os.read(pipe, size)
    while 0 < len(data) < size:
        more = os.read(pipe, size - len(data))
        if not more:
            return b""
        data += more
    return data


def _memory(size: int) -> IO[bytes]:
    """A file that lies in memory where the system has such, and otherwise has no name."""
    try:
        file: IO[bytes] = os.fdopen(os.memfd_create("unpack"), "w+b")
    except (AttributeError, OSError):
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    file.truncate(size)
    return file
