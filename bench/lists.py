"""Pages of 1,000,000 artifacts: the first one beside the 1,000th, by the API, plain and with filters.

The rows are written straight into the database. The pages are asked for as any client does, over one
connection that is kept open, each with the cursor of the page before.
"""

import http.client
import json
import time
from typing import Any

import psycopg
from lab import Jarvis, jarvis
from report import Report, options

from config import Settings
from services.db_service import DatabaseService

FILL = """
    INSERT INTO artifacts (filename, original_filename, file_type, storage_path, file_size, checksum_sha256,
                           detected_service_type, uploaded_by, uploaded_at)
    SELECT digest, 'site-' || number || '.zip',
           (ARRAY['zip', 'tar', 'directory', 'single_file'])[1 + number %% 4]::artifact_file_type,
           'sha256/' || left(digest, 2) || '/' || digest, 1000 + number, digest,
           (ARRAY['static', 'web', 'worker', NULL])[1 + number %% 4], 'user-' || number %% 10,
           now() - number * interval '1 second'
    FROM (SELECT number, encode(sha256(number::text::bytea), 'hex') AS digest
          FROM generate_series(1, %s) AS number) AS made
"""
FILTERS = {
    "all": "",
    "of one type": "&file_type=zip",
    "of one uploader": "&uploaded_by=user-3",
    "of one kind": "&service_type=web",
    "with a part in the name": "&q=site-1",
}
LAST = 1000


class Reader:
    """One connection to the API."""

    def __init__(self, running: Jarvis) -> None:
        self._wire = http.client.HTTPConnection("127.0.0.1", running.web_port, timeout=60)
        token = (running.home / "secrets" / "token").read_text().strip()
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def page(self, query: str) -> tuple[dict[str, Any], float]:
        """A page, and the milliseconds until it was here."""
        began = time.perf_counter()
        self._wire.request("GET", f"/api/v1/artifacts?limit=50{query}", headers=self._headers)
        answer = self._wire.getresponse()
        body = answer.read()
        took = 1000 * (time.perf_counter() - began)
        if answer.status != 200:
            raise SystemExit(f"A page was answered with {answer.status}: {body[:500]!r}")
        return json.loads(body), took


def fill(running: Jarvis, count: int) -> None:
    """Write `count` rows."""
    address = (running.home / "secrets" / "database_url").read_text().strip()
    with psycopg.connect(DatabaseService(Settings(database_url=address)).conninfo, autocommit=True) as rows:
        rows.execute(FILL, [count])
        rows.execute("VACUUM ANALYZE artifacts")


def main() -> None:
    """Measure; the first and the 1,000th page by turns, so that noise meets both alike."""
    wish = options(__doc__ or "", rows=(1_000_000, "rows"), rounds=(100, "times each page is asked for"))
    report = Report("lists", wish.json)
    with jarvis() as running:
        running.run("up", "--detach")
        fill(running, wish.rows)
        reader = Reader(running)
        for name, words in FILTERS.items():
            cursor = ""
            for _ in range(LAST - 1):
                cursor = f"&cursor={reader.page(words + cursor)[0]['next']}"
            first: list[float] = []
            last: list[float] = []
            for _ in range(wish.rounds):
                first.append(reader.page(words)[1])
                last.append(reader.page(words + cursor)[1])
            report.add(f"{name}: page {LAST:,}", last, "ms", target="≤ 1.2 ×", beside=("page 1", first))
        rare = [reader.page("&q=no-such-name")[1] for _ in range(3)]
        report.add("a part that is in no name", rare, "ms")
    report.finish()


if __name__ == "__main__":
    main()
