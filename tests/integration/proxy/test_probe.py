"""The proof from outside, against the real proxy."""

import hashlib
import socket
import threading

import pytest

from caddy_lab import CaddyLab, free_port
from jarvis.errors import Unavailable
from jarvis.proxy.probe import BODY_KEPT, probe


def test_it_works(lab: CaddyLab):
    answer = probe("blog.localhost", lab.port, "/")
    assert answer.status == 200
    assert answer.body.startswith(b"<h1>hello</h1>")
    assert answer.sha256 == hashlib.sha256(answer.body).hexdigest()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "content-encoding" not in answer.headers
    assert 0 < answer.seconds < 5


def test_any_status_is_an_answer(lab: CaddyLab):
    assert probe("nobody.localhost", lab.port, "/").status == 404
    assert probe("blog.localhost", lab.port, "/docs").headers["location"] == "/docs/"


def test_a_large_file_is_hashed_whole_and_kept_in_part(lab: CaddyLab):
    content = bytes(range(256)) * 4000
    lab.site("large", "large.localhost", {"film.bin": content})
    answer = probe("large.localhost", lab.port, "/film.bin")
    assert answer.sha256 == hashlib.sha256(content).hexdigest()
    assert answer.body == content[:BODY_KEPT]


def test_nobody_there_is_said_with_name_and_port():
    port = free_port()
    with pytest.raises(Unavailable, match=f"blog.localhost does not answer on port {port}") as refused:
        probe("blog.localhost", port, "/")
    assert refused.value.facts["port"] == port
    assert "refused" in refused.value.facts["cause"]


@pytest.mark.parametrize(
    "script",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    ],
)
def test_half_an_answer_is_none(script: bytes):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            wire, _ = listener.accept()
            with wire:
                wire.recv(65536)
                wire.sendall(script)

        server = threading.Thread(target=serve)
        server.start()
        with pytest.raises(Unavailable):
            probe("a.example", listener.getsockname()[1], "/")
        server.join()


def test_silence_ends_with_the_time_allowed():
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(Unavailable, match="does not answer"),
    ):
        probe("a.example", listener.getsockname()[1], "/", timeout=0.2)


def test_a_path_cannot_smuggle_a_header(lab: CaddyLab):
    with pytest.raises(Unavailable):
        probe("blog.localhost", lab.port, "/ HTTP/1.1\r\nX: y")
