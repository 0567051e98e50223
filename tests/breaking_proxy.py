"""A connection that breaks: passes bytes on to a server, and cuts the line after a number of them."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress

PIECE = 64 * 1024


class BreakingProxy:
    """Listens on a port of its own.

    Attributes:
        cuts: For each coming connection that carries more than so many bytes to the server: where it breaks.
            Connections after the last one are left whole.
        broken: How many were cut.
    """

    def __init__(self, port: int, cuts: list[int]) -> None:
        self.cuts = cuts
        self.broken = 0
        self._target = port
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                self._ends += [client, server]
                for source, target, up in ((client, server, True), (server, client, False)):
                    thread = threading.Thread(target=self._pass, args=(source, target, up), daemon=True)
                    self._threads.append(thread)
                    thread.start()

    def close(self) -> None:
        """Listen no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(30)
        for end in self._ends:
            end.close()

    def _pass(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        passed = 0
        with suppress(OSError):
            while piece := source.recv(PIECE):
                passed += len(piece)
                if up and self.cuts and passed > self.cuts[0]:
                    self.cuts.pop(0)
                    self.broken += 1
                    break
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def breaking(port: int, cuts: list[int]) -> Generator[BreakingProxy]:
    """A proxy before `port`."""
    proxy = BreakingProxy(port, cuts)
    threading.Thread(target=proxy.serve, daemon=True).start()
    try:
        yield proxy
    finally:
        proxy.close()
