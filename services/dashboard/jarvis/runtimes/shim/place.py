"""Where the program really listens: many do not care for PORT."""

import asyncio
import contextlib
import os
import time
from collections.abc import Sequence

from jarvis.runtimes.shim import side, tree
from jarvis.runtimes.shim.program import Program
from jarvis.runtimes.shim.relay import Half
from jarvis.runtimes.shim.tree import Address

LOOK_EVERY = 0.05
UNSURE = 1.0
"""Seconds for which another port than the given one is believed: some open one for themselves first."""
CONNECT_WITHIN = 2.0
OUT, OUT_SILENT = 2.0, 10.0
"""Seconds for which a place that refused a connection is tried last, and one that said nothing: to try that
one costs somebody `CONNECT_WITHIN`."""


class Place:
    """Found in the tables of the kernel, among the sockets of the program's processes.

    Args:
        program: Whose; None when connections go to `targets`.
        targets: Fixed places that take turns. One that does not take a connection is left out for a while.
    """

    def __init__(self, program: Program | None, targets: Sequence[Address] = ()) -> None:
        self._program = program
        self._found = list(targets)
        self._fixed = program is None
        self._turn = 0
        self._out: dict[Address, float] = {}
        self._until = 0.0
        self._seen_beside = 0.0
        self._others: list[int] = []
        self._proved: list[Address] = []
        self._search: asyncio.Task[None] | None = None

    def forget(self) -> None:
        """A program that was started again may listen elsewhere."""
        if not self._fixed:
            self._found, self._proved, self._seen_beside = [], [], 0.0

    def aim(self, targets: Sequence[Address]) -> None:
        """Connections go to these places from now on; those that are open stay where they are."""
        self._found = list(targets)
        self._out = {one: until for one, until in self._out.items() if one in self._found}

    def look(self) -> list[Address]:
        """The addresses of its port as it is now; none while it does not listen."""
        if self._program is None or self._fixed:
            return self._found
        found = tree.listening(tree.below(os.getpid()))
        ports = {port for _, port in found}
        given = self._program.given
        self._others = sorted(ports - {given})
        port = given if given in ports else side.main(ports)
        if port in side.PORTS and port != given:
            self._seen_beside = self._seen_beside or time.monotonic()
            port = port if time.monotonic() - self._seen_beside > side.WAIT else 0
        self._found = [one for one in found if one[1] == port]
        self._until = float("inf") if port == given else time.monotonic() + UNSURE
        return self._found

    def others(self) -> list[int]:
        """Ports at which it was seen last, but for the one that it was given."""
        return self._others

    async def connect(self, half: Half) -> bool:
        """Join `half` to the program, as soon as it listens; False when it refused."""
        if not self._found or (time.monotonic() > self._until and not self._fixed):
            if self._search is None or self._search.done():  # one search for all that wait
                self._search = asyncio.get_running_loop().create_task(self._seek())
            await asyncio.shield(self._search)
        for address in self._order():
            out = OUT
            try:
                async with asyncio.timeout(CONNECT_WITHIN if len(self._found) > 1 else None):
                    await asyncio.get_running_loop().create_connection(lambda: half, *address)
            except TimeoutError:
                out = OUT_SILENT
            except OSError:
                pass
            else:
                self._proved = self._found
                self._out.pop(address, None)
                return True
            if address in self._found:  # others may have been named meanwhile
                self._out[address] = time.monotonic() + out
        self.forget()
        return False

    def _order(self) -> list[Address]:
        """Whom to try: each time another one first, and last those that did not take the last connection."""
        if not self._fixed or len(self._found) < 2:
            return list(self._found)
        self._turn = (self._turn + 1) % len(self._found)
        turned = self._found[self._turn :] + self._found[: self._turn]
        now = time.monotonic()
        order = sorted(turned, key=lambda address: self._out.get(address, 0.0) > now)
        if order[0] in self._out:  # one tries whether it is there again; the others do not wait with him
            self._out[order[0]] = now + OUT
        return order

    async def _seek(self) -> None:
        while not self.look():
            await asyncio.sleep(LOOK_EVERY)

    async def listens(self) -> bool:
        """Does it take connections? A program that took one before is believed while its socket is there."""
        found = self.look()
        if found and found == self._proved and not self._fixed:
            return True
        for address in found:
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(CONNECT_WITHIN):
                    _, writer = await asyncio.open_connection(*address)
                writer.close()
                self._proved = found
                return True
        return False
