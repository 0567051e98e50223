"""What programs use is measured, kept for a day, and told."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

import postgres_lab
import upkeep_lab
from caddy_lab import poll
from jarvis.deployments.upkeep import usage
from jarvis.errors import NotFound
from jarvis.runtimes import process
from models import Deployment, Service, UsageSample
from services.db_service import db_service
from upkeep_lab import Place

BUSY = "import time\nheld = bytearray(30_000_000)\nwhile time.process_time() < 0.6: pass\ntime.sleep(600)"


@pytest.fixture(scope="module")
def place(postgres: postgres_lab.Server, engine_template: str) -> Iterator[Place]:
    """A proxy and a database; nobody works, so only this test measures."""
    with upkeep_lab.place(postgres, engine_template) as made:
        yield made


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "EVERY", timedelta(seconds=0.05))
    monkeypatch.setattr(usage, "SOON", timedelta(0))


@pytest.fixture
def program(place: Place, tmp_path: Path) -> Iterator[str]:
    """The deployment of a program that takes 30 MB, and a processor for a moment."""
    key = place.live("busy")
    with db_service.get_session() as session:
        row = session.get_one(Deployment, UUID(key))
        row.configuration = {**row.configuration, "runtime": "process"}
    spec = process.Spec(key=key, words=(sys.executable, "-c", BUSY), cwd=tmp_path)
    process.start(place.home.instances, spec)
    yield key
    process.kill(place.home.instances, key)


def points(name: str) -> list[dict[str, object]]:
    with db_service.get_session() as session:
        found: list[dict[str, object]] = usage.shown(session, name)["history"]
        return found


def test_it_works(place: Place, program: str) -> None:
    def used() -> float:
        seen = process.status(place.home.instances, program)
        return seen.cpu_seconds if seen is not None and seen.memory > 30_000_000 else 0.0

    assert poll(lambda: used() > 0)
    assert usage.look() == 1
    [first] = points("busy")
    assert first["cpu"] is None, "there was nothing to compare with"
    before = used()
    assert poll(lambda: used() >= before + 0.1)
    assert usage.look() == 1
    with db_service.get_session() as session:
        told = usage.shown(session, "busy")
        assert [row["service"] for row in usage.all_now(session) if row["now"]] == ["busy"]
    assert told["runtime"] == "process"
    assert told["now"] == told["history"][-1]
    assert told["now"]["cpu"] > 0
    assert 30_000_000 < told["now"]["memory"] < 200_000_000
    assert told["now"]["memory_limit"] is None


def test_pages_are_not_measured(place: Place) -> None:
    place.live("pages")
    usage.look()
    with db_service.get_session() as session:
        told = usage.shown(session, "pages")
    assert (told["runtime"], told["now"], told["history"]) == ("static", None, [])


def test_what_is_older_than_a_day_goes_and_what_a_service_used_goes_with_it(
    place: Place, program: str
) -> None:
    assert poll(lambda: usage.look() == 1)
    with db_service.get_session() as session:
        session.execute(update(UsageSample).values(at=UsageSample.at - usage.KEPT))
    assert poll(lambda: usage.look() == 1)
    assert len(points("busy")) == 1
    with db_service.get_session() as session:
        session.delete(session.scalars(select(Service).where(Service.name == "busy")).one())
    with db_service.get_session() as session:
        assert session.scalars(select(UsageSample)).all() == []


def test_a_service_that_is_not_there_is_told(place: Place) -> None:
    with db_service.get_session() as session, pytest.raises(NotFound):
        usage.shown(session, "nobody")


@pytest.mark.parametrize(
    ("before", "now", "seconds", "share"),
    [(1, 2, 10, 10.0), (1, 21, 10, 200.0), (2, 1, 10, None), (1, 1, 0, None)],
)
def test_a_share_is_of_one_processor(before: float, now: float, seconds: float, share: float | None) -> None:
    assert usage.percent(before, now, timedelta(seconds=seconds)) == share
