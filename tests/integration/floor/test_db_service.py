import os
import threading

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

import postgres_lab
from config import Settings
from models import Workflow
from services.db_service import BURST, DatabaseService, DatabaseUnavailable


def workflow(name: str = "Deploy mysite") -> Workflow:
    return Workflow(name=name, workflow_type="deployment", created_by="admin")


def count(service: DatabaseService) -> int:
    with service.get_session() as session:
        return session.query(Workflow).count()


def test_it_works(service: DatabaseService):
    assert service.is_available
    with service.get_session() as session:
        session.add(workflow())
    assert count(service) == 1


def test_health_and_migration_status_are_as_the_document_prints_them(service: DatabaseService):
    assert service.health_check() == {"healthy": True, "message": "Database connection successful"}
    status = service.get_migration_status()
    assert status["current_revision"] == status["head_revision"]
    assert status["up_to_date"] is True


def test_an_error_rolls_back_and_reaches_the_caller(service: DatabaseService):
    def fail() -> None:
        with service.get_session() as session:
            session.add(workflow())
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert count(service) == 0


def test_a_row_may_be_read_after_its_session_ended(service: DatabaseService):
    with service.get_session() as session:
        row = workflow()
        session.add(row)
    assert row.to_dict()["status"] == "pending"


def test_a_broken_rule_stays_what_it_is_and_does_not_show_what_was_written(service: DatabaseService):
    row = workflow("top secret")
    row.current_step = 2
    with pytest.raises(IntegrityError) as caught, service.get_session() as session:
        session.add(row)
    assert "[SQL parameters hidden" in str(caught.value)


def test_every_session_gives_its_connection_back(service: DatabaseService):
    for _ in range(service.settings.db_pool_size + BURST + 1):
        with pytest.raises(ProgrammingError), service.get_session() as session:
            session.execute(text("SELECT nothing_of_that_name"))
    assert service.is_available


def test_a_pool_that_is_used_up_says_so_in_time(database_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("services.db_service.POOL_PATIENCE", 0.1)
    service = DatabaseService(Settings(database_url=database_url, db_pool_size=1, db_connect_timeout=1))
    held = [service.engine.connect() for _ in range(1 + BURST)]
    with pytest.raises(DatabaseUnavailable, match=f"All {1 + BURST} database connections"):
        count(service)
    for connection in held:
        connection.close()
    assert count(service) == 0
    service.close()


def test_threads_share_one_engine(service: DatabaseService):
    seen: list[object] = []
    threads = [threading.Thread(target=lambda: seen.append(service.engine)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, seen))) == 1


def test_the_server_sees_who_is_connected(service: DatabaseService):
    with service.get_session() as session:
        assert session.scalar(text("SELECT current_setting('application_name')")) == "jarvis"


def test_the_address_may_say_otherwise(database_url: str):
    service = DatabaseService(Settings(database_url=f"{database_url}&application_name=mine"))
    with service.get_session() as session:
        assert session.scalar(text("SELECT current_setting('application_name')")) == "mine"
    service.close()


def test_conninfo_opens_a_connection_of_ones_own(service: DatabaseService):
    with psycopg.connect(service.conninfo) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_after_close_the_next_use_connects_again(service: DatabaseService):
    service.close()
    assert service.is_available


def test_the_revision_on_an_empty_database_is_none(postgres: postgres_lab.Server):
    name = postgres.create()
    service = DatabaseService(Settings(database_url=postgres.url(name)))
    status = service.get_migration_status()
    assert (status["current_revision"], status["up_to_date"]) == (None, False)
    service.close()
    postgres.drop(name)


class TestAway:
    """The server does not answer, or is none at all."""

    @pytest.fixture
    def away(self) -> DatabaseService:
        return DatabaseService(
            Settings(database_url="postgresql://jarvis:hunter2@127.0.0.1:1/homelab_jarvis")
        )

    def test_it_works(self, away: DatabaseService):
        assert away.is_available is False
        health = away.health_check()
        assert health["healthy"] is False
        assert health["message"].startswith("The database at 127.0.0.1, port 1 does not answer: ")

    def test_a_session_says_unavailable(self, away: DatabaseService):
        with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1, port 1"):
            count(away)

    def test_migrations_say_false_and_the_reason_is_in_the_log(
        self, away: DatabaseService, caplog: pytest.LogCaptureFixture
    ):
        assert away.run_migrations() is False
        assert "does not answer" in caplog.text

    def test_the_status_knows_the_newest_revision_all_the_same(self, away: DatabaseService):
        status = away.get_migration_status()
        assert status["current_revision"] is None
        assert status["head_revision"]

    def test_without_an_address_everything_says_so(self):
        none = DatabaseService(Settings(database_url=""))
        assert none.is_available is False
        assert none.health_check()["message"] == "JARVIS_DATABASE_URL is not set."
        assert none.run_migrations() is False
        with pytest.raises(DatabaseUnavailable, match="JARVIS_DATABASE_URL is not set"):
            count(none)


def test_an_idle_connection_is_taken_without_asking_the_server(service: DatabaseService):
    with service.engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(service.conninfo, autocommit=True) as watch, service.engine.connect():
        query = "SELECT query FROM pg_stat_activity WHERE pid = %s"
        assert watch.execute(query, [pid]).fetchone() == ("ROLLBACK",)


def test_a_forked_process_leaves_its_parents_connections_alone(service: DatabaseService):
    with service.engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    child = os.fork()
    if child == 0:
        with service.engine.connect() as connection:
            os._exit(connection.scalar(text("SELECT pg_backend_pid()")) == pid)
    assert os.waitpid(child, 0)[1] == 0
    with service.engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) == pid
