"""Services on a real proxy, database and worker, for the tests of what Jarvis does by itself."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

import config
from caddy_lab import CaddyLab, free_port, poll
from jarvis.builds import release as releases
from jarvis.deployments import steps
from jarvis.deployments.upkeep import routine
from jarvis.engine import request
from jarvis.home import Home
from jarvis.proxy.site import publish
from jarvis.proxy.tls import Https
from jarvis.workflows import ledger
from models import Deployment, Task, Workflow
from postgres_lab import Server
from seed import MORNING, Seed
from services.db_service import db_service


class Place:
    """One JARVIS_HOME with its proxy, and a worker that may be started."""

    def __init__(self, caddy: CaddyLab) -> None:
        self.caddy = caddy
        self.home = Home(caddy.home)
        self.seed = Seed(db_service)
        self._worker: subprocess.Popen[bytes] | None = None

    def work(self) -> None:
        """Start the worker."""
        if self._worker is not None and self._worker.poll() is None:
            return
        self.home.worker_ready.unlink(missing_ok=True)
        kept = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        with (self.home.root / "worker.log").open("ab") as log:
            words = [sys.executable, "-m", "upkeep_worker"]
            self._worker = subprocess.Popen(words, env=kept, stdout=log, stderr=log)
        assert poll(self.home.worker_ready.exists), self.log()

    def kill_at(self, moment: str) -> None:
        """Let the worker die there: `repair.mend after`."""
        (self.home.root / "die").write_text(moment)

    def again(self) -> None:
        """Start another worker once this one has died."""
        assert self._worker is not None
        assert poll(lambda: self._worker is None or self._worker.poll() is not None), self.log()
        self.work()

    def stop(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.kill()
            self._worker.wait(30)

    def log(self) -> str:
        """What the worker wrote."""
        return (self.home.root / "worker.log").read_text(errors="replace")

    def live(self, name: str, page: str = "<p>1", *, domain: str = "", at: datetime = MORNING) -> str:
        """A service that answers; the id of its deployment."""
        key = self.seed.live(name, domain=domain, at=at)
        self.release(name, key, {"index.html": page})
        host = domain or f"{name}.localhost"
        publish(self.home.www, service=name, hosts=[host], release=self.home.release(name, key))
        return key

    def release(self, name: str, key: str, files: Mapping[str, str]) -> Path:
        """A release as a deploy makes it."""
        tree = Path(tempfile.mkdtemp(dir=self.home.root)) / "tree"
        for path, content in files.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(content)
        found = {path: hashlib.sha256(content.encode()).hexdigest() for path, content in files.items()}
        made = self.home.release(name, key)
        releases.make(tree, "", found, made, marker=key, previous=None)
        return made

    def ended(self, workflow: str) -> dict[str, Any]:
        """The row of a workflow, once it has ended."""

        def look() -> bool:
            with db_service.get_session() as session:
                return session.get_one(Workflow, UUID(workflow)).status in ledger.FINAL

        assert poll(look), self.log()
        return self.rows("id", workflow)[0]

    def rows(self, column: str, value: str) -> list[dict[str, Any]]:
        """The workflows of one kind or service, oldest first, without the deployments that were there."""
        query = select(Workflow).where(getattr(Workflow, column) == value)
        query = query.where(Workflow.workflow_type != "deployment").order_by(Workflow.created_at)
        with db_service.get_session() as session:
            return [row.to_dict() for row in session.scalars(query)]

    def deployment(self, key: str) -> dict[str, Any]:
        """The row of a deployment."""
        with db_service.get_session() as session:
            return session.get_one(Deployment, UUID(key)).to_dict()

    def tasks(self, key: str) -> list[dict[str, Any]]:
        """The tasks with this key, oldest first."""
        with db_service.get_session() as session:
            query = select(Task).where(Task.key == key).order_by(Task.created_at)
            return [row.to_dict() for row in session.scalars(query)]

    def engine_rows(self, kind: str) -> int:
        """How many lives of one kind the engine knows."""
        query = text("SELECT count(*) FROM jarvis_dbos.workflow_status WHERE name = :kind")
        with db_service.get_session() as session:
            return session.execute(query, {"kind": kind}).scalar_one()

    def asked(self, kind: str) -> str:
        """Ask for routine work of one kind; the id of its workflow."""
        with db_service.get_session() as session:
            row, gone = routine.ask(session, kind, title=kind, queue=f"jarvis:{kind}")
            key = str(row.id)
        routine.forget(gone)
        return key

    def done(self, kind: str) -> dict[str, Any]:
        """Ask for routine work of one kind, and wait for its end."""
        return self.ended(self.asked(kind))


@contextmanager
def place(postgres: Server, template: str, *, https: bool = False) -> Generator[Place]:
    """A place of one's own; afterwards the process is as it was. With `https` its sites have it."""
    name = postgres.create(template)
    folder = Path(tempfile.mkdtemp(prefix="jup-"))
    folder.chmod(0o755)
    port = free_port() if https else 0
    given = Https(port, port, Home(folder).certificates, "of-this-test") if https else None
    caddy = CaddyLab(folder, https=given, wrap=lambda words: ["env", "-C", str(folder / "www"), *words])
    with pytest.MonkeyPatch.context() as patch:
        for variable in map(config.variable, config.Settings.__dataclass_fields__):
            patch.delenv(variable, raising=False)
        patch.setenv("JARVIS_DATABASE_URL", postgres.url(name))
        patch.setenv("JARVIS_HOME", str(folder))
        patch.setenv("JARVIS_HTTP_PORT", str(caddy.port))
        patch.setenv("JARVIS_HTTPS_PORT", str(port))
        forget()
        with caddy:
            made = Place(caddy)
            try:
                yield made
            finally:
                made.stop()
                forget()
    config.settings.cache_clear()
    postgres.drop(name)
    shutil.rmtree(folder)


def forget() -> None:
    """Let this process read its settings anew, and connect anew."""
    config.settings.cache_clear()
    steps.home.cache_clear()
    request.client.cache_clear()
    db_service.close()
