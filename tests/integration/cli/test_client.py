"""The client knows every operation of the API, and calls each at its address."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app import OPERATIONS as NOUNS
from jarvis.api.openapi import document
from jarvis.cli.client import Client
from jarvis.cli.operations import OPERATIONS, Name, Operation

BYTES = {"artifact_content"}
"""What answers with bytes: `Client.download` is for it."""
API = {
    item["operationId"]: Operation(method.upper(), path.removeprefix("/api/v1"))
    for path, methods in document()["paths"].items()
    for method, item in methods.items()
}
Seen = list[tuple[str, str, bytes]]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Seen]]:
    """A server that takes note of every request."""
    seen: Seen = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            seen.append((self.command, self.path, body))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}", seen
        running.shutdown()
        thread.join()


def test_it_works() -> None:
    assert len(API) > len(NOUNS)  # importing the application declared them
    assert {name: item for name, item in API.items() if name not in BYTES} == {**OPERATIONS}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_called_at_its_address(name: Name, server: tuple[str, Seen]) -> None:
    url, seen = server
    method, pattern = API[name]
    parts = [f"a/{number}" for number in range(pattern.count("{"))]
    with Client(url, "token", "") as client:
        assert client.call(name, *parts, query={"limit": 3, "empty": ""}) == {}
        given = iter(parts)
        address = re.sub(r"{\w+}", lambda _: next(given).replace("/", "%2F"), pattern)
        assert seen[-1] == (method, f"/api/v1{address}?limit=3", b"")
        with pytest.raises(ValueError, match="parts in its address"):
            client.call(name, *parts, "more")


@pytest.mark.parametrize(("body", "sent"), [({"a": "é"}, b'{"a": "\\u00e9"}'), (b"raw\x00", b"raw\x00")])
def test_a_body_is_sent_as_it_is(server: tuple[str, Seen], body: Any, sent: bytes) -> None:
    url, seen = server
    with Client(url, "", "") as client:
        client.call("upload_artifact", body=body)
    assert seen[-1] == ("POST", "/api/v1/artifacts", sent)
