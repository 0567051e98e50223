"""Workers of the durable engine in processes of their own, on one database."""

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from caddy_lab import poll
from config import Settings
from jarvis.engine import request
from services.db_service import DatabaseService

NEVER = 100_000.0
"""Seconds until a worker would look at its queue by itself."""


class Engines:
    """The workers on one database, and what they wrote."""

    def __init__(self, database_url: str, home: Path) -> None:
        self.url = database_url
        self.home = home
        self.database = DatabaseService(Settings(database_url=database_url))
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, look_every: float = NEVER) -> subprocess.Popen[bytes]:
        """Start a worker and wait until it takes work."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
        with (self.home / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "engine_worker"],
                env={
                    **kept,
                    "JARVIS_DATABASE_URL": self.url,
                    "JARVIS_HOME": str(self.home),
                    "LAB_LOOK_EVERY": str(look_every),
                    "PYTHONPATH": os.pathsep.join(sys.path),
                },
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        assert poll((self.home / f"ready-{process.pid}").exists), self.log()
        return process

    def ask(self, name: str, service: str = "shop") -> str:
        """Enqueue a workflow in a transaction of its own; returns its id."""
        key = str(uuid.uuid4())
        with self.database.get_session() as session:
            request.enqueue(session, name, key, service=service)
        return key

    def go(self) -> None:
        """Let every step that waits go on."""
        (self.home / "go").touch()

    def notes(self, key: str = "") -> list[str]:
        """What the steps of a workflow, or of all, wrote."""
        file = self.home / "notes"
        lines = [line.split(" ", 1) for line in file.read_text().splitlines()] if file.exists() else []
        return [word if key else f"{owner} {word}" for owner, word in lines if not key or owner == key]

    def row(self, key: str) -> tuple[str, Any] | None:
        """The engine's status and output of a workflow."""
        found = request.client().list_workflows(workflow_ids=[key])
        return (found[0].status, found[0].output) if found else None

    def outcome(self, key: str) -> Any:
        """What the workflow returned, once it did."""
        assert poll(lambda: (self.row(key) or ("",))[0] == "SUCCESS"), (self.row(key), self.log())
        return (self.row(key) or ("", None))[1]

    def log(self) -> str:
        """What the workers wrote into their log."""
        return (self.home / "log").read_text()

    def stop(self) -> None:
        """End all of them."""
        for process in self.processes:
            process.kill()
            process.wait(30)


@contextmanager
def engines(database_url: str) -> Generator[Engines]:
    """Room for workers on `database_url`; `jarvis.engine.request` asks there."""
    with tempfile.TemporaryDirectory(prefix="jeng-") as folder:
        made = Engines(database_url, Path(folder))
        before = request.db_service
        request.db_service = made.database
        request.client.cache_clear()
        try:
            yield made
        finally:
            made.stop()
            request.db_service = before
            request.client.cache_clear()
            made.database.close()


def prepare(database_url: str) -> None:
    """Make the engine's tables, as the first worker does."""
    with engines(database_url) as made:
        process = made.start()
        process.terminate()
        process.wait(60)
