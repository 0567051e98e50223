"""The server is stopped and started under a service in use."""

from collections.abc import Generator

import pytest
from sqlalchemy import text

import postgres_lab
from config import Settings
from models import Workflow
from services.db_service import DatabaseService, DatabaseUnavailable

INSERT = text("INSERT INTO workflows (name, workflow_type) VALUES ('Deploy mysite', 'deployment')")


def count(service: DatabaseService) -> int:
    with service.get_session() as session:
        return session.query(Workflow).count()


@pytest.fixture
def kept(own_server: postgres_lab.LocalServer) -> Generator[DatabaseService]:
    url = own_server.url(own_server.create())
    service = DatabaseService(Settings(database_url=url, db_connect_timeout=2))
    service.migrate()
    yield service
    service.close()


def test_it_works_again_without_one_error_after_a_restart(
    kept: DatabaseService, own_server: postgres_lab.LocalServer
):
    held = [kept.engine.connect() for _ in range(5)]
    for connection in held:
        connection.close()
    own_server.stop()
    assert kept.is_available is False
    own_server.start()
    for _ in range(10):
        assert count(kept) == 0


def test_idle_connections_closed_by_the_server_are_never_met(
    kept: DatabaseService, own_server: postgres_lab.LocalServer
):
    held = [kept.engine.connect() for _ in range(5)]
    for connection in held:
        connection.close()
    with own_server.connect() as admin:
        query = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s"
        assert len(admin.execute(query, [own_server.role]).fetchall()) == 5
    for _ in range(5):
        assert count(kept) == 0


def test_a_connection_in_use_fails_once(kept: DatabaseService, own_server: postgres_lab.LocalServer):
    def write() -> None:
        with kept.get_session() as session:
            session.execute(INSERT)
            own_server.stop()
            own_server.start()
            session.execute(INSERT)

    with pytest.raises(DatabaseUnavailable):
        write()
    assert count(kept) == 0
