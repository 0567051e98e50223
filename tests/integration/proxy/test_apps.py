"""Hosts that lead to a program: real Caddy, real backends on unix sockets."""

import gzip
import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from caddy_lab import CaddyLab, poll
from jarvis.proxy import front, site
from socket_backend import Backend

HOST = "app.localhost"
SIZE = 20_000


def made(home: Path, **more: Any) -> CaddyLab:
    """A Caddy that runs where the product lets it run."""
    return CaddyLab(home, wrap=lambda words: ["env", "-C", str(home / "www"), *words], **more)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaddyLab]:
    with made(tmp_path_factory.mktemp("apps")) as running:
        yield running


@pytest.fixture
def backend() -> Iterator[Backend]:
    running = Backend("first")
    yield running
    running.close()


@pytest.fixture
def second() -> Iterator[Backend]:
    running = Backend("second")
    yield running
    running.close()


def lead(lab: CaddyLab, target: Path, *, release: str = "r1", host: str = HOST) -> None:
    folder = lab.home / "releases" / "app" / release
    front.make(folder, release, target)
    site.publish(lab.www, service="app", hosts=[host], release=folder)


def test_it_works(lab: CaddyLab, backend: Backend):
    lead(lab, backend.path)
    assert lab.get(HOST).body == b"first"
    assert lab.get(HOST, "/a%2Fb/../c?d=e%20f").status == 200
    assert poll(lambda: "GET /a%2Fb/../c?d=e%20f" in "".join(backend.seen)), backend.seen


def test_every_method_and_its_body_pass(lab: CaddyLab, backend: Backend):
    lead(lab, backend.path)
    body = bytes(range(256)) * 4000
    connection = HTTPConnection("127.0.0.1", lab.port, timeout=30)
    connection.request("POST", "/", body, {"Host": HOST})
    assert connection.getresponse().read() == hashlib.sha256(body).hexdigest().encode()
    connection.close()
    for method in ("DELETE", "OPTIONS", "HEAD"):
        assert lab.get(HOST, method=method).status == 200


def test_an_answer_is_the_programs_own(lab: CaddyLab, backend: Backend):
    lead(lab, backend.path)
    headers = lab.get(HOST).headers
    assert headers["last-modified"].startswith("Mon, 01 Jan")
    assert headers["server"] == "mine"
    assert not {"via", "cache-control", "x-content-type-options"} & set(headers)
    plain = lab.get(HOST, "/headers", Accept_Encoding="gzip, zstd")
    assert not {"server", "content-encoding"} & set(plain.headers)
    packed = lab.get(HOST, "/gzip", Accept_Encoding="gzip, zstd")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == b"x" * 5000


def test_where_a_visitor_comes_from_is_what_the_proxy_knows(lab: CaddyLab, backend: Backend):
    lead(lab, backend.path)
    said = lab.get(
        f"App.Localhost.:{lab.port}",
        "/headers",
        X_Forwarded_For="6.6.6.6",
        X_Forwarded_Proto="https",
        X_Forwarded_Host="bank",
        X_Forwarded_Port="1",
        X_Forwarded_Prefix="/evil",
        X_Real_IP="6.6.6.6",
        Forwarded="for=6.6.6.6",
    ).body.decode()
    lines = set(said.splitlines())
    assert {
        f"host: {HOST}:{lab.port}",
        "x-forwarded-for: 127.0.0.1",
        "x-forwarded-proto: http",
        f"x-forwarded-host: {HOST}:{lab.port}",
    } <= lines
    assert not any(
        word in said for word in ("6.6.6.6", "bank", "evil", "x-forwarded-port", "accept-encoding")
    )


def test_the_proxy_says_itself_which_release_it_is(lab: CaddyLab, backend: Backend):
    lead(lab, backend.path, release="r7")
    reply = lab.get(HOST, "/.well-known/jarvis-release", If_None_Match="*", Range="bytes=0-0")
    assert (reply.status, reply.body) == (200, b"r7")
    assert reply.headers["cache-control"] == "no-store"
    assert not {"etag", "last-modified", "server"} & set(reply.headers)
    assert lab.get(HOST, "/.well-known/jarvis-release", method="HEAD").status == 200
    assert backend.seen == []
    assert lab.get(HOST, "/.well-known/security.txt").body == b"first"


