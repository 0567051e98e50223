"""A real S3 service: `rclone serve s3` of its wheel, on a free port, keeping its buckets in a folder.

It answers a range with 200 instead of 206, which the client refuses; `as_amazon` stands before it and gives
the right status, so that both ways of the product are tested. With `--dir-cache-time 0` it stands still after
a while, waiting for a lock of its own.
"""

import select
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from caddy_lab import free_port, poll
from config import Settings

KEY = "AKJARVISTEST01"
SECRET = "SKJARVISTEST0123456789"
BUCKET = "jarvis-test"
PREFIX = "some/prefix"


class S3Lab:
    """The service; `folder` holds a folder for each bucket."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "data" / BUCKET).mkdir(parents=True)

    def settings(self, home: Path, **changed: str) -> dict[str, str]:
        """Settings of a Jarvis that keeps its artifacts here."""
        return {
            "home": str(home),
            "artifact_store": f"s3://{BUCKET}/{PREFIX}",
            "s3_endpoint": self.endpoint,
            "s3_access_key_id": KEY,
            "s3_secret_access_key": SECRET,
            **changed,
        }

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        program = shutil.which("rclone", path=str(Path(sys.executable).parent)) or "rclone"
        words = [program, "serve", "s3", "--addr", f"127.0.0.1:{self.port}", "--auth-key", f"{KEY},{SECRET}"]
        words += ["--config", "", "--vfs-cache-mode", "off", str(self.folder / "data")]
        with (self.folder / "log").open("ab") as log:
            process = self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder
            )
        assert poll(lambda: process.poll() is not None or self._answers()), self.log()
        assert process.poll() is None, self.log()

    def stop(self) -> None:
        """Stop it; its bytes stay."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None

    def log(self) -> str:
        """What it has said."""
        return (self.folder / "log").read_text(errors="replace")

    def files(self) -> dict[str, Path]:
        """Path in the bucket → file."""
        top = self.folder / "data" / BUCKET
        return {str(path.relative_to(top)): path for path in top.rglob("*") if path.is_file()}

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


@contextmanager
def serve(folder: Path) -> Generator[S3Lab]:
    """The service, running; stopped afterwards."""
    lab = S3Lab(folder)
    try:
        lab.start()
        yield lab
    finally:
        lab.stop()


def settings(values: dict[str, str]) -> Settings:
    """The settings as an object."""
    return Settings(**{**values, "home": Path(values["home"])})  # pyright: ignore[reportArgumentType] - by name


@contextmanager
def as_amazon(lab: S3Lab) -> Generator[str]:
    """The address of a relay that answers a range with 206, as Amazon does."""
    with _Relay(("127.0.0.1", 0), _Connection) as relay:
        relay.target = lab.port
        thread = threading.Thread(target=relay.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{relay.server_address[1]}"
        finally:
            relay.over.set()
            relay.shutdown()
            thread.join()


@contextmanager
def silent() -> Generator[str]:
    """The address of a service that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


class _Relay(socketserver.ThreadingTCPServer):
    """Every connection has a thread; all of them have ended when the server is closed."""

    target = 0

    def __init__(self, *words: Any) -> None:
        self.over = threading.Event()
        super().__init__(*words)


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        relay = self.server
        assert isinstance(relay, _Relay)
        with suppress(OSError), socket.create_connection(("127.0.0.1", relay.target)) as server:
            others = {self.request: server, server: self.request}
            while not relay.over.is_set():
                for wire in select.select(list(others), [], [], 0.05)[0]:
                    piece = wire.recv(65536)
                    if not piece:
                        return
                    others[wire].sendall(_corrected(piece))


def _corrected(piece: bytes) -> bytes:
    head = piece.partition(b"\r\n\r\n")[0]
    if piece.startswith(b"HTTP/1.1 200 OK") and b"\r\ncontent-range:" in head.lower():
        return piece.replace(b"200 OK", b"206 Partial Content", 1)
    return piece
