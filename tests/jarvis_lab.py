"""A whole embedded Jarvis for a test: started by the launcher, used by the commands, asked from outside."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import psycopg

from waiting import until

ROOT = Path(__file__).parent.parent
LAUNCHER = ROOT / "jarvis"


def free_port() -> int:
    """A port nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Lab:
    """One JARVIS_HOME with ports of its own."""

    def __init__(self, home: Path, extra: dict[str, str] | None = None) -> None:
        self.home = home
        self.web_port, self.http_port = free_port(), free_port()
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
        self.env |= {
            "JARVIS_HOME": str(home),
            "JARVIS_WEB_PORT": str(self.web_port),
            "JARVIS_HTTP_PORT": str(self.http_port),
            "JARVIS_HTTPS_PORT": "0",
            **(extra or {}),
        }

    def start(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        """Start a command of the command line."""
        return subprocess.Popen(
            [str(LAUNCHER), *words],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def run(self, *words: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run a command of the command line to its end."""
        return subprocess.run(
            [str(LAUNCHER), *words],
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def good(self, *words: str) -> str:
        """Run a command that must succeed; returns what it printed."""
        done = self.run(*words)
        assert done.returncode == 0, f"jarvis {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def told(self, *words: str) -> dict[str, Any]:
        """The last JSON object that a command that must succeed prints."""
        return json.loads(self.good(*words, "--json").strip().splitlines()[-1])

    def refused(self, *words: str) -> str:
        """Run a command that must fail cleanly; returns what it said."""
        done = self.run(*words)
        assert done.returncode not in (0, None), done.stdout
        assert "Traceback" not in done.stderr + done.stdout
        return done.stdout + done.stderr

    def get(self, host: str, path: str = "/", **headers: str) -> tuple[int, bytes]:
        """Ask the sites' port as a visitor of `host`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=30)
        try:
            connection.request("GET", path, headers={"Host": host, **headers})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def api(
        self, method: str, path: str, body: Any = None, token: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Ask the API; the body is JSON, or bytes as they are."""
        token = self.token if token is None else token
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=30)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, raw, headers)
            answer = connection.getresponse()
            content = answer.read()
            is_json = "json" in (answer.getheader("Content-Type") or "")
            return answer.status, json.loads(content) if is_json else content
        finally:
            connection.close()

    @property
    def token(self) -> str:
        """The first access token."""
        return (self.home / "secrets" / "token").read_text().strip()

    @property
    def state(self) -> dict[str, Any]:
        """What the running supervisor says of itself."""
        return json.loads((self.home / "run" / "jarvis.json").read_text())

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database."""
        url = (self.home / "secrets" / "database_url").read_text().strip()
        with psycopg.connect(url) as connection:
            return connection.execute(query, values or None).fetchall()  # pyright: ignore[reportArgumentType]

    def pids(self, part: str) -> list[int]:
        """The processes of one part: `web`, `worker`, `proxy`, `up` or `database`."""
        if part == "database":
            data = self.home / "postgres" / "data"
            with suppress(OSError):
                number = int((data / "postmaster.pid").read_text().splitlines()[0])
                # The file outlives a killed server, and its number may be another process's by then.
                if Path(f"/proc/{number}/cwd").samefile(data):
                    return [number]
            return []
        wanted = {f"JARVIS_PART={part}".encode(), f"JARVIS_HOME={self.home}".encode()}
        found: list[int] = []
        for process in Path("/proc").iterdir():
            with suppress(OSError):
                if process.name.isdigit() and wanted <= set((process / "environ").read_bytes().split(b"\0")):
                    found.append(int(process.name))
        return sorted(found)

    def kill(self, part: str) -> None:
        """kill -9 every process of a part, and see that they are gone."""
        numbers = self.pids(part)
        assert numbers, f"there is no {part} to kill"
        for number in numbers:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def kill_everything(self) -> None:
        """kill -9 all of it at once."""
        numbers = [
            number for part in ("up", "web", "worker", "proxy", "database") for number in self.pids(part)
        ]
        for number in numbers:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        until(lambda: not any(self.pids(part) for part in ("up", "web", "worker", "proxy")), "all are dead")

    def ready(self) -> bool:
        """True when the API answers and can work."""
        with suppress(OSError, http.client.HTTPException):
            return self.api("GET", "/readyz", token="")[0] == 200
        return False


@contextmanager
def lab(extra: dict[str, str] | None = None, *, up: bool = True, home: str = "home") -> Generator[Lab]:
    """A Jarvis of its own; whatever happens, nothing of it stays."""
    folder = Path(tempfile.mkdtemp(prefix="jlab-"))
    made = Lab(folder / home, extra)
    try:
        if up:
            made.good("up", "--detach")
        yield made
    finally:
        with suppress(subprocess.TimeoutExpired):
            made.run("down", timeout=60)
        for part in ("up", "web", "worker", "proxy", "database"):
            for number in made.pids(part):
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def site(folder: Path, text: str, files: int = 3) -> Path:
    """A small site whose first page says `text`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(f"<!doctype html><title>t</title><p>{text}</p>\n")
    for number in range(files - 1):
        (folder / f"page{number}.html").write_text(f"<p>page {number} of {text}</p>\n")
    return folder


class Visitor:
    """Asks for a page fifty times a second, in a thread, and remembers what was not as it should be.

    However busy the machine is, one answer came before the block begins, and one was asked for after its end.

    Attributes:
        asked: How often.
        wrong: What came instead of a page.
    """

    def __init__(self, made: Lab, host: str, allowed: Sequence[str]) -> None:
        self._lab, self._host, self._allowed = made, host, tuple(allowed)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.asked = 0
        self.wrong: list[str] = []

    def _run(self) -> None:
        while not self._stop.wait(0.02):
            self.asked += 1
            try:
                status, body = self._lab.get(self._host)
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append(repr(error))
                continue
            if status != 200 or not any(text.encode() in body for text in self._allowed):
                self.wrong.append(f"{status} {body[:80]!r}")

    def __enter__(self) -> Self:
        self._thread.start()
        until(lambda: self.asked > 1, "the first answer")
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        asked = self.asked
        if kind is None:
            until(lambda: self.asked > asked + 1, "an answer after the end")
        self._stop.set()
        self._thread.join(timeout=45)
