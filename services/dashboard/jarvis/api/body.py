"""The body of a request, piece by piece, with an end to waiting."""

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from typing import Any

from flask import request

from jarvis.api.watch import PIECE, Watch
from jarvis.errors import BadRequest, JarvisError, TooLarge

WATCH = Watch()
"""Of this process."""


class Stalled(JarvisError):
    """The sender stopped in the middle of a body."""

    code = "request_timeout"
    status = 408
    transient = True


class Watched:
    """A body that is not waited for without end. What came before its sender stopped is given.

    Args:
        stream: The server's.
        peer: The sender's address.
        port: Our own port.
    """

    def __init__(self, stream: Any, peer: str, port: int) -> None:
        self._stream = stream
        self._peer = peer
        self._port = port
        self._stalled = False

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, and no more than one piece; without a size all of them.

        Raises:
            Stalled: No more came.
        """
        if size is None or size < 0:  # pyright: ignore[reportUnnecessaryComparison] - callers give None
            return b"".join(iter(lambda: self.read(PIECE), b""))
        if self._stalled:
            raise Stalled(
                f"No more bytes came for {WATCH.patience:g} seconds.",
                "Send it again. What POST /api/v1/uploads began can go on where it stopped.",
            )
        with WATCH.wait(self._peer, self._port) as wait:
            piece: bytes = self._stream.read(min(size, PIECE))
        self._stalled = wait.stalled
        return piece if piece or not wait.stalled else self.read(size)


def watched(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """`application` with an end to waiting for bodies, whoever reads them."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        peer, port = environ.get("REMOTE_ADDR", ""), int(environ.get("SERVER_PORT") or 0)
        environ["wsgi.input"] = Watched(environ["wsgi.input"], peer, port)
        return application(environ, start_response)

    return call


def announced() -> int | None:
    """The bytes that the sender says it will send; None when it does not say."""
    return request.content_length


def has_no_measure() -> bool:
    """Whether a body comes of which nobody says how long it is."""
    streamed = "Transfer-Encoding" in request.headers or request.environ.get("SERVER_PROTOCOL") == "HTTP/2"
    return announced() is None and streamed


def pieces() -> Generator[bytes]:
    """The request's body.

    Raises:
        Stalled: No more came.
        BadRequest: The connection broke before all announced bytes came.
    """
    size = announced()
    if size is None and "wsgi.input_terminated" not in request.environ:
        return
    stream = request.environ["wsgi.input"]
    got = 0
    while size is None or got < size:
        piece = stream.read(PIECE if size is None else min(PIECE, size - got))
        if not piece:
            break
        got += len(piece)
        yield piece
    if size is not None and got != size:
        raise BadRequest(
            f"The upload broke off after {got} of {size} bytes.", "Send it again: nothing was kept."
        )


def whole(most: int) -> bytes:
    """The body of a request that has at most `most` bytes.

    Raises:
        TooLarge: It has more.
        JarvisError: As `pieces` raises.
    """
    found = bytearray()
    with closing(pieces()) as body:
        for piece in body:
            found += piece
            if len(found) > most:
                raise TooLarge("The JSON body has more than 1 MiB.", "Files go to POST /api/v1/artifacts.")
    return bytes(found)
