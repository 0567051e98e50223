"""A workflow of five steps that do nothing: from the request to the completed row, and how many a second.

Beside it the bare engine with its own queue and five steps of its own, on the same PostgreSQL, which waits
for the disk as in earnest. Ours also writes its row, its steps and its story.
"""

import statistics
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from dbos import DBOSClient
from engine_room import bare_worker, room
from report import Report, options

from config import Settings
from jarvis.workflows.request import ask
from services.db_service import DatabaseService
from story_lab import Stories

PAUSE = 0.05
"""Seconds between two requests: the worker is idle when one comes."""


def ask_ours(stories: Stories, queue: str) -> str:
    """One request, as the API makes it."""
    with stories.database.get_session() as session:
        return str(ask(session, "noop", type="noop", title="noop", queue=queue, by="bench", facts={}).id)


def until(question: Callable[[], bool]) -> None:
    """Wait, looking every millisecond."""
    while not question():
        time.sleep(0.001)


def latencies(ask_one: Callable[[], str], ended: Callable[[str], bool], rounds: int) -> list[float]:
    """Milliseconds from each request to its end."""
    found: list[float] = []
    for _ in range(rounds):
        time.sleep(PAUSE)
        began = time.perf_counter()
        key = ask_one()
        until(lambda key=key: ended(key))
        found.append(1000 * (time.perf_counter() - began))
    return found


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


def ours(stories: Stories, rounds: int, many: int) -> tuple[list[float], float]:
    """Latencies, and workflows a second."""
    stories.start(LAB_AS_IN_EARNEST="1")
    with psycopg.connect(stories.database.conninfo, autocommit=True) as rows:

        def ended(key: str) -> bool:
            query = "SELECT status = 'completed' FROM workflows WHERE id = %s"
            return bool((rows.execute(query, [uuid.UUID(key)]).fetchone() or (False,))[0])

        latencies(lambda: ask_ours(stories, "warm"), ended, 10)
        taken = latencies(lambda: ask_ours(stories, "one"), ended, rounds)
        began = time.perf_counter()
        for number in range(many):
            ask_ours(stories, f"many {number % 50}")
        left = "SELECT count(*) FROM workflows WHERE status <> 'completed'"
        until(lambda: (rows.execute(left).fetchone() or (1,))[0] == 0)
        return taken, many / (time.perf_counter() - began)


def bare(url: str, poll: float, rounds: int, many: int, folder: Path) -> tuple[list[float], float]:
    """The same of the bare engine."""
    service = DatabaseService(Settings(database_url=url))
    with bare_worker(url, poll, folder), psycopg.connect(service.conninfo, autocommit=True) as rows:
        client = DBOSClient(system_database_url=url)

        def ask_one() -> str:
            options = {"workflow_name": "bare", "queue_name": "work", "workflow_id": str(uuid.uuid4())}
            return client.enqueue(options).get_workflow_id()  # pyright: ignore[reportArgumentType] - its own dict

        def ended(key: str) -> bool:
            query = "SELECT status = 'SUCCESS' FROM dbos.workflow_status WHERE workflow_uuid = %s"
            return bool((rows.execute(query, [key]).fetchone() or (False,))[0])

        latencies(ask_one, ended, 3)
        taken = latencies(ask_one, ended, rounds)
        began = time.perf_counter()
        for _ in range(many):
            ask_one()
        left = "SELECT count(*) FROM dbos.workflow_status WHERE status <> 'SUCCESS'"
        until(lambda: (rows.execute(left).fetchone() or (1,))[0] == 0)
        return taken, many / (time.perf_counter() - began)


def main() -> None:
    """Measure."""
    wish = options(__doc__ or "", rounds=(100, "workflows one by one"), many=(300, "workflows at once"))
    report = Report("workflows", wish.json)
    with room() as (stories, other), TemporaryDirectory() as place:
        taken, rate = ours(stories, wish.rounds, wish.many)
        stories.stop()
        slow, _ = bare(other, 1.0, min(wish.rounds, 15), 1, Path(place))
        quick, bare_rate = bare(other, 0.1, min(wish.rounds, 40), wish.many, Path(place))
    report.add("request to completed row", taken, "ms", target="≤ 60 ms", beside=("poll 1 s", slow))
    report.add("… beside the bare engine at 0.1 s", taken, "ms", beside=("poll 0.1 s", quick))
    report.add("… 95th percentile", p95(taken), "ms", target="≤ 150 ms", beside=("poll 0.1 s", [p95(quick)]))
    report.add("workflows a second", rate, "/s", target="≥ 1 ×", beside=("poll 0.1 s", [bare_rate]))
    report.finish()


if __name__ == "__main__":
    main()
