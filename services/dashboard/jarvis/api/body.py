"""The body of a request, piece by piece.

The web server (granian) gives a body by a call that waits until the bytes asked for are there, for as long
as it takes. It cannot be called off: a thread of its own that is left waiting makes the whole process stand
still. So a sender that stops holds one thread of the server until its connection ends; only who has a token
gets that far.
"""

from collections.abc import Generator
from contextlib import closing

from flask import request

from jarvis.errors import BadRequest, TooLarge

PIECE = 256 * 1024


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
        BadRequest: The connection broke before all announced bytes came.
    """
    size = announced()
    if size == 0 or (size is None and "wsgi.input_terminated" not in request.environ):
        return
    stream = request.environ["wsgi.input"]
    got = 0
    while got != size:
        piece: bytes = stream.read(PIECE if size is None else min(PIECE, size - got))
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
        BadRequest: The connection broke.
    """
    found = bytearray()
    with closing(pieces()) as body:
        for piece in body:
            found += piece
            if len(found) > most:
                raise TooLarge("The JSON body has more than 1 MiB.", "Files go to POST /api/v1/artifacts.")
    return bytes(found)