@pytest.mark.parametrize(
    "path",
    [
        "/.jarvis-app",
        "/.jarvis-sock",
        "//.jarvis-app",
        "/%2ejarvis-app",
        "/.JARVIS-APP",
        "/./.jarvis-app",
        "/x/../.jarvis-app",
        "/%2e%2fjarvis-app",
        "/.jarvis-app/",
        "/.well-known/",
        "/.well-known/../.jarvis-app",
        "/.well-known/%2e%2e/.jarvis-sock",
        "/.well-known/jarvis-release/",
        "/.well-known/jarvis-release/../../.jarvis-app",
        "/current/.jarvis-app",
    ],
)
def test_no_file_of_the_folder_is_handed_out(lab: CaddyLab, backend: Backend, path: str):
    lead(lab, backend.path)
    reply = lab.get(HOST, path)
    assert (reply.status, reply.body) == (200, b"first")


def test_without_a_socket_there_is_a_page_after_a_wait(lab: CaddyLab, tmp_path: Path):
    lead(lab, tmp_path / "none")
    began = time.monotonic()
    reply = lab.get(HOST, "/.jarvis-app")
    assert reply.status == 502
    assert reply.body.count(b"Something went wrong") == 2
    assert reply.headers["cache-control"] == "no-store"
    assert time.monotonic() - began > 2.5
    assert lab.get(HOST, "/.well-known/jarvis-release").body == b"r1"


def test_a_program_that_is_started_again_costs_a_wait_and_no_error(
    lab: CaddyLab, backend: Backend, tmp_path: Path
):
    late = tmp_path / "late"
    lead(lab, late)
    body = b"once" * 50_000
    answers: list[bytes] = []

    def post() -> None:
        connection = HTTPConnection("127.0.0.1", lab.port, timeout=30)
        connection.request("POST", "/", body, {"Host": HOST})
        answers.append(connection.getresponse().read())
        connection.close()

    visitor = threading.Thread(target=post)
    visitor.start()
    visitor.join(0.5)  # it must still wait
    assert answers == []
    late.symlink_to(backend.path)
    visitor.join()
    assert answers == [hashlib.sha256(body).hexdigest().encode()]


def test_a_request_that_reached_the_program_is_not_sent_twice(lab: CaddyLab, backend: Backend):
    lead(lab, backend.path)
    assert lab.get(HOST, "/drop").status == 502
    assert backend.seen == ["GET /drop"]


def test_a_host_as_long_as_a_sockets_path_allows(lab: CaddyLab, backend: Backend):
    host = "a" * 60 + "." + "b" * (front.LONGEST_HOST - 61)
    assert len(host) == front.LONGEST_HOST
    lead(lab, backend.path, host=host)
    assert lab.get(host).body == b"first"


