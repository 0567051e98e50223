"""A POST that is sent once more with its key is answered as before, and not done again."""

import io
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from api_lab import NOBODY, V1, Api
from jarvis.accounts.roles import Role
from jarvis.api import analysis, idempotency, services
from jarvis.api.openapi import document
from jarvis.errors import StorageFull
from models import Artifact, Deployment, IdempotencyKey, Workflow
from services.db_service import db_service


def count(model: type[Any]) -> int:
    """How many rows there are."""
    with db_service.get_session() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def send(api: Api, path: str, key: str, **options: Any) -> TestResponse:
    """A POST with this key."""
    headers = {"Idempotency-Key": key, **options.pop("headers", {})}
    return api.ask("POST", V1 + path, headers=headers, **options)


def new() -> str:
    """A key that nobody has used."""
    return str(uuid.uuid4())


def ours(key: str) -> IdempotencyKey | None:
    """The row of a key."""
    with db_service.get_session() as session:
        return session.scalars(select(IdempotencyKey).where(IdempotencyKey.key == key)).one_or_none()


def age(key: str, by: timedelta, **values: Any) -> None:
    """Let a key be older."""
    with db_service.get_session() as session:
        mine = update(IdempotencyKey).where(IdempotencyKey.key == key)
        session.execute(mine.values(created_at=datetime.now(UTC) - by, **values))


def test_it_works(api: Api) -> None:
    body, key = {"artifact_id": api.upload()["id"], "name": "once"}, new()
    first = send(api, "/deployments", key, json=body)
    assert first.status_code == 202
    assert "Idempotent-Replayed" not in first.headers
    before = count(Deployment), count(Workflow)
    again = send(api, "/deployments", key, json=body)
    assert (again.status_code, again.data, again.content_type) == (202, first.data, first.content_type)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (count(Deployment), count(Workflow)) == before
    other = send(api, "/deployments", new(), json=body)
    assert other.json
    assert other.json["id"] != first.json["id"]  # pyright: ignore[reportOptionalSubscript] - it was 202


@pytest.mark.parametrize("kind", ["bytes", "form", "large"])
def test_an_upload_is_kept_once(large: Api, kind: str) -> None:
    key, content = new(), b"<p>1" * (400_000 if kind == "large" else 1)

    def hand_in() -> TestResponse:
        if kind == "form":  # each time with another boundary
            return send(large, "/artifacts", key, data={"file": (io.BytesIO(content), "a.html")})
        return send(large, "/artifacts?filename=index.html", key, data=content)

    first, second = hand_in(), hand_in()
    assert (first.status_code, second.status_code) == (201, 201), second.text
    assert first.json == second.json
    assert count(Artifact) == 1


def test_the_address_of_what_was_made_is_told_again(api: Api) -> None:
    key, headers = new(), {"Upload-Length": "7", "Upload-Metadata": "filename YQ=="}
    first = send(api, "/uploads", key, headers=headers)
    again = send(api, "/uploads", key, headers=headers)
    assert again.headers["Location"] == first.headers["Location"]
    assert (again.headers["Upload-Length"], again.headers["Tus-Resumable"]) == ("7", "1.0.0")
    said = send(api, "/uploads", key, headers={**headers, "Upload-Length": "8"})
    assert said.status_code == 409


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/artifacts?filename=a.html", {"data": b"<p>2"}),
        ("/artifacts?filename=b.html", {"data": b"<p>1"}),
        ("/artifacts?filename=a.html&analyse=false", {"data": b"<p>1"}),
        ("/artifacts?filename=a.html", {"data": b"<p>1", "content_type": "text/html"}),
        ("/artifacts/git", {"json": {"url": "https://a.example/b"}}),
    ],
)
def test_another_request_under_the_same_key_is_refused(api: Api, path: str, options: dict[str, Any]) -> None:
    key = new()
    assert send(api, "/artifacts?filename=a.html", key, data=b"<p>1").status_code == 201
    body = api.refused("POST", V1 + path, 409, headers={"Idempotency-Key": key}, **options)
    assert "another request" in body["detail"]


def test_a_key_is_its_callers_own(api: Api) -> None:
    key, other = new(), api.seed.token(Role.ADMIN, "other")
    mine = send(api, "/artifacts?filename=a.html", key, data=b"<p>1")
    theirs = send(
        api, "/artifacts?filename=a.html", key, data=b"<p>1", headers={"Authorization": f"Bearer {other}"}
    )
    assert theirs.status_code == 201
    assert theirs.json != mine.json
    viewer = {"role": Role.VIEWER, "headers": {"Idempotency-Key": key}, "data": b"<p>1"}
    api.refused("POST", f"{V1}/artifacts?filename=a.html", 403, **viewer)


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "ü", "a\tb", "a\x7f"])
def test_what_cannot_be_a_key_is_refused(api: Api, key: str) -> None:
    raw = key.encode().decode("latin-1")
    body = api.refused("POST", f"{V1}/artifacts", 400, data=b"<p>1", headers={"Idempotency-Key": raw})
    assert "visible ASCII" in body["detail"]


def test_the_longest_key_will_do(api: Api) -> None:
    key = "!~" * 127 + "x"
    first, again = (send(api, "/artifacts?filename=a.html", key, data=b"<p>1") for _ in range(2))
    assert first.json == again.json


