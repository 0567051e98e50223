"""One place with services for the tests of a file; each test uses services of its own."""

from collections.abc import Iterator

import pytest

import postgres_lab
import upkeep_lab


@pytest.fixture(scope="module")
def place(postgres: postgres_lab.Server, engine_template: str) -> Iterator[upkeep_lab.Place]:
    """A proxy, a database and a worker."""
    with upkeep_lab.place(postgres, engine_template) as made:
        made.work()
        yield made


@pytest.fixture
def still(postgres: postgres_lab.Server, engine_template: str) -> Iterator[upkeep_lab.Place]:
    """The same, for one test and without a worker: what is asked for stays."""
    with upkeep_lab.place(postgres, engine_template) as made:
        yield made
