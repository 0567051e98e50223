"""The pages of the time after a deploy: health, usage, a command, trust, and who is told."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography import x509
from sqlalchemy import select

from jarvis.accounts.roles import Role
from models import Deployment, HealthChange, Service, UsageSample, Webhook, WebhookDelivery, Workflow
from page_check import Page
from web_lab import Site

TOPIC = "https://ntfy.sh/a-secret-topic"


@pytest.fixture(scope="module")
def site(prepared: Site) -> Site:
    return prepared


@pytest.fixture(scope="module")
def cookie(site: Site) -> str:
    return site.log_in()


@pytest.fixture(scope="module")
def viewer(site: Site) -> str:
    return site.log_in(site.seed.token(Role.VIEWER, "vera"))


def shown(site: Site, cookie: str, path: str, status: int = 200) -> str:
    """The page, which must have no faults."""
    answer = site.ask(path, cookie=cookie)
    assert answer.status == status, answer.text
    assert Page(answer.text).faults == []
    return answer.text


def program(site: Site, name: str) -> str:
    """A service with a program, as its deploy leaves it."""
    key = site.seed.live(name)
    with site.database.get_session() as session:
        row = session.get_one(Deployment, UUID(key))
        https = {f"{name}.localhost": {"by": "internal", "issuer": "Jarvis"}}
        row.configuration = {**row.configuration, "runtime": "process", "https": https}
    return key


def channels(site: Site) -> dict[str, Webhook]:
    with site.database.get_session() as session:
        return {row.name: row for row in session.scalars(select(Webhook))}


def test_it_works(site: Site, cookie: str) -> None:
    key = program(site, "shop")
    assert "Not measured yet" in shown(site, cookie, "/services/shop")
    now = datetime.now(UTC)
    with site.database.get_session() as session:
        service = session.scalars(select(Service).where(Service.name == "shop")).one()
        session.add_all(
            UsageSample(
                service_id=service.id,
                at=now - timedelta(minutes=number),
                deployment_id=UUID(key),
                cpu_seconds=1.0,
                cpu=12.5,
                memory=64 << 20,
                memory_limit=128 << 20,
            )
            for number in range(3)
        )
        session.add(
            HealthChange(deployment_id=UUID(key), before="healthy", after="unhealthy", why="it <burns>")
        )
    text = shown(site, cookie, "/services/shop")
    assert "it &lt;burns&gt;" in text
    assert "12.5 % of one" in text
    assert 'aria-label="Memory over the last 1 h: 64.0 MiB at the last look' in text
    assert "https://shop.localhost:8443/" in text


def test_pages_say_that_they_use_nothing_of_their_own(site: Site, cookie: str) -> None:
    site.seed.live("docs")
    text = shown(site, cookie, "/services/docs")
    assert "no processor and memory of their own" in text
    assert "Run a command" not in text, "there is no program to run it beside"
    assert "how to trust it" not in text


def test_a_command_is_run_and_its_story_is_shown(site: Site, cookie: str, viewer: str) -> None:
    program(site, "runs")
    assert "Run a command" not in shown(site, viewer, "/services/runs")
    form = {"command": "sh -c 'echo \"two words\"'"}
    answer = site.ask("/services/runs/runs", cookie=cookie, form=form)
    assert answer.status == 303
    place = answer.headers["location"]
    assert "Run " in shown(site, cookie, place)
    with site.database.get_session() as session:
        row = session.get_one(Workflow, UUID(place.rpartition("/")[2]))
        assert row.workflow_metadata["command"] == ["sh", "-c", 'echo "two words"']
    assert site.ask("/services/runs/runs", cookie=viewer, form=form).status == 403


@pytest.mark.parametrize("text", ["echo 'open", "", "x" * 10_001])
def test_a_command_that_cannot_be_read_is_refused(site: Site, cookie: str, text: str) -> None:
    answer = site.ask("/services/shop/runs", cookie=cookie, form={"command": text})
    assert answer.status == 422
    assert "command" in answer.text


def test_the_root_is_explained_and_handed_out(site: Site, viewer: str) -> None:
    text = shown(site, viewer, "/certificate-authority")
    answer = site.ask("/certificate-authority/root", cookie=viewer)
    assert answer.headers["content-disposition"] == 'attachment; filename="jarvis-root.crt"'
    root = x509.load_pem_x509_certificate(answer.text.encode())
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert f"{root.not_valid_after_utc:%Y}" in text
    assert "PRIVATE KEY" not in answer.text


def test_a_channel_is_added_tested_paused_and_removed(site: Site, cookie: str) -> None:
    assert "Nobody is told yet" in shown(site, cookie, "/notices")
    form = {"kind": "ntfy", "url": TOPIC, "token": "tk_hidden", "name": "Telephone", "events": "bad"}
    assert site.ask("/notices", cookie=cookie, form=form).status == 303
    row = channels(site)["Telephone"]
    assert "certificate.expiring" in row.events
    assert "deployment.running" not in row.events
    place = f"/notices/{row.id}"
    for do, said in (("test", "webhook.test"), ("pause", "Resume"), ("resume", "Pause")):
        assert site.ask(place, cookie=cookie, form={"do": do}).status == 303
        text = shown(site, cookie, "/notices")
        assert said in text
        assert "a-secret-topic" not in text
        assert "tk_hidden" not in text
    with site.database.get_session() as session:
        assert session.scalars(select(WebhookDelivery.status)).all() == ["pending"]
    assert site.ask(place, cookie=cookie, form={"do": "explode"}).status == 422
    assert site.ask(place, cookie=cookie, form={"do": "remove"}).status == 303
    assert channels(site) == {}
    assert site.ask(place, cookie=cookie, form={"do": "test"}).status == 404


def test_a_channel_that_cannot_be_used_is_refused_beside_its_form(site: Site, cookie: str) -> None:
    form = {
        "kind": "email",
        "to": "anna@example.org",
        "smtp": "ftp://mail.example.org",
        "password": "hunter2",
    }
    answer = site.ask("/notices", cookie=cookie, form=form)
    assert answer.status == 422
    assert Page(answer.text).faults == []
    assert "The mail server cannot be read." in answer.text
    assert 'value="anna@example.org"' in answer.text
    assert "hunter2" not in answer.text
    assert site.ask("/notices", cookie=cookie, form={"kind": "pigeon"}).status == 422
    assert site.ask("/notices", cookie=cookie, form={**form, "events": "some"}).status == 422
    assert channels(site) == {}


def test_a_viewer_sees_no_channels(site: Site, viewer: str) -> None:
    assert site.ask("/notices", cookie=viewer).status == 403
    assert "/notices" not in shown(site, viewer, "/")


def test_webhooks_of_programs_are_not_channels(site: Site, cookie: str) -> None:
    with site.database.get_session() as session:
        hook = Webhook(name="program", url="https://hooks.example.net/", secret=b"")
        session.add(hook)
    assert "hooks.example.net" not in shown(site, cookie, "/notices")
    assert site.ask(f"/notices/{hook.id}", cookie=cookie, form={"do": "remove"}).status == 404
    assert "program" in channels(site)
