"""What every answer carries, and what none may carry."""

import pytest
from werkzeug.test import Client

from api_lab import NOBODY, V1, Api
from jarvis.accounts.roles import Role
from jarvis.accounts.tokens import checksum

PATHS = ("/", "/login", "/healthz", "/readyz", "/metrics", "/api/docs", "/nothing", f"{V1}/tasks", f"{V1}/x")


def signed_in(api: Api, role: Role = Role.ADMIN) -> Client:
    client = api.app.test_client()
    assert client.post("/login", data={"token": api.tokens[role]}).status_code == 303
    return client


@pytest.mark.parametrize("path", [*PATHS, "/static/style.css", "/api/openapi.json"])
@pytest.mark.parametrize("role", list(Role))
def test_it_works(api: Api, path: str, role: Role) -> None:
    for accept in ("text/html", "application/json"):
        headers = api.ask("GET", path, role, headers={"Accept": accept}).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert ("no-store" in headers["Cache-Control"]) is not path.startswith("/static")


def test_the_session_is_kept_from_scripts_and_other_sites(api: Api) -> None:
    answer = api.app.test_client().post("/login", data={"token": api.tokens[Role.ADMIN]})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("jarvis_session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert api.tokens[Role.ADMIN] not in cookie


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_a_change_from_another_site_is_refused(api: Api, headers: dict[str, str]) -> None:
    api.seed.live("kept")
    client = signed_in(api)
    for method, path in (("DELETE", f"{V1}/services/kept"), ("POST", f"{V1}/artifacts"), ("POST", "/logout")):
        answer = client.open(path, method=method, headers=headers)
        assert answer.status_code == 403, answer.text
        assert "another site" in answer.text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}])
def test_a_change_from_the_own_page_is_taken(api: Api, headers: dict[str, str]) -> None:
    answer = signed_in(api).post(f"{V1}/artifacts?filename=a.html", data=b"<p>1", headers=headers)
    assert answer.status_code == 201


def test_a_viewers_session_changes_nothing(api: Api) -> None:
    client = signed_in(api, Role.VIEWER)
    assert client.get(f"{V1}/tasks").status_code == 200
    assert client.delete(f"{V1}/services/kept").status_code == 403


def test_a_forged_session_is_nobody(api: Api) -> None:
    client = api.app.test_client()
    client.set_cookie("jarvis_session", "eyJ0b2tlbiI6IngifQ.Z0.AAAA")
    assert client.get(f"{V1}/tasks").status_code == 401


def test_a_wrong_header_is_not_helped_by_a_session(api: Api) -> None:
    answer = signed_in(api).get(f"{V1}/tasks", headers={"Authorization": "Bearer jarvis_wrong"})
    assert answer.status_code == 401


def test_no_answer_holds_a_secret(api: Api) -> None:
    deployment = api.seed.live("secretive")
    workflow = api.get(f"/deployments/{deployment}")["workflow_id"]
    url = (api.app.config["SECRET_KEY"], *api.tokens.values(), *map(checksum, api.tokens.values()))
    first = (api.home / "secrets/token").read_text().strip()
    from services.db_service import db_service

    secrets = {*url, first, db_service.settings.database_url, "token_sha256"}
    paths = [
        *PATHS,
        "/api/openapi.json",
        f"/deployments/{deployment}",
        "/services/secretive",
        *(
            f"{V1}/{noun}"
            for noun in ("artifacts", "deployments", "services", "workflows", "domains", "health")
        ),
        f"{V1}/workflows/{workflow}/events",
        f"{V1}/services/secretive/logs",
        f"{V1}/deployments/{NOBODY}",
    ]
    for path in paths:
        for client in (signed_in(api), signed_in(api, Role.VIEWER)):
            text = client.get(path).text
            assert not [secret for secret in secrets if secret in text], path
