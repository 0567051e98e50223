"""What takes longer than a deploy: a WebSocket, an event stream, a download, an upload."""

import http.client
import socket
from contextlib import closing, suppress

from jarvis_lab import Lab

SERVES = """\
def long(self, well=Handler.do_GET):
    if self.path == "/drip":
        self.send_response(200)
        self.send_header("Content-Length", "16")
        self.end_headers()
        for _ in range(16):
            self.wfile.write(b"x")
            time.sleep(0.25)
    elif self.path == "/events":
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        while True:
            self.wfile.write(b"data: tick\\n\\n")
            time.sleep(0.1)
    elif self.path == "/ws":
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.end_headers()
        while block := self.connection.recv(100):
            self.connection.sendall(b"heard " + block)
        self.close_connection = True
    else:
        well(self)
Handler.do_GET = long
"""
"""Lines for `programs.program` and `container_apps.app`, to be run before they listen."""


class Wires:
    """One of each, open."""

    def __init__(self, jarvis: Lab, host: str) -> None:
        self._host, self._port = host, jarvis.http_port
        self._wires: list[http.client.HTTPConnection] = []
        self._socket = self._dialled(b"GET /ws", b"Connection: Upgrade\r\nUpgrade: websocket\r\n")
        self._sockets = self._socket.makefile("rb")
        assert b" 101 " in self._sockets.readline()
        while self._sockets.readline() != b"\r\n":
            pass
        self._download = self._asked("/drip")
        self._events = self._asked("/events")
        self._upload = self._dialled(b"POST /", b"Content-Length: 10\r\n")
        self._upload.sendall(b"first")

    def _dialled(self, begins: bytes, more: bytes) -> socket.socket:
        wire = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        wire.sendall(begins + b" HTTP/1.1\r\nHost: " + self._host.encode() + b"\r\n" + more + b"\r\n")
        return wire

    def _asked(self, path: str) -> http.client.HTTPResponse:
        wire = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        self._wires.append(wire)
        wire.request("GET", path, headers={"Host": self._host})
        answer = wire.getresponse()
        assert answer.read(1)
        return answer

    def talk(self) -> bytes:
        """Say a word to the WebSocket; returns what comes back."""
        self._socket.sendall(b"word")
        return self._sockets.read(len(b"heard word"))

    def hear(self) -> bytes:
        """The next whole event."""
        self._events.readline()
        while not (line := self._events.readline()).strip():
            assert line, "the stream has ended"
        return line

    def finish(self) -> tuple[int, bytes]:
        """Read the download and send the rest of the upload; returns bytes and answer."""
        self._upload.sendall(b" last")
        with closing(http.client.HTTPResponse(self._upload)) as answer:
            answer.begin()
            return 1 + len(self._download.read()), answer.read()

    def ended(self) -> bool:
        """Wait until what never ends by itself was ended."""
        with suppress(http.client.HTTPException, OSError):
            while self._events.read(4096):
                pass
        with suppress(OSError):
            return not self._sockets.read(1)
        return True

    def close(self) -> None:
        """Hang up."""
        for one in (self._sockets, self._socket, self._download, self._events, self._upload, *self._wires):
            one.close()
