"""A database with the engine's tables for each test, and workers where they are asked for."""

from collections.abc import Iterator

import pytest

import engine_lab
import postgres_lab


@pytest.fixture
def engines(postgres: postgres_lab.Server, engine_template: str) -> Iterator[engine_lab.Engines]:
    """No worker yet, on a database of its own."""
    name = postgres.create(engine_template)
    with engine_lab.engines(postgres.url(name)) as made:
        yield made
    postgres.drop(name)
