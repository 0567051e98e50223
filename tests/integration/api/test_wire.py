"""Uploads over a real connection to the real web server: senders that stop, break off, or lie."""

import hashlib
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPResponse, RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest

import postgres_lab
import web_lab
from api_lab import V1
from caddy_lab import poll

IMPATIENT = Path(__file__).parents[2] / "impatient"
PIECES = "application/offset+octet-stream"


class Wire:
    """One web process, and what lies in its folder of uploads."""

    def __init__(self, site: web_lab.Site) -> None:
        self.site = site
        self.token = site.seed.token()

    def open(self, method: str, path: str, **headers: str) -> socket.socket:
        """Send the head of a request."""
        lines = [f"{method} {V1}{path} HTTP/1.1", "Host: jarvis", f"Authorization: Bearer {self.token}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        wire = socket.create_connection(("127.0.0.1", self.site.port), timeout=30)
        wire.sendall("\r\n".join([*lines, "", ""]).encode())
        return wire

    def answer(self, wire: socket.socket) -> tuple[int, Any, dict[str, str]]:
        """Status, JSON and headers of what comes back."""
        with closing(HTTPResponse(wire)) as response:
            response.begin()
            raw = response.read()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, json.loads(raw) if raw else None, headers

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, Any, dict[str, str]]:
        with self.open(method, path, Content_Length=str(len(body)), **headers) as wire:
            wire.sendall(body)
            return self.answer(wire)

    def incoming(self) -> list[str]:
        folder = self.site.home / "artifacts/incoming"
        return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []

    def kept(self) -> list[str]:
        return sorted(file.name for file in (self.site.home / "artifacts").rglob("*") if file.is_file())

    def rows(self) -> int:
        return len(self.ask("GET", "/artifacts?limit=200")[1]["items"])


@pytest.fixture(scope="module")
def wire(
    postgres: postgres_lab.Server, engine_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Wire]:
    """A web process with little patience and few threads."""
    name = postgres.create(engine_template)
    home = tmp_path_factory.mktemp("home")
    site = web_lab.Site(postgres.url(name), home)
    site.variables["PYTHONPATH"] = os.pathsep.join([str(IMPATIENT), site.variables["PYTHONPATH"]])
    site.variables["JARVIS_WEB_THREADS"] = "4"
    site.variables["JARVIS_UPLOAD_LIMIT"] = "50000000"
    try:
        site.start()
        yield Wire(site)
    finally:
        site.stop()
        site.database.close()
        postgres.drop(name)


def test_it_works(wire: Wire) -> None:
    content = os.urandom(3_000_000)
    status, row, _ = wire.ask("POST", "/artifacts?filename=a.bin&analyse=false", content)
    assert (status, row["checksum_sha256"]) == (201, hashlib.sha256(content).hexdigest())
    place = f"/artifacts/{row['id']}/content"
    with wire.open("GET", place, Range="bytes=100-2999999") as opened, closing(HTTPResponse(opened)) as part:
        part.begin()
        assert part.status == 206
        assert part.read() == content[100:]


def test_a_sender_that_stops_is_told_so_and_nothing_stays(wire: Wire) -> None:
    before, rows = wire.kept(), wire.rows()
    with wire.open("POST", "/artifacts?filename=a", Content_Length="1000000") as opened:
        opened.sendall(b"x" * 300_000)
        status, problem, headers = wire.answer(opened)
    assert (status, problem["code"]) == (408, "request_timeout")
    assert headers["connection"] == "close"
    assert (wire.kept(), wire.rows()) == (before, rows)


def test_what_came_before_a_sender_stopped_is_gone_on_with(wire: Wire) -> None:
    content = os.urandom(700_000)
    place = wire.ask("POST", "/uploads", Upload_Length=str(len(content)))[2]["location"].removeprefix(V1)
    with wire.open(
        "PATCH", place, Content_Type=PIECES, Upload_Offset="0", Content_Length=str(len(content))
    ) as opened:
        opened.sendall(content[:400_000])
        assert wire.answer(opened)[0] == 408
    assert wire.ask("GET", place)[1]["offset"] == 400_000
    status, _, said = wire.ask("PATCH", place, content[400_000:], Content_Type=PIECES, Upload_Offset="400000")
    assert (status, said["upload-offset"]) == (204, "700000")
    assert wire.incoming() == []


def listed(wire: Wire) -> bool:
    """Is a request answered? One from this address that waited as long as the others may be cut off too."""
    with suppress(RemoteDisconnected):
        return wire.ask("GET", "/artifacts")[0] == 200
    return False


