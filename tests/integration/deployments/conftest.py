"""The rows of deployments on a real database."""

from collections.abc import Iterator

import pytest

from config import Settings
from jarvis.workflows import ledger
from seed import Seed
from services.db_service import DatabaseService


@pytest.fixture
def seed(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seed]:
    """Writes rows; what runs in a worker writes into the same database."""
    database = DatabaseService(Settings(database_url=database_url))
    monkeypatch.setattr(ledger, "db_service", database)
    yield Seed(database)
    database.close()
