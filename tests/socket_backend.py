"""A small program on a unix socket, in a thread, for tests of what stands before it."""

import gzip
import hashlib
import shutil
import tempfile
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any


class Handler(BaseHTTPRequestHandler):
    """Answers with what it was asked, and with the ways of a program that the proxy must let through."""

    protocol_version = "HTTP/1.1"
    server: "Backend"  # pyright: ignore[reportIncompatibleVariableOverride] - it is always one

    def address_string(self) -> str:
        return "socket"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        self.server.seen.append(f"{self.command} {self.path}")

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Upgrade") == "websocket":
            self._echo()
        elif self.path == "/events":
            self._events()
        elif self.path == "/drop":
            self.log_message("")
            self.close_connection = True
        elif self.path == "/think":
            self.server.go_on.wait(20)
            self._say(b"thought")
        elif self.path == "/headers":
            self._say("\n".join(f"{name.lower()}: {value}" for name, value in self.headers.items()).encode())
        elif self.path == "/gzip":
            self._say(gzip.compress(b"x" * 5000, mtime=0), {"Content-Encoding": "gzip"})
        else:
            name = {"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT", "Server": "mine"}
            self._say(self.server.page, name)

    def do_POST(self) -> None:
        taken = hashlib.sha256()
        left = int(self.headers["Content-Length"])
        while left:
            block = self.rfile.read1(min(left, 65536))
            if not block:
                return
            self.server.taken += len(block)
            taken.update(block)
            left -= len(block)
        if self.path == "/think":
            self.server.go_on.wait(20)
        self._say(taken.hexdigest().encode())

    do_DELETE = do_OPTIONS = do_HEAD = do_GET  # noqa: N815 - http.server finds them by these names

    def _say(self, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response_only(200)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.log_message("")

    def _events(self) -> None:
        self.send_response_only(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"data: one\n\n")
        self.server.go_on.wait(20)
        with suppress(OSError):
            self.wfile.write(b"data: two\n\n")
        self.close_connection = True

    def _echo(self) -> None:
        self.send_response_only(101)
        self.send_header("Connection", "Upgrade")
        self.send_header("Upgrade", "websocket")
        self.end_headers()
        while block := self.connection.recv(65536):
            self.connection.sendall(self.server.name + block)
        self.close_connection = True


class Backend(ThreadingMixIn, UnixStreamServer):
    """A program on a socket of its own."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, name: str, page: bytes = b"") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="app-"))
        self.name = name.encode()
        self.page = page or self.name
        self.seen: list[str] = []
        self.taken = 0
        self.go_on = threading.Event()
        self.path = self.folder / "sock"
        super().__init__(str(self.path), Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))
        self._thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor that leaves is no error."""

    def close(self) -> None:
        self.go_on.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
        shutil.rmtree(self.folder)
