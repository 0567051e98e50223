"""A Docker of one test alone, beside that of the machine: it may be killed, and its disk may be full."""

import io
import os
import shutil
import signal
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import docker_lab
import jarvis_lab
from jarvis.proxy import caddy

BASE = "jarvis-test-caddy:1"
"""An image of one static program, since nothing else is needed to answer."""
BRIDGE, AT = "jdocker{0}", "10.21{0}.0.1/24"
"""A bridge of its own. Without one, dockerd would delete the one of the machine's Docker."""
WITHIN = 120.0


class Daemon:
    """dockerd with folders of its own. It makes no rules of the network: another Docker has them.

    Args:
        folder: Its own.
        bridge: The network that it uses; it must be there.
        path: Where it and its programs are looked for, before the usual places.
    """

    def __init__(self, folder: Path, bridge: str, path: str = "") -> None:
        self._folder, self.data = folder, folder / "data"
        self._bridge, self._path = bridge, f"{path}{os.pathsep if path else ''}{os.environ['PATH']}"
        self.url = f"unix://{folder}/sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *more: str) -> None:
        """Start it with these words besides, and wait until it answers."""
        # Of one that was killed: its containerd may be dead and not buried, and dockerd would wait for it.
        for old in ("pid", "exec/containerd/containerd.pid"):
            (self._folder / old).unlink(missing_ok=True)
        words = ["dockerd", "-H", self.url, "-p", str(self._folder / "pid"), "--bridge", self._bridge]
        words += ["--data-root", str(self.data), "--exec-root", str(self._folder / "exec")]
        words += [
            "--iptables=false"
        ]  # and no pools: with them a restart deletes the bridge of the other, too
        words += more
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PATH": self._path},
                start_new_session=True,
            )
        end = time.monotonic() + WITHIN
        while not self.answers():
            if time.monotonic() > end or self._process.poll() is not None:
                raise AssertionError(f"dockerd does not answer: {(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Is it there?"""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(5)
            wire.connect(str(self._folder / "sock"))
            wire.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
            return b" 200 " in wire.recv(100)
        return False

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End it; by kill -9 the programs in it go on at first."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=WITHIN)
            self._process = None
            jarvis_lab.until(lambda: not self._helpers(), "its containerd ends with it")

    def _helpers(self) -> list[int]:
        """Its containerd. One that is just dying would be taken for a living one at the next start."""
        mark = f"{self._folder}/exec/containerd/containerd.toml".encode()
        return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if mark in _words(entry)]

    def base(self) -> None:
        """Let there be the image BASE."""
        blob = io.BytesIO()
        with tarfile.open(fileobj=blob, mode="w") as archive:
            archive.add(caddy.binary().resolve(), "caddy")
        name, _, tag = BASE.partition(":")
        with docker_lab.connected(self.url) as client:
            client.api.import_image_from_data(blob.getvalue(), name, tag)

    def room(self, free: int) -> None:
        """Let its disk have so many bytes free."""
        usage = shutil.disk_usage(self.data)
        subprocess.run(["mount", "-o", f"remount,size={usage.used + free}", self.data], check=True)


@contextmanager
def serve(number: int = 4, path: str = "") -> Generator[Daemon]:
    """One that answers, on a disk of its own; nothing of it stays.

    Args:
        number: Of its network: tests that run at the same time need others.
        path: Where its programs are looked for first.
    """
    if not path and not shutil.which("dockerd"):
        pytest.skip("No dockerd is installed (apt install docker.io).")
    folder = Path(tempfile.mkdtemp(prefix="jdocker-"))
    bridge, at = BRIDGE.format(number), AT.format(number)
    made = Daemon(folder, bridge, path)
    made.data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2g", "tmpfs", made.data], check=True)
    _ip("link", "del", bridge, check=False)  # of a run that was killed
    _ip("link", "add", bridge, "type", "bridge")
    _ip("addr", "add", at, "dev", bridge)
    _ip("link", "set", bridge, "up")
    try:
        made.start()
        made.base()
        yield made
    finally:
        if made.answers():
            with docker_lab.connected(made.url) as client:
                for one in client.containers.list(all=True):
                    one.remove(force=True)
                client.networks.prune()
        made.kill(signal.SIGTERM)
        for mounted in sorted(_mounts(folder), reverse=True):
            subprocess.run(["umount", "--lazy", mounted], check=False)
        _ip("link", "del", bridge, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _ip(*words: str, check: bool = True) -> None:
    subprocess.run(["ip", *words], check=check, stderr=None if check else subprocess.DEVNULL)


def _words(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def _mounts(folder: Path) -> list[str]:
    lines = Path("/proc/self/mounts").read_text().splitlines()
    return [line.split()[1] for line in lines if line.split()[1].startswith(str(folder))]


def page(folder: Path, text: str) -> Path:
    """A project whose container says `text`."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (f"FROM {BASE}", "EXPOSE 8080", f'CMD ["/caddy", "respond", "--listen", ":8080", "{text}"]', "")
    (folder / "Dockerfile").write_text("\n".join(lines))
    return folder
