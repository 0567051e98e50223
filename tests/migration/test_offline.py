"""`alembic upgrade head --sql`: the statements without a server."""

import os
import subprocess
import sys
from pathlib import Path

import postgres_lab
from catalog import catalog
from services.db_service import ALEMBIC, DatabaseService


def statements(folder: Path, *words: str) -> str:
    """What Alembic prints in an environment that names no database at all."""
    command = [sys.executable, "-m", "alembic", "-c", str(ALEMBIC), *words, "--sql"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def psql(service: DatabaseService, script: str) -> None:
    words = [postgres_lab.binaries() / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", service.conninfo]
    subprocess.run(words, input=script, text=True, check=True, capture_output=True)


def test_it_works(empty: DatabaseService, tmp_path: Path):
    psql(empty, statements(tmp_path, "upgrade", "head"))
    offline = catalog(empty.conninfo)
    status = empty.get_migration_status()
    psql(empty, statements(tmp_path, "downgrade", "head:base"))
    assert catalog(empty.conninfo) == set()
    empty.migrate()
    assert offline == catalog(empty.conninfo)
    assert status == empty.get_migration_status()


def test_the_statements_take_the_lock_before_anything_else(tmp_path: Path):
    script = statements(tmp_path, "upgrade", "head")
    assert script.index("BEGIN;") < script.index("pg_advisory_xact_lock") < script.index("CREATE")
    assert script.count("COMMIT;") == 1
