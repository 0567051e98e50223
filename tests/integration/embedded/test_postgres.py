"""What the embedded PostgreSQL is, once it runs."""

import os
import pwd
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import create_engine, text

from embedded_lab import ask
from jarvis.embedded.postgres import Postgres
from jarvis.embedded.postgres_strays import find_strays
from jarvis.errors import Conflict


def home_of(postgres: Postgres) -> Path:
    return Path(postgres.url.rsplit("host=", 1)[1]).parent.parent


def test_it_works(shared: Postgres):
    assert ask(shared, "SELECT current_user || '@' || current_database()") == "jarvis@homelab_jarvis"


def test_sqlalchemy_reads_the_same_address(shared: Postgres):
    engine = create_engine(shared.url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()


def test_nothing_committed_can_be_lost(shared: Postgres):
    names = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
    assert {name: ask(shared, f"SHOW {name}") for name in names} == dict.fromkeys(names, "on")


def test_nobody_gets_in_over_the_network(shared: Postgres):
    assert ask(shared, "SHOW listen_addresses") == ""


def test_a_wrong_password_is_refused(shared: Postgres):
    wrong = shared.url.replace(":", ":wrong", 2).replace(":wrong//", "://")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_the_role_owns_its_database_and_nothing_else(shared: Postgres):
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    power = "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = 'jarvis'"
    assert ask(shared, owner) == "jarvis"
    assert ask(shared, power) is False


def test_the_role_may_add_a_search_extension(shared: Postgres):
    ask(shared, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert ask(shared, "SELECT similarity('jarvis', 'jarvis')") == 1


def test_text_is_ordered_the_same_on_every_system(shared: Postgres):
    locale = (
        "SELECT format('%s:%s', datlocprovider, datlocale) FROM pg_database WHERE datname = 'homelab_jarvis'"
    )
    assert ask(shared, locale) == "b:C.UTF-8"


def test_parallel_workers_reach_the_data(shared: Postgres):
    with psycopg.connect(shared.url) as connection:
        connection.execute("CREATE TABLE numbers AS SELECT generate_series(1, 200000) AS n")
        connection.execute("SET LOCAL parallel_setup_cost = 0")
        connection.execute("SET LOCAL parallel_tuple_cost = 0")
        connection.execute("SET LOCAL min_parallel_table_scan_size = 0")
        plan = connection.execute("EXPLAIN (ANALYZE, FORMAT TEXT) SELECT sum(n) FROM numbers").fetchall()
        connection.rollback()
    launched = [line for (line,) in plan if "Workers Launched" in line]
    assert launched
    assert int(launched[0].rsplit(":", 1)[1]) > 0


def test_pg_dump_reads_through_the_socket(shared: Postgres):
    ask(shared, "CREATE TABLE IF NOT EXISTS dumped AS SELECT 'kept' AS word")
    dump = subprocess.run(
        [shared.binaries.program("pg_dump"), shared.url], capture_output=True, text=True, check=True
    )
    assert "kept" in dump.stdout


def test_home_is_closed_and_stays_as_it_was(shared: Postgres):
    home = home_of(shared)
    for folder in (home.parent, home, home / "secrets", home / "logs", home / "run", home / "postgres"):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == os.geteuid()
    for file in (*(home / "secrets").iterdir(), home / "logs" / "postgres.log"):
        assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.root_only
def test_nothing_of_it_runs_as_root(shared: Postgres):
    data = home_of(shared) / "postgres" / "data"
    service = pwd.getpwnam("jarvis-postgres").pw_uid
    pids = find_strays(data, "")
    assert len(pids) > 3
    for pid in pids:
        status = Path(f"/proc/{pid}/status").read_text()
        users = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
        groups = next(line for line in status.splitlines() if line.startswith("Groups:")).split()[1:]
        assert users == [str(service)] * 4
        assert groups == []


@pytest.mark.root_only
def test_the_service_user_sees_no_other_part_of_home(shared: Postgres):
    with psycopg.connect(_superuser(shared), autocommit=True) as connection:
        for path in (home_of(shared) / "secrets" / "postgres_jarvis", Path("../../secrets/postgres_jarvis")):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT pg_read_file(%s)", [str(path)])


def test_a_second_supervisor_is_refused(shared: Postgres):
    with pytest.raises(Conflict, match="Another Jarvis"):
        Postgres(home_of(shared)).prepare()
    assert ask(shared, "SELECT 1") == 1


def test_starting_twice_is_refused(shared: Postgres):
    with pytest.raises(Conflict, match="runs already"):
        shared.start()


def test_the_role_gets_the_password_that_is_kept(postgres: Postgres):
    (home_of(postgres) / "secrets" / "postgres_jarvis").write_text("another/pass:word")
    with pytest.raises(psycopg.OperationalError):
        ask(postgres, "SELECT 1")
    postgres.ensure_database()
    assert quote("another/pass:word", safe="") in postgres.url
    assert ask(postgres, "SELECT 1") == 1


def _superuser(postgres: Postgres) -> str:
    home = home_of(postgres)
    password = (home / "secrets" / "postgres_superuser").read_text()
    return f"postgresql://postgres:{password}@/postgres?host={home}/run/postgres"
