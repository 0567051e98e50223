from collections.abc import Iterator

import pytest
from sqlalchemy import event

from config import Settings
from jarvis.web import overview
from models import Service
from seed import Seed
from services.db_service import DatabaseService


@pytest.fixture
def seed(database_url: str) -> Iterator[Seed]:
    database = DatabaseService(Settings(database_url=database_url))
    yield Seed(database)
    database.close()


def statements(seed: Seed) -> int:
    """How many statements the first page takes."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    with seed.database.get_session() as session:
        event.listen(seed.database.engine, "before_cursor_execute", note)
        overview.services(session)
        overview.deployments(session, 20)
        overview.running(session)
    event.remove(seed.database.engine, "before_cursor_execute", note)
    return len(seen)


def test_it_works(seed: Seed) -> None:
    seed.live("shop")
    seed.live("shop")
    with seed.database.get_session() as session:
        (line,) = overview.services(session)
    assert (line.row.name, line.status, line.health, line.releases) == ("shop", "running", "healthy", 2)
    assert [host for host, _ in line.urls] == ["shop.localhost"]


def test_many_services_take_as_many_statements_as_one(seed: Seed) -> None:
    seed.live("shop")
    few = statements(seed)
    for number in range(12):
        seed.live(f"site-{number}")
    assert statements(seed) == few


def test_a_service_that_never_ran_has_the_state_of_its_last_deployment(seed: Seed) -> None:
    with seed.database.get_session() as session:
        session.add(Service(name="shop"))
    deployment, _ = seed.deployment("shop")
    seed.begin(deployment)
    with seed.database.get_session() as session:
        (line,) = overview.services(session)
    assert (line.status, line.releases) == ("deploying", 0)


def test_what_runs_stands_before_what_waits(seed: Seed) -> None:
    seed.deployment("waits")
    deployment, workflow = seed.deployment("runs")
    seed.begin(deployment)
    seed.step(workflow, 1, done=False)
    with seed.database.get_session() as session:
        lines = overview.running(session)
    assert [(line.workflow.workflow_metadata["service"], line.step) for line in lines] == [
        ("runs", "Unpacking the artifact"),
        ("waits", "Waiting for a worker"),
    ]


def test_what_ended_does_not_go_on(seed: Seed) -> None:
    seed.live("shop")
    with seed.database.get_session() as session:
        assert overview.running(session) == []
