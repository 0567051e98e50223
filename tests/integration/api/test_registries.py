"""Accounts at registries of images over the API and the command line; passwords come back to nobody."""

import io
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

import config
from api_lab import V1, Api
from jarvis.accounts.roles import Role
from jarvis.cli import main
from jarvis.settings import registries
from models import Registry
from services.db_service import db_service

SECRET = "t0ken-of-the-shop"


@pytest.fixture(autouse=True)
def empty(api: Api) -> Iterator[None]:
    yield
    for row in api.get("/registries")["items"]:
        api.ask("DELETE", f"{V1}/registries/{row['host']}")


def put(api: Api, host: str, username: str = "shop", password: str = SECRET) -> Any:
    return api.ask("PUT", f"{V1}/registries/{host}", json={"username": username, "password": password})


def opened() -> dict[str, tuple[str, str]]:
    with db_service.get_session() as session:
        return dict(registries.logins(session))


def test_it_works(api: Api) -> None:
    made = put(api, "GHCR.io")
    assert made.status_code == 200
    assert (made.json["host"], made.json["username"], made.json["set_by"]) == ("ghcr.io", "shop", "admin")
    assert api.get("/registries") == {"items": [made.json], "next": None}
    assert opened() == {"ghcr.io": ("shop", SECRET)}
    assert api.ask("DELETE", f"{V1}/registries/ghcr.io").status_code == 204
    assert api.get("/registries")["items"] == []


def test_a_password_is_sealed_and_never_shown(api: Api) -> None:
    said = put(api, "registry.example.org:5000").text + str(api.get("/registries"))
    assert SECRET not in said
    with db_service.get_session() as session:
        row = session.scalars(select(Registry)).one()
        assert SECRET.encode() not in row.password
    assert made_private(put(api, "registry.example.org:5000"))


def made_private(answer: Any) -> bool:
    return answer.headers["Cache-Control"] == "no-store"


def test_an_account_takes_the_place_of_the_one_before(api: Api) -> None:
    first = put(api, "ghcr.io").json
    second = put(api, "ghcr.io", "other", "word").json
    assert second["created_at"] == first["created_at"]
    assert second["updated_at"] > first["updated_at"]
    assert opened() == {"ghcr.io": ("other", "word")}


@pytest.mark.parametrize("host", ["index.docker.io", "registry-1.docker.io", "docker.io", "hub.docker.com"])
def test_dockers_own_registry_has_one_name(api: Api, host: str) -> None:
    assert put(api, host).json["host"] == "docker.io"


@pytest.mark.parametrize("host", ["a b", "-x.org", "x.org:port", "x" * 300, "ghcr.io%2Fshop", "bücher.de"])
def test_what_is_no_registry_is_refused(api: Api, host: str) -> None:
    answer = put(api, host)
    assert answer.status_code in {404, 422}
    assert answer.json["hint"]


@pytest.mark.parametrize(("username", "password"), [("", "x"), ("a:b", "x"), ("x" * 256, "x"), ("a", "")])
def test_half_an_account_is_refused(api: Api, username: str, password: str) -> None:
    assert put(api, "ghcr.io", username, password).status_code == 422
    assert opened() == {}


def test_an_account_that_is_not_there_cannot_go(api: Api) -> None:
    assert "registries list" in api.refused("DELETE", f"{V1}/registries/ghcr.io", 404)["hint"]


def test_the_command_reads_the_password_from_standard_input(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = make_server("127.0.0.1", 0, api.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    monkeypatch.setenv("JARVIS_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("JARVIS_TOKEN", api.tokens[Role.ADMIN])
    config.settings.cache_clear()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{SECRET}\n".encode())))
    try:
        assert main(["registries", "add", "ghcr.io", "shop"]) == 0
        assert opened() == {"ghcr.io": ("shop", SECRET)}
        assert main(["registries", "list"]) == 0
        said = capsys.readouterr().out
        assert "ghcr.io" in said
        assert SECRET not in said
        assert main(["registries", "remove", "ghcr.io"]) == 0
        assert opened() == {}
        assert main(["registries", "remove", "ghcr.io"]) == 1
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        config.settings.cache_clear()
