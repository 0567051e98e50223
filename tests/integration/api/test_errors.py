"""Every kind of error has one form."""

import logging

import pytest

import postgres_lab
from api_lab import NOBODY, V1, Api, serve
from jarvis.accounts.roles import Role
from jarvis.api import tasks


def test_it_works(api: Api) -> None:
    body = api.refused("GET", f"{V1}/artifacts/{NOBODY}", 404)
    assert body["detail"] == f"There is no artifact {NOBODY}."
    assert body["hint"]


@pytest.mark.parametrize(
    ("status", "method", "path", "options"),
    [
        (400, "POST", "/deployments", {"data": b"{"}),
        (401, "GET", "/tasks", {"role": Role.ANYONE}),
        (403, "DELETE", "/services/shop", {"role": Role.VIEWER}),
        (404, "GET", "/nothing", {}),
        (404, "GET", "/services/nobody", {}),
        (404, "DELETE", "/services/nobody", {}),
        (404, "POST", "/services/nobody/rollback", {}),
        (404, "POST", "/deployments", {"json": {"artifact_id": NOBODY}}),
        (405, "PUT", "/artifacts", {}),
        (413, "POST", "/artifacts", {"data": b"x" * 10_001}),
        (413, "POST", "/deployments", {"data": b" " * (1024 * 1024 + 1)}),
        (415, "POST", "/deployments", {"data": "artifact_id=1", "content_type": "text/plain"}),
        (415, "POST", "/deployments", {"data": {"artifact_id": "1"}}),
        (400, "POST", "/artifacts", {"data": b"--x", "content_type": "multipart/form-data; boundary=x"}),
        (415, "POST", "/artifacts", {"data": b"--x", "content_type": "multipart/mixed; boundary=x"}),
        (412, "POST", "/uploads", {"headers": {"Tus-Resumable": "0.2.2", "Upload-Length": "1"}}),
        (415, "PATCH", f"/uploads/{NOBODY}", {"data": b"1", "headers": {"Upload-Offset": "0"}}),
        (422, "GET", "/tasks?limit=0", {}),
        (422, "POST", "/deployments", {"json": {}}),
    ],
)
def test_every_refusal_has_the_same_form(
    api: Api, status: int, method: str, path: str, options: dict[str, object]
) -> None:
    api.refused(method, V1 + path, status, **options)


def test_what_is_taken_is_told_with_its_owner(api: Api) -> None:
    api.deploy(name="owner", domain="taken.localhost")
    artifact = api.upload()["id"]
    body = api.refused(
        "POST",
        f"{V1}/deployments",
        409,
        json={"artifact_id": artifact, "name": "other", "domain": "taken.localhost"},
    )
    assert (body["service"], body["domain"]) == ("owner", "taken.localhost")


def test_the_methods_that_an_address_knows_are_told(api: Api) -> None:
    answer = api.ask("PUT", f"{V1}/artifacts")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_bug_is_told_without_its_details(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(tasks, "newest_first", broken)
    logging.getLogger().addHandler(caplog.handler)
    body = api.refused("GET", f"{V1}/tasks", 500)
    assert "ZeroDivisionError" in body["detail"]
    assert "secret detail" not in str(body)
    assert "secret detail" in caplog.text


def test_a_browser_gets_a_page(api: Api) -> None:
    answer = api.ask("GET", "/nothing", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "There is nothing at this address" in answer.text


def test_a_database_that_is_away_is_told_as_such(
    postgres: postgres_lab.Server, engine_template: str, home: object
) -> None:
    name = postgres.create(engine_template)
    with serve(postgres.url(name), home) as api:  # pyright: ignore[reportArgumentType] - the fixture's path
        postgres.drop(name)
        for method, path in (("GET", "/tasks"), ("POST", "/artifacts"), ("GET", "/services/a")):
            answer = api.ask(method, V1 + path)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert api.refused(method, V1 + path, 503)["code"] == "unavailable"
        api.refused("GET", "/metrics", 503)
        assert api.ask("GET", "/healthz").status_code == 200
        ready = api.ask("GET", "/readyz", Role.ANYONE)
        assert ready.status_code == 503
        assert ready.json
        assert ready.json["ready"] is False
        assert postgres.password not in ready.text
        page = api.ask("GET", "/", headers={"Accept": "text/html"})
        assert (page.status_code, page.mimetype) == (503, "text/html")
