"""Passes connections on, both ways: with back-pressure, and with each direction ending by itself."""

import asyncio
import contextlib
from typing import Protocol, cast

LOOK_EVERY = 0.05
WAIT_FOR_PROGRAM = 10.0
"""Seconds that a connection waits for a program that does not listen (yet, or again)."""


class Place(Protocol):
    """Where the program takes connections."""

    async def connect(self, half: "Half") -> bool:
        """Join `half` to it; False when it does not listen now."""
        ...


class Half(asyncio.Protocol):
    """One side of a connection that is passed on; `other` is the far side."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.other: Half | None = None
        self._early: list[bytes] = []
        self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The side is there."""
        self.transport = cast("asyncio.Transport", transport)

    def join(self, other: "Half") -> None:
        """Pass everything on from now on, first what came too early."""
        self.other = other
        if self.transport is None:
            return
        if other.transport is None:
            self.transport.close()
            return
        other.transport.writelines(self._early)
        self._early = []
        self.transport.resume_reading()
        if self._ended:
            self._finish()

    def data_received(self, data: bytes) -> None:
        """Pass it on; before there is a far side, take one block and no more."""
        if self.other is None:
            self._early.append(data)
            if self.transport:
                self.transport.pause_reading()
        elif self.other.transport:
            self.other.transport.write(data)

    def eof_received(self) -> bool:
        """One direction has ended; the other goes on."""
        self._ended = True
        if self.other is not None:
            self._finish()
        return True

    def _finish(self) -> None:
        far = self.other.transport if self.other else None
        if self.transport is None or self.other is None:
            return
        if far is None or far.is_closing():
            self.transport.close()
        elif self.other._ended:
            far.close()
            self.transport.close()
        else:
            with contextlib.suppress(OSError):
                far.write_eof()

    def pause_writing(self) -> None:
        """It takes no more for now: let the far side wait."""
        if self.other and self.other.transport:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        """It takes more again."""
        if self.other and self.other.transport:
            self.other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio names it
        """It is gone: the far side gets what is still on its way, and ends."""
        self.transport = None
        if self.other and self.other.transport:
            self.other.transport.close()


class Front(Half):
    """The side of the proxy."""

    def __init__(self, relay: "Relay") -> None:
        super().__init__()
        self._relay = relay

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection came in."""
        super().connection_made(transport)
        self._relay.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        super().connection_lost(exc)
        self._relay.open.discard(self)


class Relay:
    """Passes the connections of the proxy on to where the program listens.

    Attributes:
        open: The connections that are open.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self.open: set[Front] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def opened(self, front: Front) -> None:
        """A connection came in."""
        self.open.add(front)
        task = asyncio.get_running_loop().create_task(self._reach(front))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """End all connections now."""
        for front in list(self.open):
            if front.transport:
                front.transport.abort()

    async def _reach(self, front: Front) -> None:
        back = Half()
        try:
            async with asyncio.timeout(WAIT_FOR_PROGRAM):
                while front.transport is not None and not await self._place.connect(back):
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            if front.transport:
                front.transport.abort()
            return
        back.join(front)
        front.join(back)
