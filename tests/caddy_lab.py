"""A real Caddy on a free port in a folder of its own, for tests."""

import socket
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from jarvis.proxy import caddy, site
from jarvis.proxy.config import caddy_config
from jarvis.proxy.tls import Https
from waiting import soon as poll


class Reply(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class CaddyLab:
    """Starts Caddy with the product's configuration; `change` may alter it first."""

    def __init__(
        self,
        home: Path,
        *,
        change: Callable[[dict[str, Any]], None] | None = None,
        wrap: Callable[[list[str]], list[str]] = lambda words: words,
        https: Https | None = None,
        port: int = 0,
    ) -> None:
        self.home = home
        self.https = https
        self.www = home / "www"
        self.storage = home / "storage"
        self.log_file = home / "access.log"
        self.port = port or free_port()
        # A socket's path must stay under 108 characters and pytest's folders do not.
        self._socket_folder = tempfile.TemporaryDirectory(prefix="caddy-")
        self.admin_socket = Path(self._socket_folder.name) / "admin.sock"
        self.gate = Path(self._socket_folder.name) / "gate.sock"
        self._wrap = wrap
        self._process: subprocess.Popen[bytes] | None = None
        for folder in (self.www / "sites", self.storage):
            folder.mkdir(parents=True, exist_ok=True)
        self.config = caddy_config(
            www=self.www,
            admin_socket=self.admin_socket,
            gate=self.gate,
            http_port=self.port,
            log_file=self.log_file,
            storage=self.storage,
            bind="127.0.0.1",
            https=https,
        )
        if change is not None:
            change(self.config)

    def start(self) -> None:
        config_file = self.home / "caddy.json"
        caddy.write_config(config_file, self.config)
        words = self._wrap(caddy.command(config_file))
        with (self.home / "caddy.err").open("ab") as errors:
            self._process = subprocess.Popen(
                words,
                env=caddy.environment(self.storage),
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
            )
        process = self._process
        started = poll(lambda: caddy.answers(self.admin_socket) or process.poll() is not None)
        assert started, self.errors()
        assert process.poll() is None, self.errors()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None

    def errors(self) -> str:
        return (self.home / "caddy.err").read_text(errors="replace")

    def release(self, service: str, name: str, files: Mapping[str, bytes | str]) -> Path:
        """Make a release folder as a deploy would."""
        folder = self.home / "releases" / service / name
        for path, content in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    def site(self, service: str, host: str, files: Mapping[str, bytes | str], name: str = "r1") -> None:
        """Make a release and publish it."""
        site.publish(self.www, service=service, hosts=[host], release=self.release(service, name, files))

    def get(self, host: str, path: str = "/", *, method: str = "GET", **headers: str) -> Reply:
        """Send one request; header names are written with underscores."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            fields = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, fields, answer.read())
        finally:
            connection.close()

    def raw(self, request: bytes, seconds: float = 30.0) -> bytes:
        """Send bytes as they are and return all that comes back until the other side closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as wire:
            wire.sendall(request)
            answer = bytearray()
            with suppress(ConnectionResetError):
                while block := wire.recv(65536):
                    answer += block
            return bytes(answer)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._socket_folder.cleanup()
