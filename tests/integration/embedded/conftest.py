from collections.abc import Generator
from pathlib import Path

import pytest

from embedded_lab import closed_home, running
from jarvis.embedded.postgres import Postgres


@pytest.fixture
def home() -> Generator[Path]:
    with closed_home() as path:
        yield path


@pytest.fixture(scope="session")
def made() -> Generator[Path]:
    """A home whose database is made but does not run; copying it is quicker than making one a test."""
    with closed_home() as path:
        with running(path):
            pass
        yield path


@pytest.fixture
def postgres(made: Path) -> Generator[Postgres]:
    """A server that the test may break."""
    with closed_home(made) as path, running(path) as server:
        yield server


@pytest.fixture(scope="module")
def shared(made: Path) -> Generator[Postgres]:
    """A server that the tests of a file only ask."""
    with closed_home(made) as path, running(path) as server:
        yield server
