"""A database whose disk fills up in the middle of a workflow: it waits, and goes on when there is room."""

import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import postgres_lab
import story_lab
from caddy_lab import poll
from config import Settings
from jarvis.errors import Unavailable
from jarvis.workflows import ledger
from jarvis.workflows.events import END
from models import StepStatus, WorkflowStatus
from services.db_service import DatabaseFull, DatabaseService
from story_lab import Stories

pytestmark = pytest.mark.root_only
NOTES = [f"step {number}{end}" for number in range(1, 6) for end in ("", " ended")]
BULK = 3_000_000
"""Bytes that each step returns: more than fits into what the database has in reserve."""


class Disk:
    """A small file system that can be filled to its last byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave no room."""
        with self._ballast.open("ab", buffering=0) as file:
            try:
                while file.write(bytes(65536)):
                    pass
            except OSError:
                return

    def free(self) -> None:
        """Make room again."""
        self._ballast.unlink()


@contextmanager
def disk(megabytes: int) -> Generator[Disk]:
    """A file system of this size."""
    folder = Path(tempfile.mkdtemp(prefix="jfull-", dir="/tmp"))
    folder.chmod(0o755)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server(small: str, megabytes: int) -> Generator[tuple[Disk, postgres_lab.LocalServer]]:
    """A PostgreSQL that has its `data` or its `wal` on a small disk, and the other one elsewhere."""
    with tempfile.TemporaryDirectory(prefix="jroom-", dir="/tmp") as room, disk(megabytes) as place:
        Path(room).chmod(0o755)
        folders = {name: (place.folder if name == small else Path(room)) / name for name in ("data", "wal")}
        with postgres_lab.local_server(**folders) as made:
            yield place, made


@contextmanager
def tales(server: postgres_lab.LocalServer) -> Generator[Stories]:
    """Room for workers on a fresh database of `server`."""
    url = server.url(server.create())
    service = DatabaseService(Settings(database_url=url))
    service.migrate()
    service.close()
    with story_lab.stories(url) as made:
        yield made


def once(stories: Stories, key: str) -> None:
    """It completed, every step was done once, and its story has one end."""
    row = stories.until(key)
    assert (row.life, row.error_message) == (1, None)
    assert stories.notes(key) == NOTES
    assert [event.kind for event in stories.events(key)].count(END) == 1
    assert [step.status for step in stories.steps(key).values()] == [StepStatus.DONE] * 6


def waits(stories: Stories, words: str, times: int = 4) -> None:
    """The worker tries again and again, and says why it has to."""
    assert poll(lambda: stories.log().count(f"Waiting for the database: {words}") >= times), stories.log()


def test_it_works() -> None:
    """The tables cannot grow."""
    with server("data", 160) as (place, postgres), tales(postgres) as stories:
        stories.start()
        key = stories.tell("five", gate="step 2", bulk=BULK)
        stories.noted(key, "step 2")
        place.fill()
        (stories.home / "go").touch()
        waits(stories, f"The database at {stories.database.place} has a full disk")
        assert "No space left on device" in stories.log()
        assert stories.workflow(key).status is WorkflowStatus.RUNNING
        assert stories.notes(key) == NOTES[:4], "the next step does not begin before this one is kept"
        place.free()
        once(stories, key)


def test_a_worker_that_dies_meanwhile() -> None:
    """Another one takes the work up, waits as well, and does the step that was not kept once more."""
    with server("data", 160) as (place, postgres), tales(postgres) as stories:
        first = stories.start()
        key = stories.tell("five", gate="step 2", bulk=BULK)
        stories.noted(key, "step 2")
        place.fill()
        (stories.home / "go").touch()
        waits(stories, "The database")
        first.kill()
        first.wait(30)
        place.free()
        stories.start()
        stories.until(key)
        assert stories.notes(key) == [*NOTES[:4], *NOTES[2:]]
        assert [event.kind for event in stories.events(key)].count(END) == 1


def test_a_full_log_ends_the_server_and_not_the_workflow() -> None:
    """PostgreSQL panics when its write-ahead log finds no room; it comes back, or is started again."""
    with server("wal", 128) as (place, postgres), tales(postgres) as stories:
        stories.start()
        key = stories.tell("five", gate="step 2", bulk=BULK)
        stories.noted(key, "step 2")
        with postgres.connect() as connection:
            connection.execute("CHECKPOINT")  # a crash may take the beginning of a step: not here
        place.fill()
        crash(postgres)
        (stories.home / "go").touch()
        waits(stories, "The database")
        assert stories.notes(key) == NOTES[:4]
        place.free()
        postgres.again()
        once(stories, key)


def crash(postgres: postgres_lab.LocalServer) -> None:
    """Write until the log finds no room."""
    with postgres.connect() as connection:
        connection.execute("CREATE TABLE much (words text)")
        with pytest.raises(psycopg.OperationalError):
            connection.execute(
                "INSERT INTO much SELECT repeat(md5(n::text), 100) FROM generate_series(1, 1000000) n"
            )
    assert poll(lambda: "PANIC" in postgres.log()), postgres.log()


def test_it_is_given_up_with_a_clear_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has to make room is told so."""
    monkeypatch.setattr(ledger, "PATIENCE", 0.3)
    with server("data", 160) as (place, postgres), tales(postgres) as stories:
        monkeypatch.setattr(ledger, "db_service", stories.database)
        stories.within(lambda session: session.execute(text("CREATE TABLE much (words text)")))
        place.fill()

        def write(session: Session) -> None:
            session.execute(
                text("INSERT INTO much SELECT md5(n::text) || n FROM generate_series(1, 100000) n")
            )

        with pytest.raises(DatabaseFull, match="has a full disk: could not extend"):
            stories.within(write)
        with pytest.raises(Unavailable, match="The disk of the database is full") as told:
            ledger.patiently(write)
        assert not told.value.transient, "it was waited for already"
        assert "Free some space" in told.value.hint
        place.free()
        ledger.patiently(write)
