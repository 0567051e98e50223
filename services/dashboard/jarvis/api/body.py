"""The body of a request, piece by piece, with an end to waiting.

The web server (granian) gives a body by a call that waits until all bytes asked for are there, for as long as
it takes, and cannot be called off. So a thread of its own waits, and the request waits for that thread, but
not for ever. A sender that stops is answered with 408; its thread ends when its connection does.
"""

import threading
from collections.abc import Generator
from contextlib import closing
from queue import Empty, Full, Queue
from typing import Any

from flask import request

from jarvis.errors import BadRequest, JarvisError, TooLarge, Unavailable

PIECE = 256 * 1024
PATIENCE = 60.0
"""Seconds for one piece: who sends less than 256 KiB a minute has stopped, or wants us to wait for ever."""
AHEAD = 4
"""Pieces that are read while one is worked on."""
MOST = 512
"""Bodies that are read or waited for at once, those of connections that stopped included."""

_readers = threading.BoundedSemaphore(MOST)


class Stalled(JarvisError):
    """The sender stopped in the middle of a body."""

    code = "request_timeout"
    status = 408
    transient = True


def announced() -> int | None:
    """The bytes that the sender says it will send; None when it does not say."""
    return request.content_length


def has_no_measure() -> bool:
    """Whether a body comes of which nobody says how long it is."""
    streamed = "Transfer-Encoding" in request.headers or request.environ.get("SERVER_PROTOCOL") == "HTTP/2"
    return announced() is None and streamed


def pieces(patience: float | None = None) -> Generator[bytes]:
    """The request's body.

    Args:
        patience: Seconds to wait for the next piece.

    Raises:
        Stalled: It did not come.
        BadRequest: The connection broke before all announced bytes came.
        Unavailable: Too many bodies are waited for.
    """
    size = announced()
    if size == 0 or (size is None and "wsgi.input_terminated" not in request.environ):
        return
    got = 0
    with closing(
        _ahead(request.environ["wsgi.input"], size, PATIENCE if patience is None else patience)
    ) as body:
        for piece in body:
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


def _ahead(stream: Any, size: int | None, patience: float) -> Generator[bytes]:
    """Read in a thread; the last piece is empty."""
    if not _readers.acquire(blocking=False):
        raise Unavailable("Too many uploads are waited for.", "Try again in a minute.")
    queue: Queue[bytes | BaseException] = Queue(AHEAD)
    over = threading.Event()

    def read() -> None:
        try:
            _read(stream, size, queue, over)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised where the pieces are used
            _put(error, queue, over)
        finally:
            _readers.release()

    threading.Thread(target=read, name="body", daemon=True).start()
    try:
        while piece := _next(queue, patience):
            yield piece
    finally:
        over.set()


def _next(queue: "Queue[bytes | BaseException]", patience: float) -> bytes:
    try:
        item = queue.get(timeout=patience)
    except Empty:
        raise Stalled(
            f"No more bytes came for {patience:g} seconds.",
            "Send it again. What POST /api/v1/uploads began can go on where it stopped.",
        ) from None
    if isinstance(item, BaseException):
        raise item
    return item


def _read(
    stream: Any, size: int | None, queue: "Queue[bytes | BaseException]", over: threading.Event
) -> None:
    left = size
    while not over.is_set():
        piece: bytes = stream.read(PIECE if left is None else min(PIECE, left)) if left != 0 else b""
        _put(piece, queue, over)
        if not piece:
            return
        if left is not None:
            left -= len(piece)


def _put(item: bytes | BaseException, queue: "Queue[bytes | BaseException]", over: threading.Event) -> None:
    """Hand over a piece, unless nobody wants it any more."""
    while not over.is_set():
        try:
            queue.put(item, timeout=1.0)
        except Full:
            continue
        return
