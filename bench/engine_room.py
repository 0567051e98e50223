"""A PostgreSQL that writes to the disk as it should, and workers on it: ours, and the bare engine's."""

import os
import subprocess
import sys
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import postgres_lab
import story_lab
from config import Settings
from services.db_service import DatabaseService
from story_lab import Stories

postgres_lab.SETTINGS.update({"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"})

BARE = """
import sys
from dbos import DBOS
url, poll, ready = sys.argv[1:]
DBOS(config={"name": "bare", "system_database_url": url, "application_version": "1", "log_level": "ERROR"})
@DBOS.step()
def one() -> int:
    return 1
@DBOS.workflow(name="bare")
def bare() -> int:
    return sum(one() for _ in range(5))
DBOS.launch()
DBOS.register_queue("work", worker_concurrency=64, polling_interval_sec=float(poll))
open(ready, "w").close()
sys.stdin.read()
"""


@contextmanager
def room() -> Generator[tuple[Stories, str]]:
    """Workers of ours on one database, and the address of another one for the bare engine."""
    with postgres_lab.serve() as server:
        own, other = server.create(), server.create()
        service = DatabaseService(Settings(database_url=server.url(own)))
        service.migrate()
        service.close()
        with story_lab.stories(server.url(own)) as stories:
            yield stories, server.url(other)


@contextmanager
def bare_worker(url: str, poll: float, folder: Path) -> Generator[None]:
    """The bare engine, asking its queue every `poll` seconds."""
    ready = folder / f"bare-{uuid.uuid4()}"
    words = [sys.executable, "-c", BARE, url, str(poll), str(ready)]
    env = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
    with (folder / "bare.log").open("ab") as log:
        process = subprocess.Popen(words, env=env, stdin=subprocess.PIPE, stdout=log, stderr=log)
        try:
            if not story_lab.poll(ready.exists, 60):
                sys.exit((folder / "bare.log").read_text())
            yield
        finally:
            process.kill()
            process.wait()
