"""An empty database for every migration."""

from collections.abc import Generator

import pytest
from alembic.config import Config

import postgres_lab
from config import Settings
from services.db_service import ALEMBIC, DatabaseService


@pytest.fixture
def empty(postgres: postgres_lab.Server) -> Generator[DatabaseService]:
    """The service on a new database without any table."""
    name = postgres.create()
    service = DatabaseService(Settings(database_url=postgres.url(name)))
    yield service
    service.close()
    postgres.drop(name)


@pytest.fixture
def script() -> Config:
    """Alembic's settings as the product has them."""
    return Config(str(ALEMBIC))
