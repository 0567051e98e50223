"""Channels over the API, and what arrives. The rooms and the mail server are stand-ins."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

import hooks
import mail_lab
from api_lab import NOBODY, V1, Api
from jarvis.accounts.roles import Role
from jarvis.errors import JarvisError
from jarvis.webhooks.deliver import attempt
from models import Webhook
from receiver import Receiver, certificate_for
from services.db_service import db_service

ILL: dict[str, Any] = {
    "id": "0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11",
    "type": "static",
    "title": "shop.example.org",
    "service": "shop",
    "status": "unhealthy",
    "error": {"code": "unhealthy", "message": "shop.example.org answers <500> & more", "hint": ""},
}


def add(api: Api, kind: str, **more: Any) -> dict[str, Any]:
    answer = api.ask("POST", f"{V1}/notices", json={"kind": kind, **more})
    assert answer.status_code == 201, answer.text
    assert answer.json
    return answer.json


def told(event: str = "service.unhealthy") -> dict[str, Any]:
    """Let it happen, and attempt the one delivery."""
    hooks.happen(event, **ILL)
    return attempt(str(hooks.one().id), 1)


def test_it_works(api: Api, receiver: Receiver) -> None:
    url = f"http://127.0.0.1:{receiver.port}/my-topic"
    made = add(api, "ntfy", url=url, token="tk_12345")
    assert (made["kind"], made["to"]) == ("ntfy", f"http://127.0.0.1:{receiver.port}/my-…")
    assert "service.unhealthy" in made["events"]
    assert told() == {"said": "answered 204", "delivered": True}
    (letter,) = receiver.letters
    body = json.loads(letter.body)
    assert (letter.path, body["topic"], body["priority"]) == ("/", "my-topic", 4)
    assert letter.headers["authorization"] == "Bearer tk_12345"
    assert body["title"] == "shop does not answer as it should"
    assert "Where: shop.example.org" in body["message"]
    assert "What: shop.example.org answers <500> & more" in body["message"]
    assert "What to do: jarvis logs shop -p" in body["message"]
    assert body["click"].endswith("/services/shop")
    assert api.get(f"/notices/{made['id']}") == made
    assert api.get("/notices")["items"] == [made]
    assert api.get(f"/notices/{made['id']}/deliveries")["items"][0]["status"] == "delivered"


def test_nothing_secret_is_ever_shown(api: Api, receiver: Receiver) -> None:
    made = add(api, "slack", url=receiver.url)
    with db_service.get_session() as session:
        row = session.get_one(Webhook, made["id"])
        assert b"T0P" not in row.secret
        assert "T0P" not in f"{row.url}{row.settings}"
    for method, path in (("GET", ""), ("GET", f"/{made['id']}"), ("POST", f"/{made['id']}/test")):
        assert "T0P" not in api.ask(method, f"{V1}/notices{path}").text
    assert attempt(str(hooks.one().id), 1)["delivered"]
    assert receiver.letters[0].path == "/hook/T0P-PATH?key=T0P-QUERY"


def test_slack_gets_its_format_and_nobody_is_called(api: Api, receiver: Receiver) -> None:
    add(api, "slack", url=receiver.url)
    told()
    text = json.loads(receiver.letters[0].body)["text"]
    assert text.startswith("*shop does not answer as it should*\n")
    assert "answers &lt;500&gt; &amp; more" in text
    assert text.endswith("/services/shop|Open it in Jarvis>")


def test_discord_gets_its_format(api: Api, receiver: Receiver) -> None:
    add(api, "discord", url=receiver.url)
    told()
    body = json.loads(receiver.letters[0].body)
    assert body["allowed_mentions"] == {"parse": []}
    (embed,) = body["embeds"]
    assert embed["title"] == "shop does not answer as it should"
    assert "What: shop.example.org answers <500> & more" in embed["description"]
    assert embed["url"].endswith("/services/shop")


def test_a_mail_arrives_by_starttls_with_a_password(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = mail_lab.Post(tls=certificate_for(tmp_path, "localhost"), login=("anna", "hunter2-hunter2"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    with mail_lab.serve(server):
        smtp = f"smtp://anna@localhost:{server.port}"
        made = add(api, "email", to=["bob@example.org"], smtp=smtp, password="hunter2-hunter2")
        assert (made["to"], made["server"]) == ("mailto:bob@example.org", f"localhost:{server.port}")
        assert told()["delivered"]
    (mail,) = server.mails
    assert server.secured == [True]
    assert mail["To"] == "bob@example.org"
    assert mail["Subject"] == "shop does not answer as it should"
    assert str(hooks.one().id) in mail["Message-ID"]
    assert "Where: shop.example.org" in mail.get_content()


def test_a_mail_arrives_over_tls_from_the_first_byte(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = mail_lab.Post(tls=certificate_for(tmp_path, "localhost"), at_once=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    with mail_lab.serve(server):
        add(api, "email", to=["bob@example.org"], smtp=f"smtps://localhost:{server.port}")
        assert told()["delivered"]
    assert server.secured == [True]


def test_a_password_never_goes_without_tls(api: Api) -> None:
    with mail_lab.serve(mail_lab.Post(login=("anna", "hunter2-hunter2"))) as server:
        smtp = f"smtp://anna@localhost:{server.port}"
        add(api, "email", to=["bob@example.org"], smtp=smtp, password="hunter2-hunter2")
        with pytest.raises(JarvisError, match="offers no TLS"):
            told()
    assert server.mails == []


@pytest.mark.parametrize(
    ("refuse", "again"), [("550 5.1.1 no such user", False), ("451 4.7.1 come back later", True)]
)
def test_what_the_mail_server_says_decides_whether_it_is_tried_again(
    api: Api, refuse: str, again: bool
) -> None:
    with mail_lab.serve(mail_lab.Post(refuse=refuse)) as server:
        add(api, "email", to=["bob@example.org"], smtp=f"smtp://localhost:{server.port}")
        if again:
            assert told()["again_in"] > 0
        else:
            with pytest.raises(JarvisError, match="no such user"):
                told()
    assert refuse[:3] in str(hooks.one().error)


def test_a_mail_server_with_a_foreign_certificate_gets_nothing(api: Api, tmp_path: Path) -> None:
    server = mail_lab.Post(tls=certificate_for(tmp_path, "localhost"), at_once=True)
    with mail_lab.serve(server):
        add(api, "email", to=["bob@example.org"], smtp=f"smtps://localhost:{server.port}")
        assert "certificate is not trusted" in told()["said"]
    assert server.mails == []


def test_a_room_whose_address_was_taken_back_is_not_asked_for_hours(api: Api, receiver: Receiver) -> None:
    add(api, "discord", url=receiver.url)
    receiver.statuses = [404]
    with pytest.raises(JarvisError, match="not good any more"):
        told()


def test_a_channel_is_no_webhook_and_a_webhook_no_channel(api: Api, receiver: Receiver) -> None:
    channel = add(api, "slack", url=receiver.url)["id"]
    hook = hooks.add(api, receiver.url)
    assert [row["id"] for row in api.get("/webhooks")["items"]] == [hook]
    assert [row["id"] for row in api.get("/notices")["items"]] == [channel]
    api.refused("GET", f"{V1}/webhooks/{channel}", 404)
    api.refused("GET", f"{V1}/notices/{hook}", 404)


def test_what_is_named_is_changed_and_nothing_else(api: Api, receiver: Receiver) -> None:
    made = add(api, "slack", url=receiver.url)
    answer = api.ask("PATCH", f"{V1}/notices/{made['id']}", json={"events": ["task"], "active": False})
    assert answer.json
    assert {**made, "events": ["task"], "active": False} == {**answer.json, "updated_at": made["updated_at"]}
    hooks.happen("task.opened")
    assert hooks.deliveries() == []
    assert api.ask("DELETE", f"{V1}/notices/{made['id']}").status_code == 204
    api.refused("GET", f"{V1}/notices/{made['id']}", 404)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"kind": "pigeon"}, "no channel"),
        ({"kind": "ntfy"}, "no address"),
        ({"kind": "ntfy", "url": "https://ntfy.sh/"}, "topic"),
        ({"kind": "ntfy", "url": "https://ntfy.sh/a", "token": "a\nb"}, "token"),
        ({"kind": "slack", "url": "http://169.254.169.254/x"}, "link-local"),
        ({"kind": "email", "smtp": "smtp://localhost"}, "receivers"),
        ({"kind": "email", "to": ["nobody"], "smtp": "smtp://localhost"}, "mailbox"),
        ({"kind": "email", "to": ["a@b.de\nBcc: c@d.de"], "smtp": "smtp://localhost"}, "mailbox"),
        ({"kind": "email", "to": ["a@b.de"], "smtp": "http://localhost"}, "mail server"),
        ({"kind": "email", "to": ["a@b.de"], "smtp": "smtp://u:secret@localhost"}, "apart"),
        ({"kind": "email", "to": ["a@b.de"], "smtp": "smtp://localhost", "password": "x"}, "no user"),
        ({"kind": "slack", "url": "https://example.org/x", "events": ["nonsense"]}, "no event"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(api: Api, body: dict[str, Any], words: str) -> None:
    refused = api.refused("POST", f"{V1}/notices", 422, json=body)
    assert words in f"{refused['detail']} {refused.get('hint')}"
    assert api.get("/notices")["items"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("POST", ""), ("GET", "/<id>"), ("DELETE", "/<id>"), ("POST", "/<id>/test")],
)
def test_only_an_administrator_may(api: Api, method: str, path: str) -> None:
    place = f"{V1}/notices{path}".replace("<id>", NOBODY)
    for role, status in ((Role.ANYONE, 401), (Role.VIEWER, 403)):
        api.refused(method, place, status, role=role, json={"kind": "slack"})


def test_an_address_of_many_is_not_written_to(api: Api, receiver: Receiver) -> None:
    """What a name leads to is looked at again at every attempt."""
    made = add(api, "email", to=["bob@example.org"], smtp="smtp://localhost:1")
    with db_service.get_session() as session:
        settings = {**session.get_one(Webhook, made["id"]).settings, "host": "169.254.169.254"}
        session.execute(update(Webhook).values(settings=settings))
    with pytest.raises(JarvisError, match="link-local"):
        told()
