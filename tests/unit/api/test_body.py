"""The body of a request, and an end to waiting for it."""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from flask import Flask

from caddy_lab import poll
from jarvis.api import body
from jarvis.api.body import PIECE, Stalled, pieces, whole
from jarvis.errors import BadRequest, TooLarge, Unavailable

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


def read(stream: Any, announced: int | None, patience: float | None = None) -> list[bytes]:
    """All pieces of a request's body."""
    environ: dict[str, Any] = {"wsgi.input": stream, "CONTENT_LENGTH": str(announced)}
    if announced is None:
        environ |= {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    with (
        APP.test_request_context("/", method="POST", environ_overrides=environ),
        closing(pieces(patience)) as found,
    ):
        return list(found)


@pytest.fixture
def readers() -> Iterator[Callable[[], int]]:
    """How many threads read a body now; none is left at the end."""
    count = lambda: sum(thread.name == "body" for thread in threading.enumerate())  # noqa: E731 - asked again and again
    yield count
    assert poll(lambda: count() == 0), "a thread still reads"


def test_it_works(readers: Callable[[], int]) -> None:
    content = bytes(range(256)) * 4096
    for announced in (len(content), None):
        found = read(io.BytesIO(content), announced)
        assert b"".join(found) == content
        assert {len(piece) for piece in found} == {PIECE}


def test_no_more_is_read_than_was_announced(readers: Callable[[], int]) -> None:
    stream = io.BytesIO(b"body and the next request")
    assert read(stream, 4) == [b"body"]
    assert stream.read() == b" and the next request"


def test_nothing_is_asked_for_where_nothing_was_announced(readers: Callable[[], int]) -> None:
    stream = Slow()
    assert read(stream, 0) == []
    with APP.test_request_context(
        "/", method="POST", environ_overrides={"wsgi.input": stream, "CONTENT_LENGTH": ""}
    ):
        assert list(pieces()) == []
    assert stream.asked == 0


def test_a_body_that_breaks_off_is_refused(readers: Callable[[], int]) -> None:
    with pytest.raises(BadRequest, match="after 4 of 8 bytes"):
        read(io.BytesIO(b"half"), 8)


@pytest.mark.parametrize("first", [b"", b"some"])
def test_a_sender_that_stops_is_told_so(readers: Callable[[], int], first: bytes) -> None:
    stream = Slow(first)
    with pytest.raises(Stalled, match=r"for 0\.01 seconds") as caught:
        read(stream, 100, patience=0.01)
    assert (caught.value.status, caught.value.transient) == (408, True)
    assert readers() == 1  # it waits for the connection to end, and ends with it
    stream.gone.set()


def test_a_fault_while_reading_is_raised_where_the_pieces_are_used(readers: Callable[[], int]) -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1, /) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        read(Broken(), 8)


def test_whoever_stops_taking_pieces_stops_the_reading(readers: Callable[[], int]) -> None:
    stream = io.BytesIO(b"x" * PIECE * 50)
    environ = {"wsgi.input": stream, "CONTENT_LENGTH": str(PIECE * 50)}
    with APP.test_request_context("/", method="POST", environ_overrides=environ), closing(pieces()) as found:
        next(found)
    assert poll(lambda: readers() == 0)
    assert stream.tell() <= PIECE * (body.AHEAD + 3)


def test_too_many_at_once_are_asked_to_come_again(
    readers: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "_readers", threading.BoundedSemaphore(1))
    stream = Slow()
    with pytest.raises(Stalled):
        read(stream, 100, patience=0.01)
    with pytest.raises(Unavailable) as caught:
        read(io.BytesIO(b"body"), 4)
    assert caught.value.transient
    stream.gone.set()
    assert poll(lambda: readers() == 0)
    assert read(io.BytesIO(b"body"), 4) == [b"body"]


def test_a_small_body_is_read_whole_and_a_large_one_refused(readers: Callable[[], int]) -> None:
    def get(size: int) -> bytes:
        environ = {"wsgi.input": io.BytesIO(b"x" * size), "CONTENT_LENGTH": str(size)}
        with APP.test_request_context("/", method="POST", environ_overrides=environ):
            return whole(10)

    assert get(10) == b"x" * 10
    with pytest.raises(TooLarge):
        get(11)
