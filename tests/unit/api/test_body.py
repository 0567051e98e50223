"""The body of a request, and an end to waiting for it."""

import io
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from flask import Flask, request

from jarvis.api import body
from jarvis.api.body import Stalled, Watched, pieces, watched, whole
from jarvis.api.watch import PIECE, Wait, Watch
from jarvis.errors import BadRequest, TooLarge

APP = Flask(__name__)


class Impatient(Watch):
    """Its second wait is ended."""

    def __init__(self) -> None:
        super().__init__(7.0)
        self.count = 0

    @contextmanager
    def wait(self, peer: str, port: int) -> Generator[Wait]:
        self.count += 1
        yield Wait(peer, port, 0.0, stalled=self.count == 2)


def read(stream: Any, announced: int | None) -> list[bytes]:
    """All pieces of a request's body."""
    environ: dict[str, Any] = {
        "wsgi.input": Watched(stream, "192.0.2.1", 80),
        "CONTENT_LENGTH": str(announced),
    }
    if announced is None:
        environ |= {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    with APP.test_request_context("/", method="POST", environ_overrides=environ), closing(pieces()) as found:
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


def test_a_body_that_breaks_off_is_refused() -> None:
    with pytest.raises(BadRequest, match="after 4 of 8 bytes"):
        read(io.BytesIO(b"half"), 8)


@pytest.mark.parametrize("last", [b"", b"the last bytes"])
def test_a_sender_that_stops_is_told_so_and_what_came_is_given(
    monkeypatch: pytest.MonkeyPatch, last: bytes
) -> None:
    monkeypatch.setattr(body, "WATCH", Impatient())
    got: list[bytes] = []
    environ = {
        "wsgi.input": Watched(io.BytesIO(b"x" * PIECE + last), "", 0),
        "CONTENT_LENGTH": str(3 * PIECE),
    }
    with (
        APP.test_request_context("/", method="POST", environ_overrides=environ),
        pytest.raises(Stalled, match="for 7 seconds") as caught,
        closing(pieces()) as found,
    ):
        got.extend(found)
    assert b"".join(got) == b"x" * PIECE + last
    assert (caught.value.status, caught.value.transient) == (408, True)


def test_others_who_read_a_body_do_not_wait_for_ever_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def application(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        with APP.request_context(environ):
            yield request.form["a"].encode()

    def ask(announced: int) -> bytes:
        environ = {
            "REQUEST_METHOD": "POST",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(b"a=" + b"1" * 1000),
            "wsgi.input_terminated": True,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(announced),
        }
        return b"".join(watched(application)(environ, None))

    assert ask(1002) == b"1" * 1000
    monkeypatch.setattr(body, "WATCH", Impatient())
    with pytest.raises(Stalled):
        ask(2000)


def test_a_small_body_is_read_whole_and_a_large_one_refused() -> None:
    def get(size: int) -> bytes:
        environ = {"wsgi.input": io.BytesIO(b"x" * size), "CONTENT_LENGTH": str(size)}
        with APP.test_request_context("/", method="POST", environ_overrides=environ):
            return whole(10)

    assert get(0) == b""
    assert get(10) == b"x" * 10
    with pytest.raises(TooLarge):
        get(11)
