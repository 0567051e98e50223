"""Workers with the workflows of the tests, each test on a database of its own."""

from collections.abc import Iterator

import pytest

import postgres_lab
import story_lab


@pytest.fixture
def stories(postgres: postgres_lab.Server, engine_template: str) -> Iterator[story_lab.Stories]:
    """No worker yet."""
    name = postgres.create(engine_template)
    with story_lab.stories(postgres.url(name)) as made:
        yield made
    postgres.drop(name)
