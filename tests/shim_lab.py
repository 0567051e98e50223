"""Programs kept by shims, in a folder of their own; nothing of them runs afterwards."""

import http.client
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jarvis.runtimes import process
from jarvis.runtimes.process import Spec, Status
from jarvis.runtimes.shim import tree
from waiting import until

PATIENCE = 30.0
PYTHON = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else "python3"

ECHO = """
import os, socket, threading
def serve(wire):
    while block := wire.recv(65536):
        wire.sendall(block)
    wire.shutdown(socket.SHUT_WR)
    wire.close()
listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])), backlog=1024)
print("it listens", flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""


def gone(pid: int) -> bool:
    """Is a process dead? A zombie that nobody reaps yet is."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@dataclass
class Stage:
    """A folder of instances."""

    root: Path
    keys: list[str] = field(default_factory=list[str])

    @property
    def instances(self) -> Path:
        return self.root / "i"

    def spec(self, code: str, key: str = "one", **more: Any) -> Spec:
        file = self.root / f"{key}.py"
        file.write_text(code)
        path = (*os.environ["PATH"].split(":"), "/usr/bin", "/bin")
        return Spec(key=key, words=(PYTHON, "-u", str(file)), cwd=self.root, path=path, **more)

    def start(self, code: str, key: str = "one", **more: Any) -> Spec:
        """Start a program of Python, without waiting for it."""
        spec = self.spec(code, key, **more)
        self.keys.append(key)
        process.start(self.instances, spec)
        return spec

    def serve(self, code: str, key: str = "one", **more: Any) -> Status:
        """The same, and wait until it listens."""
        self.start(code, key, **more)
        return self.seen(lambda status: status.listening, "it listens", key)

    def status(self, key: str = "one") -> Status:
        status = process.status(self.instances, key)
        assert status is not None, "nobody keeps it"
        return status

    def seen(self, true: Callable[[Status], bool], what: str, key: str = "one") -> Status:
        until(lambda: true(self.status(key)), what)
        return self.status(key)

    def place(self, key: str = "one") -> Path:
        return process.socket_of(self.instances, key)

    def folder(self, key: str = "one") -> Path:
        return process.folder_of(self.instances, key)

    def shim(self, key: str = "one") -> int:
        return int((self.folder(key) / "shim.pid").read_text())

    def wire(self, key: str = "one") -> socket.socket:
        """A connection as the proxy makes it."""
        wire = socket.socket(socket.AF_UNIX)
        wire.settimeout(PATIENCE)
        wire.connect(str(self.place(key)))
        return wire

    def get(self, path: str = "/", key: str = "one") -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("unused")
        connection.sock = self.wire(key)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def log(self, key: str = "one") -> list[str]:
        return process.logs(self.instances, key, last=1000)


def received(wire: socket.socket) -> bytes:
    """Everything up to the end."""
    blocks: list[bytes] = []
    while block := wire.recv(1 << 16):
        blocks.append(block)
    return b"".join(blocks)


@contextmanager
def stage() -> Generator[Stage]:
    """A stage whose programs and shims are all gone at the end."""
    root = Path(tempfile.mkdtemp(prefix="jshim-"))  # short: sockets lie in it
    made = Stage(root)
    try:
        yield made
    finally:
        for key in made.keys:
            process.kill(made.instances, key)
        try:
            until(lambda: not _left(made), "nothing of the shims and their programs runs")
        finally:
            shutil.rmtree(root)


def _left(made: Stage) -> list[int]:
    marked = [pid for key in made.keys for pid in tree.marked(made.folder(key).resolve())]
    return [pid for pid in marked + _of(made.root) if not gone(pid)]


def _of(root: Path) -> list[int]:
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdecimal() and str(root).encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found
