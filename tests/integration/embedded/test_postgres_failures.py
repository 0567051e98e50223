"""What happens to the embedded PostgreSQL when it, or the one who started it, is killed or misled."""

import os
import shutil
import signal
from pathlib import Path

import psycopg
import pytest

from embedded_lab import ask, closed_home, process_lives, running, supervisor
from jarvis import shell
from jarvis.embedded.postgres import Postgres
from jarvis.embedded.postgres_strays import find_strays
from jarvis.embedded.service_user import service_user
from jarvis.errors import Conflict, Unavailable
from jarvis.home import Home
from waiting import until

RUN = "postgres.prepare(); child = postgres.start(); postgres.ready(30); postgres.ensure_database()\n"
SAY = "print(child.pid, flush=True)\n"


def write_rows(postgres: Postgres) -> None:
    ask(postgres, "CREATE TABLE kept AS SELECT generate_series(1, 20000) AS n")


def server_of(postgres: Postgres) -> int:
    return int(lock_file(home_of(postgres)).read_text().split("\n", 1)[0])


def home_of(postgres: Postgres) -> Path:
    return Path(postgres.url.rsplit("host=", 1)[1]).parent.parent


def lock_file(home: Path) -> Path:
    return home / "postgres" / "data" / "postmaster.pid"


def restart(postgres: Postgres) -> None:
    postgres.start()
    postgres.ready(30)


def test_it_works(postgres: Postgres):
    write_rows(postgres)
    postgres.stop(30)
    postgres.prepare()
    restart(postgres)
    assert ask(postgres, "SELECT count(*) FROM kept") == 20000


def test_rows_survive_a_killed_server(postgres: Postgres):
    write_rows(postgres)
    os.kill(server_of(postgres), signal.SIGKILL)
    until(lambda: not process_lives(server_of(postgres)))
    restart(postgres)
    assert ask(postgres, "SELECT count(*) FROM kept") == 20000
    assert ask(postgres, "SELECT pg_is_in_recovery()") is False


def test_backends_of_a_killed_server_are_gone_before_the_next_one(postgres: Postgres):
    with psycopg.connect(postgres.url) as busy:
        backend = busy.info.backend_pid
        os.kill(backend, signal.SIGSTOP)  # it cannot notice the end of its server
        os.kill(server_of(postgres), signal.SIGKILL)
        until(lambda: not process_lives(server_of(postgres)))
        assert process_lives(backend)
        restart(postgres)
        assert not process_lives(backend)
        with pytest.raises(psycopg.OperationalError):
            busy.execute("SELECT 1")


def test_it_recovers_by_itself_from_a_killed_backend(postgres: Postgres):
    write_rows(postgres)
    server = server_of(postgres)
    with psycopg.connect(postgres.url) as victim:
        os.kill(victim.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            victim.execute("SELECT 1")
    postgres.ready(30)
    assert ask(postgres, "SELECT count(*) FROM kept") == 20000
    assert server_of(postgres) == server


def test_a_killed_supervisor_takes_its_server_along(home: Path):
    with supervisor(RUN + SAY + "import time; time.sleep(600)", home) as killed:
        assert killed.stdout is not None
        server = int(killed.stdout.readline())
        killed.kill()
    until(lambda: not process_lives(server))
    log = (home / "logs" / "postgres.log").read_text()
    assert "database system is shut down" in log
    with running(home) as postgres:
        assert ask(postgres, "SELECT 1") == 1


def test_a_server_without_a_supervisor_is_stopped_cleanly_first(home: Path):
    loose = (
        "from jarvis import shell\n"
        "leashed = shell.start\n"
        "shell.start = lambda *a, **k: leashed(*a, **{**k, 'parent_death': None})\n"
    )
    with supervisor(loose + RUN + SAY + "import os; os._exit(0)", home) as gone:
        assert gone.stdout is not None
        server = int(gone.stdout.readline())
    assert process_lives(server)
    with running(home) as postgres:
        assert not process_lives(server)
        assert ask(postgres, "SELECT 1") == 1
    assert "not properly shut down" not in (home / "logs" / "postgres.log").read_text()


def test_a_lock_file_that_names_another_program_is_cleared(postgres: Postgres):
    home = home_of(postgres)
    kept = lock_file(home).read_text().split("\n", 1)[1]
    postgres.stop(30)
    stranger = shell.start(["sleep", "600"], env={}, cwd=Path("/"), user=service_user())
    try:
        lock_file(home).write_text(f"{stranger.pid}\n{kept}")
        postgres.prepare()
        restart(postgres)
        assert ask(postgres, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill_group()


def test_a_lock_file_that_names_the_server_of_another_home_is_cleared(postgres: Postgres):
    home = home_of(postgres)
    kept = lock_file(home).read_text().split("\n", 1)[1]
    postgres.stop(30)
    with closed_home() as elsewhere, running(elsewhere) as other:
        lock_file(home).write_text(f"{server_of(other)}\n{kept}")
        postgres.prepare()
        restart(postgres)
        assert ask(postgres, "SELECT 1") == 1
        assert ask(other, "SELECT 1") == 1


def test_a_data_folder_half_made_is_made_again(home: Path):
    with supervisor("postgres.prepare()", home) as killed:
        until(lambda: list((home / "postgres").glob("data.new-*/base")))
        killed.kill()
    assert not (home / "postgres" / "data").exists()
    with running(home) as postgres:
        assert ask(postgres, "SELECT 1") == 1

    def only_data_is_left_after_another_start() -> bool:
        with running(home):
            return [path.name for path in (home / "postgres").iterdir()] == ["data"]

    until(only_data_is_left_after_another_start)


def test_a_home_too_long_for_a_socket_works_all_the_same(home: Path):
    deep = home / ("x" * 100)
    with running(deep) as postgres:
        assert ask(postgres, "SELECT 1") == 1
    shutil.rmtree(Home(deep).run)


def test_data_of_another_major_version_is_left_alone(postgres: Postgres):
    home = home_of(postgres)
    postgres.stop(30)
    (home / "postgres" / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(Conflict, match="made by PostgreSQL 14") as refused:
        postgres.prepare()
    assert "postgresql-14" in refused.value.hint
    postgres.stop(30)


def test_a_server_that_cannot_start_says_why(postgres: Postgres):
    home = home_of(postgres)
    postgres.stop(30)
    (home / "postgres" / "data" / "postgresql.conf").write_text("no_such_setting = 1\n")
    postgres.prepare()
    postgres.start()
    with pytest.raises(Unavailable, match="ended while it started") as refused:
        postgres.ready(30)
    assert "no_such_setting" in refused.value.hint


def test_a_lost_password_is_named(postgres: Postgres):
    home = home_of(postgres)
    postgres.stop(30)
    (home / "secrets" / "postgres_superuser").unlink()
    postgres.prepare()
    postgres.start()
    with pytest.raises(Conflict, match="postgres_superuser"):
        postgres.ready(30)


def test_stopping_leaves_nothing_behind(postgres: Postgres):
    data = home_of(postgres) / "postgres" / "data"
    assert find_strays(data, "")
    postgres.stop(30)
    assert find_strays(data, "") == []
    assert not (data / "postmaster.pid").exists()
