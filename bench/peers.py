"""A new version of the same app, until a visitor first sees it: beside `docker compose up --build`, and Piku.

The clock runs from the start of the command to the first answer of the new version. A visitor who asks all
the time, each time with a new connection, counts who was sent away. Compose runs here in the same run. Piku
is not run: the limits are what it needed for the same kinds of app on a machine like this one.
"""

import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lab import Jarvis, folder, free_port, jarvis
from report import Report, options

from programs import has_docker
from programs import write as write_node

FLASK = """\
from flask import Flask
app = Flask(__name__)
@app.get("/")
def home():
    return {text!r}
"""
COMPOSE = 'services:\n  web:\n    build: .\n    ports: ["127.0.0.1:{port}:3000"]\n'
EVERY = 0.01
"""Seconds between two questions of the visitor."""
Write = Callable[[Path, int], None]


@dataclass
class Visitor:
    """Asks all the time, in a thread of its own."""

    address: str
    host: str
    asked: int = 0
    failed: int = 0
    first: dict[str, float] = field(default_factory=dict[str, float])
    """Answer → the moment at which it was first seen."""
    done: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """Until `done`."""
        request = urllib.request.Request(self.address, headers={"Host": self.host, "Connection": "close"})
        while not self.done.wait(EVERY):
            self.asked += 1
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    self.first.setdefault(answer.read().decode(), time.perf_counter())
            except (OSError, urllib.error.URLError):
                self.failed += 1

    def waits_for(self, text: str) -> float:
        """The moment at which `text` was first seen; waits for it."""
        end = time.monotonic() + 120
        while text not in self.first:
            if time.monotonic() > end:
                sys.exit(f"{self.address} never answered with {text}.")
            time.sleep(0.002)
        return self.first[text]


@contextmanager
def visitor(address: str, host: str) -> Generator[Visitor]:
    """One that asks from now on."""
    made = Visitor(address, host)
    thread = threading.Thread(target=made.ask, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.done.set()
        thread.join(15)


def static(place: Path, number: int) -> None:
    """A site of one page."""
    place.mkdir(exist_ok=True)
    (place / "index.html").write_text(f"version {number}")


def flask(place: Path, number: int) -> None:
    """A Flask app; what it needs stays as it is."""
    place.mkdir(exist_ok=True)
    (place / "app.py").write_text(FLASK.format(text=f"version {number}"))
    (place / "requirements.txt").write_text("flask==3.1.2\ngunicorn==23.0.0\n")
    (place / "Procfile").write_text("web: gunicorn -b 127.0.0.1:$PORT app:app\n")


def node(place: Path, number: int) -> None:
    """A program of one file, with a Dockerfile."""
    write_node(place, number, container=True)


def by_jarvis(
    running: Jarvis, name: str, write: Write, source: Path, rounds: int
) -> tuple[list[float], Visitor]:
    """Seconds from the start of `jarvis deploy` until the new version is seen."""
    host = f"{name}.localhost"
    write(source, 0)
    running.deploy(source, host)
    found: list[float] = []
    with visitor(f"http://127.0.0.1:{running.http_port}/", host) as one:
        for number in range(1, rounds + 1):
            write(source, number)
            began = time.perf_counter()
            running.deploy(source, host)
            found.append(one.waits_for(f"version {number}") - began)
    return found, one


def by_compose(source: Path, rounds: int) -> tuple[list[float], Visitor]:
    """Seconds from the start of `docker compose up --build` until the new version is seen."""
    port = free_port()
    node(source, 0)
    (source / "compose.yml").write_text(COMPOSE.format(port=port))
    program = str(Path(sys.executable).with_name("docker-compose"))
    words = [program, "-p", "jarvis-bench-peer", "-f", str(source / "compose.yml")]

    def compose(*more: str) -> None:
        done = subprocess.run([*words, *more], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"compose {' '.join(more)} failed:\n{done.stderr}")

    found: list[float] = []
    try:
        compose("up", "-d", "--build")
        with visitor(f"http://127.0.0.1:{port}/", "peer") as one:
            one.waits_for("version 0")
            one.asked = one.failed = 0
            for number in range(1, rounds + 1):
                node(source, number)
                began = time.perf_counter()
                compose("up", "-d", "--build")
                found.append(one.waits_for(f"version {number}") - began)
        return found, one
    finally:
        compose("down", "-t", "1", "--rmi", "local")


def main() -> None:
    """Measure all of them."""
    wish = options(__doc__ or "", rounds=(5, "redeploys of each"))
    report = Report("peers", wish.json)
    with jarvis() as running, folder() as place:
        running.run("up", "--detach")
        kinds: list[tuple[str, Write, str]] = [
            ("static", static, "Piku 0.57–1.6 s"),
            ("flask", flask, "Piku 3.5–4.7 s"),
        ]
        for name, write, limit in kinds:
            seconds, one = by_jarvis(running, name, write, place / name, wish.rounds)
            report.add(f"{name}: new version seen after", seconds, "s", target=f"< {limit}")
            report.add("  requests not answered well", one.failed, f"of {one.asked}", target="0")
        if has_docker():
            hand, other = by_compose(place / "compose", wish.rounds)
            seconds, one = by_jarvis(running, "node", node, place / "node", wish.rounds)
            beside = ("compose up --build", hand)
            report.add("container: new version seen after", seconds, "s", target="< 1 ×", beside=beside)
            report.add("  requests not answered well", one.failed, f"of {one.asked}", target="0")
            report.add("  … of compose", other.failed, f"of {other.asked}")
        else:
            print("No Docker can be reached: containers are left out.")
    report.finish()


if __name__ == "__main__":
    main()
