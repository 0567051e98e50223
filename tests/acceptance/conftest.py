"""One running Jarvis for the stories that do not break it."""

from collections.abc import Iterator

import pytest

from jarvis_lab import Lab, lab


@pytest.fixture(scope="session")
def jarvis() -> Iterator[Lab]:
    """A running embedded Jarvis, shared: use a service name of your own."""
    with lab() as made:
        yield made
