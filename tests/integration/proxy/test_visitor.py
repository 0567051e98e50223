"""Many questions over one connection; the other side is a socket that says what the test wants."""

import hashlib
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from jarvis.errors import Unavailable
from jarvis.proxy.visitor import Visitor

PAGE = hashlib.sha256(b"hello").hexdigest()
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@contextmanager
def says(*connections: tuple[bytes, ...]) -> Generator[tuple[int, list[bytes]]]:
    """A server: each connection answers one question with each of its words, and is closed then."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def work() -> None:
            for words in connections:
                wire, _ = listener.accept()
                with wire:
                    for word in words:
                        heard.append(wire.recv(65536))
                        wire.sendall(word)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1]), heard
        thread.join(30)


def test_it_works() -> None:
    with says((WHOLE, WHOLE)) as (port, heard), Visitor(port, "127.0.0.1", 5) as visitor:
        answers = [visitor.ask("a.localhost", "/"), visitor.ask("b.localhost", "/x y")]
    assert [(one.status, one.sha256, one.body) for one in answers] == [(200, PAGE, b"hello")] * 2
    assert heard[0].startswith(b"GET / HTTP/1.1\r\nHost: a.localhost\r\n")
    assert heard[1].startswith(b"GET /x%20y HTTP/1.1\r\nHost: b.localhost\r\n")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: 1\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + WHOLE,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello",
    ],
)
def test_an_answer_of_any_form_is_read_to_its_end(answer: bytes) -> None:
    with says((answer,)) as (port, _), Visitor(port, "127.0.0.1", 5) as visitor:
        assert visitor.ask("a.localhost", "/").sha256 == PAGE


def test_a_connection_that_was_closed_meanwhile_is_opened_anew() -> None:
    with says((WHOLE,), (WHOLE,)) as (port, _), Visitor(port, "127.0.0.1", 5) as visitor:
        assert visitor.ask("a.localhost", "/").status == 200
        assert visitor.ask("a.localhost", "/").status == 200


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", b"SSH-2.0\r\n\r\n"]
)
def test_half_an_answer_or_none_is_none(answer: bytes) -> None:
    with (
        says((answer,)) as (port, _),
        Visitor(port, "127.0.0.1", 5) as visitor,
        pytest.raises(Unavailable, match=r"a\.localhost does not answer"),
    ):
        visitor.ask("a.localhost", "/")


def test_nobody_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    with Visitor(port, "127.0.0.1", 5) as visitor, pytest.raises(Unavailable):
        visitor.ask("a.localhost", "/")
