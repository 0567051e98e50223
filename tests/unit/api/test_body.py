"""The body of a request, and an end to waiting for it."""

import io
import threading
from contextlib import closing
from typing import Any

import pytest
from flask import Flask

from jarvis.api.body import PIECE, pieces, whole
from jarvis.errors import BadRequest, TooLarge

APP = Flask(__name__)


class Slow(io.RawIOBase):
    """A connection that gives some bytes and then says nothing until it is let go."""

    def __init__(self, first: bytes = b"") -> None:
        self.first = first
        self.gone = threading.Event()
        self.asked = 0

    def read(self, size: int = -1, /) -> bytes:
        self.asked += 1
        if self.first:
            given, self.first = self.first, b""
            return given
        self.gone.wait()
        return b""


def read(stream: Any, announced: int | None) -> list[bytes]:
    """All pieces of a request's body."""
    environ: dict[str, Any] = {"wsgi.input": stream, "CONTENT_LENGTH": str(announced)}
    if announced is None:
        environ |= {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    with (
        APP.test_request_context("/", method="POST", environ_overrides=environ),
        closing(pieces()) as found,
    ):
        return list(found)


def test_it_works() -> None:
    content = bytes(range(256)) * 4096
    for announced in (len(content), None):
        found = read(io.BytesIO(content), announced)
        assert b"".join(found) == content
        assert {len(piece) for piece in found} == {PIECE}


def test_no_more_is_read_than_was_announced() -> None:
    stream = io.BytesIO(b"body and the next request")
    assert read(stream, 4) == [b"body"]
    assert stream.read() == b" and the next request"


def test_nothing_is_asked_for_where_nothing_was_announced() -> None:
    stream = Slow()
    assert read(stream, 0) == []
    with APP.test_request_context(
        "/", method="POST", environ_overrides={"wsgi.input": stream, "CONTENT_LENGTH": ""}
    ):
        assert list(pieces()) == []
    assert stream.asked == 0


def test_a_body_that_breaks_off_is_refused() -> None:
    with pytest.raises(BadRequest, match="after 4 of 8 bytes"):
        read(io.BytesIO(b"half"), 8)


def test_a_fault_while_reading_is_raised_where_the_pieces_are_used() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1, /) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        read(Broken(), 8)


def test_a_small_body_is_read_whole_and_a_large_one_refused() -> None:
    def get(size: int) -> bytes:
        environ = {"wsgi.input": io.BytesIO(b"x" * size), "CONTENT_LENGTH": str(size)}
        with APP.test_request_context("/", method="POST", environ_overrides=environ):
            return whole(10)

    assert get(10) == b"x" * 10
    with pytest.raises(TooLarge):
        get(11)