def upgraded(lab: CaddyLab) -> socket.socket:
    wire = socket.create_connection(("127.0.0.1", lab.port), timeout=30)
    head = f"GET /ws HTTP/1.1\r\nHost: {HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    wire.sendall(f"{head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n".encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += wire.recv(1)
    assert answer.startswith(b"HTTP/1.1 101"), answer
    return wire


def test_a_websocket_outlives_a_switch(lab: CaddyLab, backend: Backend, second: Backend):
    lead(lab, backend.path)
    with upgraded(lab) as wire:
        wire.sendall(b" a")
        assert wire.recv(100) == b"first a"
        lead(lab, second.path, release="r2")
        assert lab.get(HOST).body == b"second"
        wire.sendall(b" b")
        assert wire.recv(100) == b"first b"


def test_events_arrive_at_once(lab: CaddyLab, backend: Backend):
    lead(lab, backend.path)
    connection = HTTPConnection("127.0.0.1", lab.port, timeout=30)
    connection.request("GET", "/events", headers={"Host": HOST})
    reply = connection.getresponse()
    assert reply.readline() == b"data: one\n"  # the program sends no more until it is told to
    backend.go_on.set()
    assert reply.read() == b"\ndata: two\n\n"
    connection.close()


def test_an_upload_is_passed_on_while_it_comes(lab: CaddyLab, backend: Backend):
    lead(lab, backend.path)
    with socket.create_connection(("127.0.0.1", lab.port), timeout=30) as wire:
        wire.sendall(f"POST /up HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100000\r\n\r\n".encode())
        wire.sendall(b"a" * 50_000)
        assert poll(lambda: backend.taken == 50_000), backend.taken
        wire.sendall(b"a" * 50_000)
        assert b"200 OK" in wire.recv(65536)


def _hasty(config: dict[str, Any]) -> None:
    server = config["apps"]["http"]["servers"]["sites"]
    for name in ("read_header_timeout", "read_idle_timeout", "write_idle_timeout", "idle_timeout"):
        server[name] = "200ms"


def test_what_is_silent_for_long_is_not_cut(tmp_path: Path, backend: Backend):
    with made(tmp_path, change=_hasty) as lab:
        lead(lab, backend.path)
        with upgraded(lab) as wire, ExitStack() as ends:
            open_ones: list[HTTPConnection] = []
            for method, path, body in (
                ("GET", "/events", None),
                ("GET", "/think", None),
                ("POST", "/think", b"a" * 100_000),
            ):
                connection = HTTPConnection("127.0.0.1", lab.port, timeout=30)
                connection.request(method, path, body, {"Host": HOST})
                ends.callback(connection.close)
                open_ones.append(connection)
            backend.go_on.wait(1.0)  # five times as long as the proxy waits for a client
            wire.sendall(b" a")
            assert wire.recv(100) == b"first a"
            backend.go_on.set()
            answers = [connection.getresponse().read() for connection in open_ones]
            assert answers[0].endswith(b"two\n\n")
            assert answers[1] == b"thought"
            assert answers[2] == hashlib.sha256(b"a" * 100_000).hexdigest().encode()


def test_pages_and_programs_follow_each_other_on_one_host(lab: CaddyLab, backend: Backend):
    lead(lab, backend.path)
    connection = HTTPConnection("127.0.0.1", lab.port, timeout=30)

    def ask() -> bytes:
        connection.request("GET", "/", headers={"Host": HOST})
        return connection.getresponse().read()

    assert ask() == b"first"
    lab.site("app", HOST, {"index.html": "pages"}, "pages")
    assert ask() == b"pages"
    assert lab.get(HOST, method="POST").status == 405
    assert lab.get(HOST).headers["cache-control"] == "no-cache"
    lead(lab, backend.path)
    assert ask() == b"first"
    connection.close()


def test_a_home_with_signs_of_a_pattern_works(tmp_path: Path, backend: Backend):
    with made(tmp_path / "a [b]* {c}?") as lab:
        lead(lab, backend.path)
        assert lab.get(HOST).body == b"first"
        assert lab.get(HOST, "/.well-known/jarvis-release").body == b"r1"


def test_switches_under_load_lose_no_request(lab: CaddyLab):
    pages = {b"a" * SIZE, b"b" * SIZE * 2}
    backends = [Backend(page[:1].decode(), page) for page in sorted(pages)]
    lead(lab, backends[0].path, release="r0")
    done = threading.Event()
    failures: list[str] = []
    counts = [0] * 4

    def visit(number: int) -> None:
        headers = {"Host": HOST} | ({"Connection": "close"} if number % 2 else {})
        connection = HTTPConnection("127.0.0.1", lab.port, timeout=30)
        while not done.is_set():
            try:
                connection.request("GET", "/", headers=headers)
                reply = connection.getresponse()
                body = reply.read()
                if reply.status != 200 or body not in pages:
                    failures.append(f"{reply.status}, {len(body)} bytes")
            except (OSError, HTTPException) as error:
                failures.append(repr(error))
                connection.close()
            counts[number] += 1
        connection.close()

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(len(counts))]
    for visitor in visitors:
        visitor.start()
    for turn in range(1, 21):
        lead(lab, backends[turn % 2].path, release=f"r{turn % 2}")
        assert lab.get(HOST).body == backends[turn % 2].page
        seen = sum(counts)
        while sum(counts) < seen + 20 and any(visitor.is_alive() for visitor in visitors):
            done.wait(0.001)
    done.set()
    for visitor in visitors:
        visitor.join()
    for backend in backends:
        backend.close()
    assert failures == []
    assert min(counts) > 0
