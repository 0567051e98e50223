"""All of a shim together: its sockets, what it answers, how it ends."""

import asyncio
import contextlib
import ctypes
import json
import os
import resource
import shutil
import signal
import time
from pathlib import Path
from typing import Any

from jarvis.runtimes.shim import tree
from jarvis.runtimes.shim.journal import Journal
from jarvis.runtimes.shim.place import Place
from jarvis.runtimes.shim.program import Program
from jarvis.runtimes.shim.relay import Front, Relay

Json = dict[str, Any]

BACKLOG = 4096
LAST_CALL = 0.2
"""Seconds for connections that the kernel has taken and we have not, after the socket's name is gone."""
LOOK_EVERY = 0.05
LOST_EVERY = 60.0
"""Seconds between two looks whether our folder is still there."""
PR_SET_CHILD_SUBREAPER = 36


class Keeper:
    """One instance."""

    def __init__(self, folder: Path, spec: Json) -> None:
        self._folder, self._spec = folder, spec
        words = spec["words"]
        targets = [(str(host), int(port)) for host, port in spec.get("targets") or ()]
        log = Journal(folder / "log")
        self._program = Program(folder, spec, log, self._begun) if words else None
        self._place = Place(self._program, targets)
        self._relay = Relay(self._place)
        self._front: asyncio.AbstractServer | None = None
        self._deadline: float | None = None
        self._over = asyncio.Event()
        self._ends: asyncio.Task[None] | None = None

    def _begun(self) -> None:
        self._place.forget()

    async def run(self) -> None:
        """Until it was told to end."""
        loop = asyncio.get_running_loop()
        os.umask(0o177)
        self._front = await loop.create_unix_server(lambda: Front(self._relay), "sock", backlog=BACKLOG)
        control = await asyncio.start_unix_server(self._answer, "ctl.sock")
        os.umask(0o077)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop, 0.0)
        Path("shim.pid").write_text(str(os.getpid()))
        keeping = None
        if self._program:
            loop.add_signal_handler(signal.SIGCHLD, self._program.reap)
            keeping = loop.create_task(self._program.keep())
            keeping.add_done_callback(lambda task: None if task.cancelled() else self.stop(0.0))
        lost = loop.create_task(self._lost())
        await self._over.wait()
        lost.cancel()
        control.close()
        if keeping:
            keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeping

    async def _lost(self) -> None:
        """End when our folder was deleted beneath us: nobody can reach the program any more, nor end it."""
        while Path("ctl.sock").exists():
            await asyncio.sleep(LOST_EVERY)
        self.stop(0.0)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One question as a line of JSON, one answer."""
        try:
            asked = json.loads(await reader.readline())
            if asked["op"] == "stop":
                self.stop(float(asked["drain"]))
            if asked["op"] == "aim":
                self._place.aim([(str(host), int(port)) for host, port in asked["targets"]])
            answer = await self._status()
        except (ValueError, KeyError, TypeError) as error:
            answer = {"error": str(error)}
        with contextlib.suppress(OSError):
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def _status(self) -> Json:
        program = self._program
        listens = await self._place.listens()
        found = self._place.look()
        pids = tree.below(os.getpid())
        memory, seconds = tree.usage(pids)
        return {
            "running": program is None or program.pid is not None,
            "pid": program.pid if program else None,
            "starts": program.starts if program else 1,
            "since": program.since if program else None,
            "last_exit": program.last_exit if program else "",
            "connections": len(self._relay.open),
            "port": found[0][1] if found else 0,
            "ports": self._place.others(),
            "listening": listens,
            "draining": self._ends is not None,
            "pids": pids,
            "memory": memory,
            "cpu_seconds": seconds,
        }

    def stop(self, drain: float) -> None:
        """Take nothing more; end when open connections have ended, or after so many seconds.

        A second word may shorten the time, never lengthen it.
        """
        deadline = time.monotonic() + drain
        self._deadline = deadline if self._deadline is None else min(self._deadline, deadline)
        if self._ends is None:
            self._ends = asyncio.get_running_loop().create_task(self._end())

    async def _end(self) -> None:
        Path("sock").unlink(missing_ok=True)
        await self._wait(LAST_CALL)
        if self._front:
            self._front.close()
        while self._relay.open and self._left() > 0:
            await asyncio.sleep(LOOK_EVERY)
        if self._program:
            await self._program.end()
        self._relay.close()
        for place in self._spec["groups"]:
            with contextlib.suppress(OSError):
                Path(place).rmdir()
        # One rename, so that nobody who starts it anew meanwhile loses a file of his.
        gone = self._folder.with_name(f".{self._folder.name}.gone")
        shutil.rmtree(gone, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            self._folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
        self._over.set()

    def _left(self) -> float:
        return (self._deadline or 0.0) - time.monotonic()

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, min(seconds, self._left())))


def keep(folder: Path) -> None:
    """Keep the program of the instance in `folder`, which we work in, until it is told to end."""
    spec = json.loads(Path("spec.json").read_text(encoding="utf-8"))
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    spec["files"] = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = spec["files"][1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # two for each connection
    asyncio.run(Keeper(folder, spec).run())
