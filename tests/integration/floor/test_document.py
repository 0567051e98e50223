"""The document's snippets and start-up lines, run as printed in a fresh interpreter from another folder."""

import os
import subprocess
import sys
from pathlib import Path

import document
import postgres_lab
from config import Settings
from models import Workflow
from services.db_service import DatabaseService


def run(code: str, folder: Path, url: str = "") -> str:
    """What `code` prints in an environment that holds one Jarvis variable at most."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
    if url:
        environment["JARVIS_DATABASE_URL"] = url
    words = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_works(service: DatabaseService, tmp_path: Path):
    assert run(document.USING, tmp_path, service.settings.database_url) == ""
    with service.get_session() as session:
        row = session.query(Workflow).one()
        assert (row.name, row.workflow_type) == ("Deploy mysite to example.com", "deployment")
        assert row.created_by == "admin"


def test_the_health_check_prints_what_the_document_says(database_url: str, tmp_path: Path):
    code = document.USING + document.HEALTH
    assert run(code, tmp_path, database_url) == document.HEALTH_PRINTS + "\n"


def test_the_migration_status_prints_the_newest_revision_twice(service: DatabaseService, tmp_path: Path):
    head = service.get_migration_status()["head_revision"]
    code = document.USING + document.MIGRATION
    printed = run(code, tmp_path, service.settings.database_url)
    assert printed == f"Current: {head}\nLatest: {head}\n"


def test_without_a_database_the_snippets_run_and_do_nothing(tmp_path: Path):
    code = document.USING + document.HEALTH
    assert run(code, tmp_path) == "{'healthy': False, 'message': 'JARVIS_DATABASE_URL is not set.'}\n"


def test_the_start_up_lines_are_the_documents_but_for_the_newest_revision(postgres: postgres_lab.Server):
    name = postgres.create()
    service = DatabaseService(Settings(database_url=postgres.url(name)))
    lines: list[str] = []
    assert service.initialise(lines.append) is True
    head = service.get_migration_status()["head_revision"]
    assert "".join(f"{line}\n" for line in lines) == document.START_UP.replace("001", str(head))
    service.close()
    postgres.drop(name)


def test_without_an_address_the_start_up_lines_say_so():
    lines: list[str] = []
    assert DatabaseService(Settings(database_url="")).initialise(lines.append) is False
    rule = "=" * 60
    assert lines == [
        rule,
        "Initializing Jarvis Platform Database",
        rule,
        "✗ Database service is not available: JARVIS_DATABASE_URL is not set.",
        "Continuing without the database; what needs it is unavailable until it answers.",
        rule,
    ]


def test_a_failed_migration_is_said_in_the_start_up_lines(postgres: postgres_lab.Server):
    name = postgres.create()
    service = DatabaseService(Settings(database_url=postgres.url(name)))
    with postgres.connect(name) as connection:
        connection.execute("CREATE TABLE workflows (id int)")
    lines: list[str] = []
    assert service.initialise(lines.append) is False
    assert lines[4].startswith("✗ Database migrations failed: The tables cannot be migrated: ")
    assert lines[-2].startswith("Continuing without the database")
    service.close()
    postgres.drop(name)
