"""The program that is kept running: started, heard, started again, ended."""

import asyncio
import contextlib
import ctypes
import os
import resource
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jarvis.runtimes.shim import tree
from jarvis.runtimes.shim.journal import Journal

FIRST_PAUSE, LONGEST_PAUSE, STEADY = 0.1, 30.0, 10.0
"""Seconds before the next start of a program that ended; doubled until one lived `STEADY` seconds."""
GRACE = 10.0
"""Seconds between SIGTERM and SIGKILL."""
LOOK_EVERY = 0.02
BLOCK = 64 * 1024
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38

libc = ctypes.CDLL(None, use_errno=True)


def free_port() -> int:
    """A port that nobody has now. If somebody is quicker than the program, its next start gets another."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """What is kept running.

    Attributes:
        pid: Its first process; None between two starts.
        starts: How often it was started.
        since: When it was started last.
        last_exit: How it ended the last time.
        given: The port that it was told to listen on.
    """

    def __init__(self, folder: Path, spec: dict[str, Any], log: Journal, begun: Callable[[], None]) -> None:
        self._folder, self._spec, self._log, self._begun = folder, spec, log, begun
        self.pid: int | None = None
        self.starts, self.given = 0, 0
        self.since: float | None = None
        self.last_exit = ""
        self._end = asyncio.Event()
        self._status: asyncio.Future[int] | None = None

    async def keep(self) -> None:
        """Start it, and again whenever it ends, until `end`."""
        pause = FIRST_PAUSE
        while not self._end.is_set():
            began = time.monotonic()
            await self._once()
            if time.monotonic() - began > STEADY:
                pause = FIRST_PAUSE
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _once(self) -> None:
        loop = asyncio.get_running_loop()
        read, write = os.pipe()
        os.set_blocking(read, False)
        self.given = int(self._spec.get("port") or free_port())
        kills = self._out_of_memory()
        self._status = loop.create_future()
        self.pid = self._fork(write)
        os.close(write)
        self.starts, self.since = self.starts + 1, time.time()
        self._begun()
        loop.add_reader(read, self._hear, read)
        status = await self._status
        self.pid, self.since = None, None
        self.last_exit = ending(status, out_of_memory=self._out_of_memory() > kills)
        await self._sweep()  # it may hold the port, or the log
        loop.remove_reader(read)
        while self._hear(read):
            pass
        self._log.flush()
        os.close(read)

    def _hear(self, read: int) -> bool:
        try:
            block = os.read(read, BLOCK)
        except BlockingIOError:
            return False
        if block:
            self._log.feed(block)
        else:
            asyncio.get_running_loop().remove_reader(read)
        return bool(block)

    def reap(self) -> None:
        """Take note of every process of ours that ended: the program, and what it left to us."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                if ended[0] == self.pid and self._status is not None and not self._status.done():
                    self._status.set_result(ended[1])

    def _fork(self, write: int) -> int:
        words = [self._filled(word) for word in self._spec["words"]]
        env: dict[str, str] = dict(self._spec["env"])
        env |= {name: self._filled(text) for name, text in self._spec["ports"].items()}
        env |= {"PORT": str(self.given), tree.MARK: str(self._folder)}
        parent = os.getpid()
        pid = os.fork()
        if pid:
            return pid
        try:
            self._become(parent, write)
            os.execvpe(words[0], words, env)  # noqa: S606 - words, and no shell: that is the point
        except BaseException as error:  # noqa: BLE001 - nothing of the shim may go on in the new process
            os.write(write, f"It cannot be started: {error}\n".encode())
        os._exit(127)

    def _become(self, parent: int, write: int) -> None:
        os.setsid()
        for place in self._spec["groups"]:
            with contextlib.suppress(OSError):
                Path(place, "cgroup.procs").write_text("0")
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, tuple(self._spec["files"]))
        if self._spec.get("user"):
            uid, gid = self._spec["user"]
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        libc.prctl(
            PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0
        )  # a change of the user forgets it: after that
        if os.getppid() != parent:
            os._exit(1)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.dup2(write, 1)
        os.dup2(write, 2)
        os.umask(0o077)
        os.chdir(self._spec["cwd"])
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)

    def _filled(self, text: str) -> str:
        return text.replace("{port}", str(self.given)).replace("{host}", "127.0.0.1")

    def _out_of_memory(self) -> int:
        """How many processes the kernel has killed for want of memory in its control groups."""
        count = 0
        for place in self._spec["groups"]:
            for file in ("memory.events", "memory.oom_control"):  # of version 2, of version 1
                with contextlib.suppress(OSError):
                    for line in Path(place, file).read_text().splitlines():
                        name, _, number = line.partition(" ")
                        count += int(number) if name == "oom_kill" else 0
        return count

    async def end(self) -> None:
        """SIGTERM, and after a while SIGKILL, for all of it."""
        self._end.set()
        # Bubblewrap would take its child down with SIGKILL.
        tree.signal_all(
            (pid for pid in tree.below(os.getpid()) if tree.name_of(pid) != "bwrap"), signal.SIGTERM
        )
        deadline = time.monotonic() + GRACE
        while self.pid and time.monotonic() < deadline:
            await asyncio.sleep(LOOK_EVERY)
        await self._sweep()

    async def _sweep(self) -> None:
        """Kill everything below the shim, and wait until it is gone."""
        deadline = time.monotonic() + GRACE  # what hangs in the kernel is not waited for
        while (pids := tree.below(os.getpid())) and time.monotonic() < deadline:
            tree.signal_all(pids, signal.SIGKILL)
            self.reap()
            await asyncio.sleep(0 if self.pid is None else LOOK_EVERY)


def ending(status: int, *, out_of_memory: bool = False) -> str:
    """A wait status, as the end of a sentence about the program."""
    code = os.waitstatus_to_exitcode(status)
    if out_of_memory and code in (-signal.SIGKILL, 128 + signal.SIGKILL):
        return "was killed: out of memory"
    more = " after a part of it was killed: out of memory" if out_of_memory else ""
    if code >= 0:
        return f"ended with code {code}{more}"
    try:
        return f"was killed by {signal.Signals(-code).name}{more}"
    except ValueError:
        return f"was killed by signal {-code}{more}"
