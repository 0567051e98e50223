"""Lists of 1,000,000 workflows beside lists of 10,000: two Jarvis with different pasts, asked by turns.

The rows are written straight into the databases; the pages are asked for by the API over a kept connection.
"""

import http.client
import json
import time
from contextlib import ExitStack
from typing import Any

import psycopg
from lab import Jarvis, jarvis
from report import Report, options

from config import Settings
from services.db_service import DatabaseService

FILL = """
    INSERT INTO workflows (id, name, workflow_type, status, current_step, total_steps, created_by, metadata,
                           service, queue, life, created_at, updated_at, started_at, completed_at)
    SELECT gen_random_uuid(), 'Deploy ' || number,
           (ARRAY['deployment', 'rollback', 'removal', 'fetch'])[1 + number %% 4],
           (CASE WHEN number %% 10 = 0 THEN 'failed' ELSE 'completed' END)::workflow_status, 5, 5,
           'user-' || number %% 10, '{}', 'service-' || number %% 100, 'service-' || number %% 100, 1,
           now() - number * interval '1 second', now(), now(), now()
    FROM generate_series(1, %s) AS number
"""
PAGES = {
    "first page": "",
    "of one type": "&workflow_type=rollback",
    "failed ones": "&status=failed",
    "of one service": "&service=service-7",
    "of one person": "&created_by=user-3",
}


class Reader:
    """One connection to the API of one Jarvis."""

    def __init__(self, running: Jarvis) -> None:
        self._wire = http.client.HTTPConnection("127.0.0.1", running.web_port, timeout=60)
        token = (running.home / "secrets" / "token").read_text().strip()
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def page(self, query: str) -> float:
        """The milliseconds until a page was here."""
        began = time.perf_counter()
        self._wire.request("GET", f"/api/v1/workflows?limit=50{query}", headers=self._headers)
        answer = self._wire.getresponse()
        body = answer.read()
        took = 1000 * (time.perf_counter() - began)
        if answer.status != 200:
            raise SystemExit(f"A page was answered with {answer.status}: {body[:500]!r}")
        shown: dict[str, Any] = json.loads(body)
        if len(shown["items"]) != 50:
            raise SystemExit(f"A page has {len(shown['items'])} rows instead of 50: {query}")
        return took


def fill(running: Jarvis, count: int) -> None:
    """Write `count` rows."""
    address = (running.home / "secrets" / "database_url").read_text().strip()
    with psycopg.connect(DatabaseService(Settings(database_url=address)).conninfo, autocommit=True) as rows:
        rows.execute(FILL, [count])
        rows.execute("VACUUM ANALYZE workflows")


def main() -> None:
    """Measure, by turns, so that noise meets both alike."""
    wish = options(
        __doc__ or "", rows=(1_000_000, "rows"), few=(10_000, "rows beside"), rounds=(100, "times each page")
    )
    report = Report("timeline", wish.json)
    with ExitStack() as stack:
        readers: list[Reader] = []
        for count in (wish.rows, wish.few):
            running = stack.enter_context(jarvis())
            running.run("up", "--detach")
            fill(running, count)
            readers.append(Reader(running))
        for name, words in PAGES.items():
            taken: tuple[list[float], list[float]] = ([], [])
            for _ in range(wish.rounds):
                for reader, times in zip(readers, taken, strict=True):
                    times.append(reader.page(words))
            report.add(name, taken[0], "ms", target="≤ 1.2 ×", beside=(f"{wish.few:,} rows", taken[1]))
    report.finish()


if __name__ == "__main__":
    main()
