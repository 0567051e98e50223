"""config/postgres-init/03-init-jarvis-db.sh against a real server."""

import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

import postgres_lab
from config import Settings
from services.db_service import DatabaseService

SCRIPT = Path(__file__).parents[3] / "config/postgres-init/03-init-jarvis-db.sh"
PASSWORDS = [
    "plain-word",
    "it's",
    'say "hi"',
    "cost$HOME$(id)`id`",
    "a;DROP ROLE postgres;--",
    "back\\slash\\n",
    "$$dollar$$ :password :'password'",
    "sp ace\ttab",
    "100%25@host/path?x#y&z=é✓",
    "'",
    "\\'; \\! touch /tmp/never",
]


@pytest.fixture(scope="module")
def logging_server(own_server: postgres_lab.LocalServer) -> postgres_lab.LocalServer:
    """A server that logs every statement it is given."""
    with own_server.connect() as connection:
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("ALTER SYSTEM SET log_min_duration_statement = 0")
        connection.execute("SELECT pg_reload_conf()")
    return own_server


def run(server: postgres_lab.LocalServer, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the script as a person would, by PG* variables."""
    environment = postgres_lab.environment()
    environment["PATH"] = f"{server.bin}:{environment['PATH']}"
    place = server.keywords
    environment |= {"PGHOST": place["host"], "PGUSER": place["user"], "PGPASSWORD": place["password"]}
    return subprocess.run(
        [SCRIPT], env=environment | variables, capture_output=True, text=True, timeout=60, check=False
    )


def log_in(server: postgres_lab.LocalServer, password: str) -> "psycopg.Connection[tuple[object, ...]]":
    place = {"host": str(server.folder), "user": "jarvis", "dbname": "homelab_jarvis"}
    return psycopg.connect(make_conninfo(**place, password=password), autocommit=True)


def test_it_works(own_server: postgres_lab.LocalServer):
    done = run(own_server, JARVIS_DB_PASSWORD="first")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "The database homelab_jarvis and its user jarvis are ready.\n"
    url = f"postgresql://jarvis:first@/homelab_jarvis?host={quote(str(own_server.folder), safe='')}"
    service = DatabaseService(Settings(database_url=url))
    service.migrate()
    assert service.get_migration_status()["up_to_date"] is True
    service.close()


@pytest.mark.parametrize("password", PASSWORDS)
def test_any_password_opens_the_door_and_stands_in_no_log(
    logging_server: postgres_lab.LocalServer, password: str
):
    before = len(logging_server.log())
    done = run(logging_server, JARVIS_DB_PASSWORD=password)
    assert (done.returncode, done.stderr) == (0, "")
    log_in(logging_server, password).close()
    written = logging_server.log()[before:]
    assert "REVOKE CREATE ON SCHEMA" in written  # this server does log
    assert "PASSWORD" not in written
    # The URL of the compose file, with the password percent-encoded as the documentation says.
    place = quote(str(logging_server.folder), safe="")
    url = f"postgresql://jarvis:{quote(password, safe='')}@/homelab_jarvis?host={place}"
    service = DatabaseService(Settings(database_url=url))
    assert service.is_available
    service.close()


def test_a_second_run_sets_the_password_and_keeps_the_rows(own_server: postgres_lab.LocalServer):
    run(own_server, JARVIS_DB_PASSWORD="old")
    with log_in(own_server, "old") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS one")
    assert run(own_server, JARVIS_DB_PASSWORD="new").returncode == 0
    with log_in(own_server, "new") as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        log_in(own_server, "old")


def test_the_password_may_come_from_a_file(own_server: postgres_lab.LocalServer, tmp_path: Path):
    file = tmp_path / "password"
    file.write_bytes(b"from 'a' file\r\n")
    assert run(own_server, JARVIS_DB_PASSWORD_FILE=str(file)).returncode == 0
    log_in(own_server, "from 'a' file").close()


def test_a_missing_password_changes_nothing(own_server: postgres_lab.LocalServer):
    run(own_server, JARVIS_DB_PASSWORD="stays")
    done = run(own_server)
    assert done.returncode == 1
    assert "JARVIS_DB_PASSWORD is not set" in done.stderr
    log_in(own_server, "stays").close()


def test_both_sources_at_once_are_refused(own_server: postgres_lab.LocalServer, tmp_path: Path):
    done = run(own_server, JARVIS_DB_PASSWORD="secret-a", JARVIS_DB_PASSWORD_FILE=str(tmp_path / "x"))
    assert done.returncode == 1
    assert "both set" in done.stderr
    assert "secret-a" not in done.stderr


def test_a_file_that_is_not_there_is_named(own_server: postgres_lab.LocalServer, tmp_path: Path):
    done = run(own_server, JARVIS_DB_PASSWORD_FILE=str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert str(tmp_path / "nowhere") in done.stderr


def test_a_server_that_is_away_fails_the_script(own_server: postgres_lab.LocalServer, tmp_path: Path):
    done = run(own_server, JARVIS_DB_PASSWORD="hidden-word", PGHOST=str(tmp_path))
    assert done.returncode != 0
    assert "hidden-word" not in done.stdout + done.stderr


def test_the_image_may_read_the_script_instead_of_running_it(own_server: postgres_lab.LocalServer):
    """The image sources a script that lost its executable bit; its own environment must stay as it was."""
    environment = postgres_lab.environment() | {"JARVIS_DB_PASSWORD": "sourced"}
    place = own_server.keywords
    environment |= {"PGHOST": place["host"], "POSTGRES_USER": place["user"], "PGPASSWORD": place["password"]}
    environment["PATH"] = f"{own_server.bin}:{environment['PATH']}"
    words = ["bash", "-c", f'. "{SCRIPT}"; echo "${{PGDATABASE:-unset}}"']
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("unset\n")
    log_in(own_server, "sourced").close()


def test_other_roles_may_not_connect_and_jarvis_may_not_rule(own_server: postgres_lab.LocalServer):
    run(own_server, JARVIS_DB_PASSWORD="word")
    with own_server.connect() as connection:
        stranger = own_server.role
        query = "SELECT has_database_privilege(%s, 'homelab_jarvis', 'CONNECT')"
        assert connection.execute(query, [stranger]).fetchone() == (False,)
        rights = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'jarvis'"
        assert connection.execute(rights).fetchone() == (False, False, False)
        owner = "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'homelab_jarvis'"
        assert connection.execute(owner).fetchone() == ("jarvis",)
