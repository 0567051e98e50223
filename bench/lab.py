"""A Jarvis of its own for one bench: own folder, own ports, and gone at the end whatever happens."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "examples" / "static-site"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def need(program: str) -> str:
    """The path of `program`; without it the bench ends."""
    found = shutil.which(program)
    if found is None:
        sys.exit(f"This bench needs {program}, which is not installed. On Debian: apt install {program}")
    return found


@dataclass
class Jarvis:
    """The command line and the API of a Jarvis in `home`."""

    home: Path
    root: Path = ROOT
    web_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)
    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
        own = {
            "JARVIS_HOME": str(self.home),
            "JARVIS_WEB_PORT": str(self.web_port),
            "JARVIS_HTTP_PORT": str(self.http_port),
            "JARVIS_HTTPS_PORT": str(free_port()),
            "JARVIS_HTTP_BIND": "127.0.0.1",
        }
        return {**kept, **own, **self.variables}

    def run(self, *words: str | Path) -> tuple[str, float]:
        """Run `jarvis WORDS`: what it said, and the seconds of the whole process."""
        began = time.perf_counter()
        done = subprocess.run(
            [self.root / "jarvis", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        seconds = time.perf_counter() - began
        if done.returncode:
            sys.exit(f"jarvis {' '.join(map(str, words))} failed:\n{done.stdout}{done.stderr}")
        return done.stdout, seconds

    def deploy(self, folder: Path, domain: str) -> tuple[Json, float]:
        """Deploy `folder` as a person does: the outcome, and the seconds of the whole process."""
        said, seconds = self.run("deploy", folder, "--domain", domain, "--json")
        return json.loads(said), seconds

    def get(self, path: str) -> Json:
        """An answer of the API."""
        token = (self.home / "secrets" / "token").read_text().strip()
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=30)
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        connection.request("GET", f"/api/v1{path}", headers=headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if response.status != 200:
            sys.exit(f"GET {path} was answered with {response.status}: {body[:500]!r}")
        return json.loads(body)

    def visit(self, host: str, path: str = "/") -> int:
        """The status that a visitor of `host` gets; 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=5)
        try:
            connection.request("GET", path, headers={"Host": host})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def pid(self) -> int:
        """The process that watches all others."""
        return int(json.loads((self.home / "run" / "jarvis.json").read_text())["pid"])

    def end(self) -> None:
        """Stop it; by force when it does not stop by itself."""
        with suppress(subprocess.TimeoutExpired, OSError):
            command = [self.root / "jarvis", "down"]
            subprocess.run(command, env=self.environment, capture_output=True, check=False, timeout=60)
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and entry.name != str(os.getpid()):
                with suppress(OSError):
                    if f"JARVIS_HOME={self.home}\0".encode() in (entry / "environ").read_bytes():
                        os.kill(int(entry.name), signal.SIGKILL)


def _asked(*_: object) -> None:
    sys.exit(143)


@contextmanager
def folder() -> Generator[Path]:
    """A new folder with a short path, removed at the end."""
    signal.signal(signal.SIGTERM, _asked)
    made = Path(tempfile.mkdtemp(prefix="jb-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def jarvis(root: Path = ROOT, variables: Mapping[str, str] | None = None) -> Generator[Jarvis]:
    """A Jarvis that is not started yet; stopped at the end."""
    with folder() as place:
        found = Jarvis(place / "home", root, variables=variables or {})
        try:
            yield found
        finally:
            found.end()


@contextmanager
def site() -> Generator[Path]:
    """A copy of the example site that a bench may change."""
    with folder() as place:
        copy = place / "site"
        shutil.copytree(SITE, copy)
        yield copy


def change(copy: Path, number: int) -> None:
    """Change one file, so that the next artifact is a new one."""
    original = (SITE / "about.html").read_text()
    (copy / "about.html").write_text(f"{original}<!-- {number} {time.time_ns()} -->\n")
