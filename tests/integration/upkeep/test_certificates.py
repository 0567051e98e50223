"""Between deploys: HTTPS comes where it was missing, is renewed, and its end is told in time."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

import postgres_lab
import upkeep_lab
from certificate_lab import Issuer
from jarvis.deployments.addresses import certificates, notes
from jarvis.deployments.upkeep import routine, schedule
from jarvis.proxy import authority, marks, secure
from jarvis.proxy import certificates as files
from models import Webhook, WebhookDelivery
from services.db_service import db_service
from upkeep_lab import Place


@pytest.fixture(scope="module")
def place(postgres: postgres_lab.Server, engine_template: str) -> Iterator[Place]:
    """A proxy with HTTPS, a database and a worker."""
    with upkeep_lab.place(postgres, engine_template, https=True) as made:
        made.work()
        yield made


def ask(place: Place, host: str) -> secure.Shown:
    given = place.caddy.https
    assert given is not None
    trusted = secure.trust(authority.root_file(place.home.certificates))
    return secure.ask(host, given.port, "/", trusted=trusted)[1]


def seen(place: Place, key: str, host: str) -> dict[str, Any]:
    found: dict[str, Any] = place.deployment(key)["configuration"].get("https", {}).get(host, {})
    return found


def test_it_works(place: Place) -> None:
    key = place.live("plain")
    row = place.done("certificates")
    assert row["status"] == "completed"
    assert not row["metadata"].get(routine.QUIET), "it came, and that is told"
    assert ask(place, "plain.localhost").serial == seen(place, key, "plain.localhost")["serial"]
    again = place.done("certificates")
    assert again["metadata"].get(routine.QUIET), "there was nothing to do"


def test_it_is_due_only_while_there_is_something_to_do(place: Place) -> None:
    place.done("certificates")
    with db_service.get_session() as session:
        assert not certificates.wanted(session)
    place.live("fresh")
    with db_service.get_session() as session:
        assert certificates.wanted(session)
    assert "certificates" in schedule.tick(datetime.now(UTC) + timedelta(minutes=2))
    assert place.done("certificates")["status"] == "completed"


def test_what_was_lost_comes_again_within_a_day(place: Place) -> None:
    key = place.live("lost")
    place.done("certificates")
    before = ask(place, "lost.localhost")
    shutil.rmtree(place.home.certificates / "internal")
    with db_service.get_session() as session:
        notes.again(session, "lost.localhost")
    place.done("certificates")
    after = ask(place, "lost.localhost")
    assert after.serial != before.serial
    assert seen(place, key, "lost.localhost")["serial"] == after.serial


def test_a_name_gets_a_persons_certificate_and_visitors_are_led_there(place: Place) -> None:
    issuer = Issuer()
    key = place.live("own", domain="own.example")
    place.done("certificates")
    assert place.caddy.get("own.example").status == 200
    files.add(place.home.certificates, "own.example", *issuer.give("own.example"))
    with db_service.get_session() as session:
        notes.again(session, "own.example")
    place.done("certificates")
    assert seen(place, key, "own.example")["issuer"] == issuer.name
    assert place.caddy.get("own.example").status == 308


def test_a_certificate_that_ends_soon_is_told_until_there_is_a_new_one(place: Place) -> None:
    issuer = Issuer()
    place.live("ends", domain="ends.example")
    begun = datetime.now(UTC) - timedelta(days=80)
    files.add(place.home.certificates, "ends.example", *issuer.give("ends.example", begins=begun))
    place.done("certificates")
    [task] = place.tasks("certificate:ends.example")
    assert task["status"] == "pending"
    assert task["title"].startswith("The certificate of ends.example ends on ")
    files.add(place.home.certificates, "ends.example", *issuer.give("ends.example"))
    place.done("certificates")
    [task] = place.tasks("certificate:ends.example")
    assert task["status"] == "completed"


def test_marks_of_names_that_nobody_has_go(place: Place) -> None:
    marks.put(place.home.www, "nobody.example", acme=True, redirect=True, hsts=60)
    place.live("sweep")
    place.done("certificates")
    assert "nobody.example" not in marks.known(place.home.www)


def test_webhooks_are_told_of_its_end_once_and_once_more_shortly_before_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.live("told", domain="told.example")
    with db_service.get_session() as session:
        hook = Webhook(name="chat", url="http://127.0.0.1:9/", secret=b"", events=["certificate"])
        session.add(hook)

    def told() -> list[dict[str, Any]]:
        with db_service.get_session() as session:
            query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == hook.id)
            found = [row.payload["data"] for row in session.scalars(query)]
            return [data for data in found if data["title"] == "told.example"]

    begun = datetime.now(UTC) - timedelta(days=80)
    files.add(place.home.certificates, "told.example", *Issuer().give("told.example", begins=begun))
    place.done("certificates")
    facts = {"workflow_id": place.done("certificates")["id"]}
    [data] = told()
    assert (data["status"], data["type"], data["service"]) == ("expiring", "own", None)
    assert data["error"]["message"].startswith("The certificate of told.example ends on ")
    monkeypatch.setattr(certificates, "LATE", timedelta(days=12))
    certificates.warn(facts)
    certificates.warn(facts)
    assert len(told()) == 2
