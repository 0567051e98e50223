"""Embedded PostgreSQL servers for tests, each in a short-named home below a folder closed to others."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

import psycopg

from jarvis.embedded.postgres import Postgres

AS_ROOT = os.geteuid() == 0


@contextmanager
def closed_home(made: Path | None = None) -> Generator[Path]:
    """A JARVIS_HOME whose parent has mode 0700, as /root has; a copy of `made` if that is given."""
    parent = Path(tempfile.mkdtemp(prefix="jarvis-"))
    try:
        if made is not None:
            subprocess.run(["cp", "-a", made, parent / "home"], check=True)
        yield parent / "home"
    finally:
        shutil.rmtree(parent)


@contextmanager
def running(home: Path) -> Generator[Postgres]:
    """A server that answers and has Jarvis' database."""
    postgres = Postgres(home)
    try:
        postgres.prepare()
        postgres.start()
        postgres.ready(30)
        postgres.ensure_database()
        yield postgres
    finally:
        postgres.stop(30)


def ask(postgres: Postgres, question: LiteralString) -> object:
    """The one value that Jarvis' role gets as an answer."""
    with psycopg.connect(postgres.url) as connection:
        cursor = connection.execute(question)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def supervisor(script: str, home: Path) -> subprocess.Popen[str]:
    """A program of its own that does what `script` says with a `postgres` for `home`."""
    prepared = "from jarvis.embedded.postgres import Postgres\nfrom pathlib import Path\n"
    words = [sys.executable, "-c", f"{prepared}postgres = Postgres(Path({str(home)!r}))\n{script}"]
    return subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": os.pathsep.join(sys.path)}
    )


def process_lives(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
