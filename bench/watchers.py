"""200 watchers of one workflow: how late each event is, what they cost, and whether others are answered.

The events are written straight into the database, as a worker does; each carries the moment before it was
written, so the time counts the insert and the commit too. The watchers read over connections of their own to
the API's stream, in one loop of this process. Meanwhile somebody else asks for a page of workflows.
"""

import http.client
import json
import selectors
import socket
import statistics
import threading
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime

from idle import family, memory
from lab import Jarvis, jarvis
from report import Report, options

from config import Settings
from jarvis.workflows import events
from models import Workflow, WorkflowStatus
from services.db_service import DatabaseService

TARGET_MS = 250
TARGET_MB = 60
ROUNDS = 5


class Crowd:
    """Watchers of one stream, read in one loop.

    Attributes:
        late: Milliseconds from the writing of an event to a watcher, event by event.
    """

    def __init__(self, running: Jarvis, workflow: str, count: int, token: str) -> None:
        self.late: dict[int, list[float]] = {}
        self._ready = selectors.DefaultSelector()
        self._rest: dict[socket.socket, bytes] = {}
        self._heard = 0
        head = (
            f"GET /api/v1/workflows/{workflow}/events HTTP/1.1\r\nHost: jarvis\r\n"
            f"Authorization: Bearer {token}\r\nAccept: text/event-stream\r\n\r\n"
        )
        for _ in range(count):
            wire = socket.create_connection(("127.0.0.1", running.web_port), timeout=30)
            wire.sendall(head.encode())
            self._ready.register(wire, selectors.EVENT_READ)
            self._rest[wire] = b""

    def read(self, until: int, seconds: float = 60) -> None:
        """Read until so many events were heard by all of them together."""
        end = time.monotonic() + seconds
        while self._heard < until:
            if time.monotonic() > end:
                raise SystemExit(f"Only {self._heard:,} of {until:,} events came within {seconds:g} s.")
            for key, _ in self._ready.select(0.5):
                wire = key.fileobj
                assert isinstance(wire, socket.socket)
                self._take(wire, wire.recv(1 << 16), 1000 * time.monotonic())

    def _take(self, wire: socket.socket, piece: bytes, now: float) -> None:
        if not piece:
            raise SystemExit("The server closed a stream.")
        *lines, self._rest[wire] = (self._rest[wire] + piece).split(b"\n")
        for line in lines:
            if line.startswith(b"data: "):
                self._heard += 1
                event = json.loads(line[6:])
                if (written := event["data"].get("written")) is not None:
                    self.late.setdefault(event["sequence"], []).append(now - written)

    def close(self) -> None:
        for wire in self._rest:
            wire.close()


class Story:
    """A workflow into which this bench writes."""

    def __init__(self, database: DatabaseService) -> None:
        self._database = database
        with database.get_session() as session:
            # For the tables it has ended: no worker looks for it, or mends it.
            now = datetime.now(UTC)
            row = Workflow(
                name="Watched", workflow_type="bench", status=WorkflowStatus.COMPLETED, completed_at=now
            )
            session.add(row)
            session.flush()
            self.id = str(row.id)
            events.append(session, self.id, "queued", "Watched: waiting")

    def say(self, count: int, pause: float) -> None:
        """So many lines, one after the other."""
        for number in range(count):
            time.sleep(pause)
            with self._database.get_session() as session:
                data = {"written": 1000 * time.monotonic(), "id": str(uuid.uuid4())}
                events.append(session, self.id, "line", f"Line {number} of a program", data=data)


def asked(running: Jarvis, token: str, stop: threading.Event, pause: float = 0.1) -> list[float]:
    """Ask for a page of workflows again and again; the milliseconds of each answer."""
    wire = http.client.HTTPConnection("127.0.0.1", running.web_port, timeout=30)
    found: list[float] = []
    while not stop.wait(pause):
        began = time.perf_counter()
        wire.request("GET", "/api/v1/workflows?limit=50", headers={"Authorization": f"Bearer {token}"})
        answer = wire.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"A request beside the watchers was answered with {answer.status}.")
        found.append(1000 * (time.perf_counter() - began))
    wire.close()
    return found


@contextmanager
def asking(running: Jarvis, token: str) -> Generator[list[float]]:
    """Somebody asks for pages during the block; afterwards the list has the times."""
    times: list[float] = []
    stop = threading.Event()
    thread = threading.Thread(target=lambda: times.extend(asked(running, token, stop)))
    thread.start()
    try:
        yield times
    finally:
        stop.set()
        thread.join()


def web(running: Jarvis) -> float:
    """PSS of the web process and its children, in MB."""
    return sum(memory(pid) for pid, name in family(running.pid()).items() if name == "web")


def worst(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


def watched(
    running: Jarvis, database: DatabaseService, token: str, count: int, lines: int, pause: float
) -> tuple[list[float], list[float], float]:
    """`count` watchers of a new story: p95 of each round, times of others' answers, and the memory then."""
    story = Story(database)
    crowd = Crowd(running, story.id, count, token)
    crowd.read(count)
    rounds: list[float] = []
    used = 0.0
    with asking(running, token) as times:
        for number in range(1, ROUNDS + 1):
            crowd.late.clear()
            writer = threading.Thread(target=story.say, args=(lines, pause))
            writer.start()
            crowd.read(count * (1 + number * lines))
            writer.join()
            rounds.append(worst([late for one in crowd.late.values() for late in one]))
            used = max(used, web(running))
    crowd.close()
    return rounds, times, used


def main() -> None:
    """Measure one watcher, then many, on one Jarvis."""
    wish = options(
        __doc__ or "",
        watchers=(200, "watchers"),
        lines=(50, "events in each of five rounds"),
        pause=(100, "milliseconds between two events"),
        threads=(0, "JARVIS_WEB_THREADS; 0: the default"),
    )
    report = Report("watchers", wish.json)
    variables = {"JARVIS_WEB_THREADS": str(wish.threads)} if wish.threads else {}
    with jarvis(variables=variables) as running:
        running.run("up", "--detach")
        token = (running.home / "secrets" / "token").read_text().strip()
        address = (running.home / "secrets" / "database_url").read_text().strip()
        database = DatabaseService(Settings(database_url=address))
        one, before, _ = watched(running, database, token, 1, wish.lines, wish.pause / 1000)
        calm = web(running)
        many, during, used = watched(running, database, token, wish.watchers, wish.lines, wish.pause / 1000)
        database.close()
    target = f"≤ {TARGET_MS} ms"
    report.add(
        f"event to client, p95 of {wish.watchers}", many, "ms", target=target, beside=("1 watcher", one)
    )
    report.add("memory of the web process before", calm, "MB")
    report.add("memory of the web process for them", used - calm, "MB", target=f"≤ {TARGET_MB} MB")
    report.add("a page for somebody else meanwhile", during, "ms", beside=("1 watcher", before))
    report.finish()


if __name__ == "__main__":
    main()
