"""The service on a fresh database, and a server that a test may stop."""

from collections.abc import Generator

import pytest

import postgres_lab
from config import Settings
from services.db_service import DatabaseService


@pytest.fixture
def service(database_url: str) -> Generator[DatabaseService]:
    """The service on a migrated database."""
    service = DatabaseService(Settings(database_url=database_url, db_connect_timeout=2))
    yield service
    service.close()


@pytest.fixture(scope="module")
def own_server() -> Generator[postgres_lab.LocalServer]:
    """A server of this file alone."""
    with postgres_lab.local_server() as server:
        yield server
