"""The fixtures every room shares: a real PostgreSQL, a fresh migrated database on it, a real Docker."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import postgres_lab
from config import Settings
from services.db_service import DatabaseService

if TYPE_CHECKING:
    from docker_lab import Engine

# No clock decides over a test, and a checkout that belongs to somebody else can be tested too.
settings.register_profile("jarvis", deadline=None, database=None)
settings.load_profile("jarvis")


pytest_plugins = ["selection"]
"""Which tests this run can do, and what happens to a skip."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_lab.Server]:
    """One server a test run."""
    with postgres_lab.serve() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_template(postgres: postgres_lab.Server) -> Iterator[str]:
    """A database at the newest revision, copied for every test: faster than migrating each time."""
    name = postgres.create()
    service = DatabaseService(Settings(database_url=postgres.url(name)))
    service.migrate()
    service.close()
    yield name
    postgres.drop(name)


@pytest.fixture(scope="session")
def engine_template(postgres: postgres_lab.Server, migrated_template: str) -> Iterator[str]:
    """A database that a worker has prepared."""
    import engine_lab  # the engine takes a while to load: only those who use it wait for it

    name = postgres.create(migrated_template)
    engine_lab.prepare(postgres.url(name))
    yield name
    postgres.drop(name)


@pytest.fixture
def database_url(postgres: postgres_lab.Server, migrated_template: str) -> Iterator[str]:
    """The address of a fresh database at the newest revision, owned by a plain role."""
    name = postgres.create(migrated_template)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def docker_engine() -> "Iterator[Engine]":
    """A Docker; without one the test is skipped, and says why."""
    import docker_lab  # its package takes 0.3 s to load: only those who use Docker wait for it

    with docker_lab.serve() as engine:
        yield engine
