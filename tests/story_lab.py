"""Worker processes with the workflows of the tests, on one database: ask, control, watch."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import engine_lab
from caddy_lab import poll
from jarvis.workflows import control
from jarvis.workflows.request import ask
from models import Task, Workflow, WorkflowEvent, WorkflowStatus, WorkflowStep

T = TypeVar("T")


class Stories(engine_lab.Engines):
    """The workers on one database, and the rows of what they run."""

    def start(self, look_every: float = 0, **variables: str) -> subprocess.Popen[bytes]:
        """Start a worker and wait until it takes work."""
        ready = self.home / "run" / "worker.ready"
        ready.unlink(missing_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
        with (self.home / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "story_worker"],
                env={
                    **kept,
                    **variables,
                    "JARVIS_DATABASE_URL": self.url,
                    "JARVIS_HOME": str(self.home),
                    "PYTHONPATH": os.pathsep.join(sys.path),
                },
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        assert poll(ready.exists), self.log()
        return process

    def tell(self, kind: str, queue: str = "", **facts: Any) -> str:
        """Ask for a workflow; returns its id."""
        return self.within(
            lambda session: str(
                ask(session, kind, type=kind, title=kind, queue=queue or kind, by="kim", facts=facts).id
            )
        )

    def within(self, work: Callable[[Session], T]) -> T:
        """The result of `work` in a transaction of its own."""
        with self.database.get_session() as session:
            return work(session)

    def control(self, verb: str, key: str, **more: Any) -> None:
        """Pause, resume, cancel or retry."""
        self.within(lambda session: getattr(control, verb)(session, key, "kim", **more))

    def workflow(self, key: str) -> Workflow:
        """The row."""
        return self.within(lambda session: session.get_one(Workflow, UUID(key)))

    def steps(self, key: str) -> dict[str, WorkflowStep]:
        """The rows of its steps."""
        query = (
            select(WorkflowStep).where(WorkflowStep.workflow_id == UUID(key)).order_by(WorkflowStep.number)
        )
        return {row.name: row for row in self.within(lambda session: list(session.scalars(query)))}

    def events(self, key: str) -> list[WorkflowEvent]:
        """Its story."""
        query = select(WorkflowEvent).where(WorkflowEvent.workflow_id == UUID(key))
        return self.within(lambda session: list(session.scalars(query.order_by(WorkflowEvent.sequence))))

    def tasks(self, key: str) -> list[Task]:
        """The tasks that it opened, oldest first."""
        query = select(Task).where(Task.workflow_id == UUID(key)).order_by(Task.created_at)
        return self.within(lambda session: list(session.scalars(query)))

    def until(self, key: str, *statuses: WorkflowStatus) -> Workflow:
        """The row, once it has one of these statuses; completed without any."""
        wanted = statuses or (WorkflowStatus.COMPLETED,)
        assert poll(lambda: self.workflow(key).status in wanted), (
            self.workflow(key).to_dict(),
            self.log(),
        )
        return self.workflow(key)

    def noted(self, key: str, word: str, times: int = 1) -> None:
        """Wait until a step wrote this word so often."""
        assert poll(lambda: self.notes(key).count(word) >= times), (self.notes(key), self.log())


@contextmanager
def stories(database_url: str) -> Generator[Stories]:
    """Room for workers on `database_url`."""
    from jarvis.engine import request

    with tempfile.TemporaryDirectory(prefix="jsto-") as folder:
        made = Stories(database_url, Path(folder))
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
