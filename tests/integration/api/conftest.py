"""One application for the tests of this folder; each test uses services of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import api_lab
import postgres_lab


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


@pytest.fixture(scope="module")
def api(postgres: postgres_lab.Server, engine_template: str) -> Iterator[api_lab.Api]:
    """The application, on a database of this file's own."""
    with api_lab.fresh(postgres, engine_template, upload_limit=10_000) as made:
        yield made


@pytest.fixture
def large(postgres: postgres_lab.Server, engine_template: str) -> Iterator[api_lab.Api]:
    """The same, taking large uploads."""
    with api_lab.fresh(postgres, engine_template, upload_limit=10_000_000) as made:
        yield made


@pytest.fixture
def few(postgres: postgres_lab.Server, engine_template: str) -> Iterator[api_lab.Api]:
    """The same, taking large uploads of few files."""
    with api_lab.fresh(postgres, engine_template, upload_limit=10_000_000, unpack_entries=10) as made:
        yield made
