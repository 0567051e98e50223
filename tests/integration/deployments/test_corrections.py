from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from jarvis.artifacts import corrections
from jarvis.errors import InvalidInput
from models import Service
from seed import Seed


def service(seed: Seed, name: str = "shop", **settings: object) -> None:
    with seed.database.get_session() as session:
        session.add(Service(name=name, settings=dict(settings)))


def added(seed: Seed, members: dict[str, object], by: str = "anna") -> None:
    with seed.database.get_session() as session:
        row = session.scalars(select(Service).where(Service.name == "shop")).one()
        corrections.add(row, members, by)


def put(seed: Seed, members: dict[str, object], by: str = "anna") -> None:
    with seed.database.get_session() as session:
        row = session.scalars(select(Service).where(Service.name == "shop")).one()
        corrections.put(row, members, by)


def kept(seed: Seed, name: str = "shop") -> dict[str, object]:
    with seed.database.get_session() as session:
        return corrections.of(session, name)


def settings(seed: Seed) -> dict[str, object]:
    with seed.database.get_session() as session:
        return dict(session.scalars(select(Service.settings).where(Service.name == "shop")).one())


def test_it_works(seed: Seed) -> None:
    service(seed)
    assert kept(seed) == {}
    put(seed, {"kind": "static", "port": 8000})
    assert kept(seed) == {"kind": "static", "port": 8000}


def test_a_service_that_is_not_there_has_none(seed: Seed) -> None:
    assert kept(seed, "nobody") == {}


def test_adding_keeps_what_was_said_before(seed: Seed) -> None:
    service(seed)
    added(seed, {"kind": "static"})
    added(seed, {"static_dir": "public", "kind": "web"})
    assert kept(seed) == {"kind": "web", "static_dir": "public"}


def test_adding_none_takes_a_member_back(seed: Seed) -> None:
    service(seed)
    added(seed, {"kind": "static", "static_dir": "public"})
    added(seed, {"kind": None, "port": None})
    assert kept(seed) == {"static_dir": "public"}


def test_putting_replaces_everything_that_was_said(seed: Seed) -> None:
    service(seed)
    put(seed, {"kind": "static"})
    put(seed, {"port": 8000})
    assert kept(seed) == {"port": 8000}


def test_nothing_leaves_no_trace_and_other_settings_stay(seed: Seed) -> None:
    service(seed, theme="dark")
    put(seed, {"kind": "static"})
    assert settings(seed)["theme"] == "dark"
    put(seed, {})
    assert settings(seed) == {"theme": "dark"}


def test_taking_the_last_member_back_leaves_no_trace(seed: Seed) -> None:
    service(seed)
    added(seed, {"kind": "static"})
    added(seed, {"kind": None})
    assert settings(seed) == {}


def test_it_is_known_who_said_it_and_when(seed: Seed) -> None:
    service(seed)
    before = datetime.now(UTC)
    put(seed, {"kind": "static"}, by="ben")
    said = settings(seed)[corrections.KEY]
    assert isinstance(said, dict)
    assert said["by"] == "ben"
    assert before <= datetime.fromisoformat(str(said["at"])) <= datetime.now(UTC)


def test_one_service_says_nothing_about_another(seed: Seed) -> None:
    service(seed)
    service(seed, "docs")
    put(seed, {"kind": "static"})
    assert kept(seed, "docs") == {}


def test_a_text_that_the_database_cannot_keep_is_refused(seed: Seed) -> None:
    service(seed)
    put(seed, {"kind": "static"})
    for change in (put, added):
        with pytest.raises(InvalidInput, match="NUL") as caught:
            change(seed, {"root": "a\x00b"})
        assert caught.value.facts["field"] == "root"
    assert kept(seed) == {"kind": "static"}
