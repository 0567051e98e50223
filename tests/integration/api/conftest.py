"""One application for the tests of this folder; each test uses services of its own."""

import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import api_lab
import engine_lab
import postgres_lab


@pytest.fixture(scope="session")
def engine_template(postgres: postgres_lab.Server, migrated_template: str) -> Iterator[str]:
    """A database that a worker has prepared."""
    name = postgres.create(migrated_template)
    engine_lab.prepare(postgres.url(name))
    yield name
    postgres.drop(name)


@pytest.fixture
def home() -> Iterator[Path]:
    """A short JARVIS_HOME."""
    folder = Path(tempfile.mkdtemp(prefix="japi-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def engine_url(postgres: postgres_lab.Server, engine_template: str) -> Iterator[str]:
    """The address of a fresh database with the engine's tables."""
    name = postgres.create(engine_template)
    yield postgres.url(name)
    postgres.drop(name)


@contextmanager
def application(postgres: postgres_lab.Server, template: str, **changed: object) -> Generator[api_lab.Api]:
    """The application, on a database and in a home of its own."""
    name = postgres.create(template)
    folder = Path(tempfile.mkdtemp(prefix="japi-"))
    with api_lab.serve(postgres.url(name), folder, **changed) as made:
        yield made
    shutil.rmtree(folder)
    postgres.drop(name)


@pytest.fixture(scope="module")
def api(postgres: postgres_lab.Server, engine_template: str) -> Iterator[api_lab.Api]:
    """The application, on a database of this file's own."""
    with application(postgres, engine_template, upload_limit=10_000) as made:
        yield made


@pytest.fixture
def large(postgres: postgres_lab.Server, engine_template: str) -> Iterator[api_lab.Api]:
    """The same, taking large uploads."""
    with application(postgres, engine_template, upload_limit=10_000_000) as made:
        yield made


@pytest.fixture
def few(postgres: postgres_lab.Server, engine_template: str) -> Iterator[api_lab.Api]:
    """The same, taking large uploads of few files."""
    with application(postgres, engine_template, upload_limit=10_000_000, unpack_entries=10) as made:
        yield made