def test_a_refusal_is_kept_and_a_request_that_could_not_be_read_is_not(api: Api) -> None:
    refused, unread = new(), new()
    body = {"artifact_id": NOBODY}
    first, again = (send(api, "/deployments", refused, json=body) for _ in range(2))
    assert (first.status_code, again.status_code, again.data) == (404, 404, first.data)
    assert again.content_type == "application/problem+json"
    assert again.headers["Idempotent-Replayed"] == "true"
    assert send(api, "/deployments", unread, data=b"{").status_code == 400
    assert ours(unread) is None


def test_a_failure_is_not_kept(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    key, artifact = new(), api.upload()["id"]

    def full(*_: object, **__: object) -> None:
        raise StorageFull("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(analysis.ask, "analyse", full)
        assert send(api, f"/artifacts/{artifact}/analysis", key).status_code == 507
    assert ours(key) is None
    assert send(api, f"/artifacts/{artifact}/analysis", key).status_code == 202


def test_a_failure_after_the_work_frees_the_key(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    key, artifact = new(), api.upload()["id"]

    def broken(*_: object) -> None:
        raise StorageFull("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(analysis, "answer", broken)
        assert send(api, f"/artifacts/{artifact}/analysis", key).status_code == 507
    assert ours(key) is None


def test_work_whose_answer_was_lost_is_not_done_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    key, body = new(), {"artifact_id": api.upload()["id"], "name": "crashed"}

    def killed(*_: object) -> None:
        raise KeyboardInterrupt  # as if the process ended between the commit and the answer

    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "_store", killed)
        with pytest.raises(KeyboardInterrupt):
            send(api, "/deployments", key, json=body)
    row = ours(key)
    assert row is not None
    assert row.status is None
    before = count(Deployment)
    early = send(api, "/deployments", key, json=body)
    assert (early.status_code, early.headers["Retry-After"]) == (409, "1")
    age(key, 2 * idempotency.STILL)
    late = api.refused("POST", f"{V1}/deployments", 409, json=body, headers={"Idempotency-Key": key})
    assert "its answer was lost" in late["detail"]
    assert count(Deployment) == before


def test_a_key_can_be_used_again_after_a_day(api: Api) -> None:
    key, old = new(), new()
    first = send(api, "/artifacts?filename=a.html", key, data=b"<p>1")
    send(api, "/artifacts?filename=a.html", old, data=b"<p>1")
    age(key, idempotency.LIFE - timedelta(minutes=1))
    assert send(api, "/artifacts?filename=a.html", key, data=b"<p>1").json == first.json
    age(key, idempotency.LIFE + timedelta(minutes=1))
    age(old, idempotency.LIFE + timedelta(minutes=1))
    assert send(api, "/artifacts?filename=b.html", key, data=b"<p>2").json != first.json
    assert ours(old) is None, "old ones are removed with the next that is kept"


def test_of_two_at_once_one_is_told_to_wait(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"deployment_id": api.seed.live("slow")}
    key, begun, go_on = new(), threading.Event(), threading.Event()
    real = services.requests.rollback

    def slow(*words: Any, **named: Any) -> Any:
        begun.set()
        assert go_on.wait(20)
        return real(*words, **named)

    monkeypatch.setattr(services.requests, "rollback", slow)
    api.seed.live("slow")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send, api, "/services/slow/rollback", key, json=body)
        assert begun.wait(20)
        second = send(api, "/services/slow/rollback", key, json=body)
        go_on.set()
    assert (second.status_code, second.headers["Retry-After"]) == (409, "1")
    assert first.result().status_code == 202
    assert send(api, "/services/slow/rollback", key, json=body).json == first.result().json


def test_of_two_in_two_processes_one_does_the_work(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    key, before = new(), count(Artifact)
    both = threading.Barrier(2)
    real = idempotency._fingerprint

    def together() -> str:
        found = real()
        both.wait(20)
        return found

    class Nobody(set[Any]):
        """What another process sees of our requests."""

        def __contains__(self, _: object) -> bool:
            return False

    monkeypatch.setattr(idempotency, "_busy", Nobody())
    with monkeypatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr(idempotency, "_fingerprint", together)
        found = list(pool.map(lambda _: send(api, "/artifacts?filename=a.html", key, data=b"<p>1"), range(2)))
    statuses = sorted(answer.status_code for answer in found)
    assert statuses in ([201, 201], [201, 409])
    assert count(Artifact) == before + 1


def test_an_answer_with_a_secret_is_kept_sealed(api: Api) -> None:
    key, body = new(), {"url": "https://hook.example.org/", "secret": "a secret of sixteen signs or more"}
    first, again = (send(api, "/webhooks", key, json=body) for _ in range(2))
    assert (first.status_code, again.data) == (201, first.data), first.text
    row = ours(key)
    assert row is not None
    assert row.body
    assert b"sixteen" in first.data
    assert b"sixteen" not in row.body


def test_every_post_takes_a_key(api: Api) -> None:
    for path, methods in document()["paths"].items():
        if "post" in methods:
            address = path.replace("{", "").replace("}", "")
            answer = api.ask("POST", address, headers={"Idempotency-Key": "a b"})
            assert answer.status_code == 400, path
            assert "Idempotency-Key" in answer.text