def test_more_senders_that_stop_than_there_are_threads_block_nobody(wire: Wire) -> None:
    before = wire.kept()
    with ExitStack() as stack:
        opened = [stack.enter_context(wire.open("POST", "/artifacts", Content_Length="9")) for _ in range(12)]
        assert poll(lambda: listed(wire))
        answers: set[int] = set()
        for one in opened:
            with suppress(RemoteDisconnected):  # nobody had begun to wait for it: it looks cut off
                answers.add(wire.answer(one)[0])
        assert 408 in answers
        assert answers <= {400, 408}
        assert wire.ask("POST", "/artifacts?filename=a.html&analyse=false", b"<p>meanwhile")[0] == 201
    assert wire.incoming() == []
    assert len(wire.kept()) == len(before) + 1


def test_a_body_of_json_that_stops_is_not_waited_for(wire: Wire) -> None:
    with wire.open("POST", "/deployments", Content_Length="100", Content_Type="application/json") as opened:
        opened.sendall(b'{"artifact_id":')
        assert wire.answer(opened)[0] == 408


@pytest.mark.parametrize("headers", [{"Content_Length": "1000000"}, {"Transfer_Encoding": "chunked"}])
def test_a_sender_that_breaks_off_leaves_nothing(wire: Wire, headers: dict[str, str]) -> None:
    before, rows = wire.kept(), wire.rows()
    checksum = hashlib.sha256(b"x" * 300_000).hexdigest()
    with wire.open("POST", "/artifacts?filename=a", X_Checksum_SHA256="0" * 64, **headers) as opened:
        piece = b"x" * 300_000
        opened.sendall(piece if "Content_Length" in headers else b"493e0\r\n" + piece + b"\r\n")
        assert poll(lambda: wire.incoming() != [])
    assert poll(lambda: wire.incoming() == [])
    assert (wire.kept(), wire.rows()) == (before, rows)
    assert checksum not in wire.kept()


def test_a_stream_without_length_and_checksum_is_refused_for_it_may_be_cut_off(wire: Wire) -> None:
    with wire.open("POST", "/artifacts?filename=a", Transfer_Encoding="chunked") as opened:
        opened.sendall(b"5\r\nhello\r\n0\r\n\r\n")
        assert wire.answer(opened)[0] == 411
    checksum = hashlib.sha256(b"hello").hexdigest()
    with wire.open(
        "POST", "/artifacts?filename=a&analyse=false", Transfer_Encoding="chunked", X_Checksum_SHA256=checksum
    ) as opened:
        opened.sendall(b"5\r\nhello\r\n0\r\n\r\n")
        assert wire.answer(opened)[0] == 201


def test_an_upload_goes_on_after_its_connection_broke(wire: Wire) -> None:
    content = os.urandom(2_000_000)
    _, row, headers = wire.ask("POST", "/uploads", Upload_Length=str(len(content)))
    place = headers["location"].removeprefix(V1)
    with wire.open(
        "PATCH", place, Content_Type=PIECES, Upload_Offset="0", Content_Length=str(len(content))
    ) as opened:
        opened.sendall(content[:1_234_567])
    file = wire.site.home / "artifacts/incoming" / row["id"]
    assert poll(lambda: file.stat().st_size == 1_234_567)
    tries: list[tuple[int, int, str]] = []

    def gone_on() -> bool:  # the server may only be about to notice
        at = wire.ask("GET", place)[1]["offset"]
        status, _, said = wire.ask("PATCH", place, content[at:], Content_Type=PIECES, Upload_Offset=str(at))
        tries.append((at, status, said.get("upload-artifact", "")))
        return status == 204

    assert poll(gone_on)
    assert {at for at, *_ in tries} == {1_234_567}
    artifact = wire.ask("GET", f"/artifacts/{tries[-1][2]}")[1]
    assert artifact["checksum_sha256"] == hashlib.sha256(content).hexdigest()
    assert wire.incoming() == []


def test_too_much_is_refused_before_it_is_sent(wire: Wire) -> None:
    with wire.open("POST", "/artifacts", Content_Length="50000001", Expect="100-continue") as opened:
        assert wire.answer(opened)[0] == 413


def test_a_reader_that_goes_away_harms_nobody(wire: Wire) -> None:
    _, row, _ = wire.ask("POST", "/artifacts?filename=a.bin&analyse=false", os.urandom(20_000_000))
    for _ in range(6):
        with wire.open("GET", f"/artifacts/{row['id']}/content") as opened, suppress(OSError):
            assert opened.recv(1000).startswith(b"HTTP/1.1 200")
    assert wire.ask("GET", "/artifacts")[0] == 200
    assert "Traceback" not in wire.site.log()
