"""Several processes start at once, or one finds the database busy or newer than itself."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from catalog import tables
from models import Base
from services.db_service import DatabaseService, MigrationFailed

START = """
import sys
from config import Settings
from services.db_service import DatabaseService
url = sys.stdin.readline().strip()
print("here", flush=True)
sys.stdin.readline()
sys.exit(0 if DatabaseService(Settings(database_url=url)).run_migrations() else 1)
"""


def start(url: str, folder: Path) -> "subprocess.Popen[str]":
    """A process that waits for a word before it migrates."""
    words = [sys.executable, "-W", "error", "-c", START]
    process = subprocess.Popen(
        words, cwd=folder, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(url + "\n")
    process.stdin.flush()
    assert process.stdout.readline() == "here\n"
    return process


def test_it_works_when_processes_start_at_once(empty: DatabaseService, tmp_path: Path):
    url = empty.settings.database_url
    processes = [start(url, tmp_path) for _ in range(3)]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], errors
    assert tables(empty.conninfo) == set(Base.metadata.tables)


def test_the_second_starter_waits_for_the_first(empty: DatabaseService, tmp_path: Path):
    with psycopg.connect(empty.conninfo) as first:
        first.execute("SELECT pg_advisory_xact_lock(%s)", [0x4A415256_49535442])
        process = start(empty.settings.database_url, tmp_path)
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        with psycopg.connect(empty.conninfo, autocommit=True) as watch:
            while watch.execute(waiting).fetchone() == (0,):
                assert process.poll() is None
        assert tables(empty.conninfo) == set()
    assert process.wait(60) == 0, process.communicate()[1]
    process.communicate()
    assert tables(empty.conninfo) == set(Base.metadata.tables)


def test_a_database_newer_than_this_jarvis_is_left_alone(empty: DatabaseService):
    empty.migrate()
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '999'"))
    with pytest.raises(MigrationFailed, match="newer Jarvis"):
        empty.migrate()
    assert empty.get_migration_status()["up_to_date"] is False


def test_a_revision_that_fails_leaves_nothing_behind(empty: DatabaseService):
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE domain_records (id int)"))
    with pytest.raises(MigrationFailed, match='relation "domain_records" already exists'):
        empty.migrate()
    assert tables(empty.conninfo) == {"domain_records"}


def test_the_process_environment_leads_alembic_to_the_database(empty: DatabaseService, tmp_path: Path):
    from services.db_service import ALEMBIC

    words = [sys.executable, "-m", "alembic", "-c", str(ALEMBIC), "upgrade", "head"]
    environment = {**os.environ, "JARVIS_DATABASE_URL": empty.settings.database_url}
    subprocess.run(words, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert empty.get_migration_status()["up_to_date"] is True
