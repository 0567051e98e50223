"""The environment of services over the API, and what the worker reads of it."""

import threading
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from api_lab import V1, Api
from jarvis import vault
from jarvis.accounts.roles import Role
from jarvis.errors import Conflict
from jarvis.settings import variables, versions
from models import Deployment, DeploymentStatus, ServiceVariable
from services.db_service import db_service

SECRET = "s3cret-of-the-shop"


def change(api: Api, name: str, body: dict[str, Any], **options: Any) -> Any:
    answer = api.ask("PATCH", f"{V1}/services/{name}/environment", json=body, **options)
    assert answer.status_code == 200, answer.text
    return answer.json


def put(api: Api, name: str, **values: str) -> Any:
    return change(api, name, {"set": {key: {"value": value} for key, value in values.items()}})


def resolve(name: str, version: int, at: Any = "run") -> dict[str, str]:
    with db_service.get_session() as session:
        return variables.resolve(session, name, version, at=at)


def test_it_works(api: Api) -> None:
    api.seed.live("shop")
    made = change(
        api, "shop", {"set": {"LEVEL": {"value": "info"}, "KEY": {"value": SECRET, "secret": True}}}
    )
    assert made.pop("message") == ("This takes effect with the next deploy of shop: jarvis redeploy shop")
    assert made.pop("changed") == ["KEY", "LEVEL"]
    assert made == api.get("/services/shop/environment")
    assert (made["version"], made["changed_by"]) == (1, "admin")
    key, level = made["items"]
    assert (key["name"], key["secret"], key["value"]) == ("KEY", True, None)
    assert (level["value"], level["phase"], level["version"], level["set_by"]) == ("info", "both", 1, "admin")
    assert resolve("shop", 1) == {"KEY": SECRET, "LEVEL": "info"}


def test_every_version_can_be_read_again(api: Api) -> None:
    put(api, "again", A="1", B="1")
    put(api, "again", A="2")
    change(api, "again", {"unset": ["B"]})
    made = put(api, "again", B="4")
    assert made["version"] == 4
    found = [resolve("again", version) for version in range(5)]
    assert found == [
        {},
        {"A": "1", "B": "1"},
        {"A": "2", "B": "1"},
        {"A": "2"},
        {"A": "2", "B": "4"},
    ]
    with db_service.get_session() as session:
        assert variables.snapshot(session, "again") == {"version": 4}
        assert variables.snapshot(session, "never-heard-of") == {"version": 0}


def test_a_secret_is_never_shown_and_lies_sealed(api: Api) -> None:
    body = {"set": {"KEY": {"value": SECRET, "secret": True}}}
    path = f"{V1}/services/sealed/environment"
    answers = [
        api.ask("PATCH", path, json=body),
        api.ask("GET", path),
        api.ask("POST", f"{path}/import", json={"text": f"OTHER={SECRET}", "secret": True}),
        api.ask("PATCH", path, json={"set": {"KEY": {"value": SECRET + "\x00", "secret": True}}}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 422]
    assert not [answer.text for answer in answers if SECRET in answer.text]
    with db_service.get_session() as session:
        rows = session.scalars(select(ServiceVariable).where(ServiceVariable.service == "sealed")).all()
        assert {row.value for row in rows} == {None}
        assert all(row.sealed and SECRET.encode() not in row.sealed for row in rows)
        assert "sealed" not in rows[0].to_dict()
        assert vault.unseal(rows[0].sealed or b"") == SECRET
        assert variables.secrets_of(session, "sealed", 2) == [SECRET, SECRET]
        assert variables.secrets_of(session, "sealed", 1) == [SECRET]


def test_a_secret_stays_one_until_it_is_said_otherwise(api: Api) -> None:
    change(api, "stays", {"set": {"KEY": {"value": "a", "secret": True, "phase": "run"}}})
    (row,) = put(api, "stays", KEY="b")["items"]
    assert (row["secret"], row["value"], row["phase"]) == (True, None, "run")
    (row,) = change(api, "stays", {"set": {"KEY": {"value": "c", "secret": False}}})["items"]
    assert (row["secret"], row["value"], row["phase"]) == (False, "c", "run")


def test_the_phase_decides_who_sees_it(api: Api) -> None:
    given = {phase.upper(): {"value": "1", "phase": phase} for phase in ("both", "build", "run")}
    change(api, "phases", {"set": given})
    assert set(resolve("phases", 1, "build")) == {"BOTH", "BUILD"}
    assert set(resolve("phases", 1, "run")) == {"BOTH", "RUN"}


def test_what_is_so_already_makes_no_version(api: Api) -> None:
    put(api, "same", A="1")
    made = put(api, "same", A="1")
    assert (made["version"], made["changed"]) == (1, [])
    assert made["message"].startswith("Nothing changed")


def test_it_may_be_set_before_the_first_deploy(api: Api) -> None:
    api.refused("GET", f"{V1}/services/early/environment", 404)
    assert "its first deploy" in put(api, "early", A="1")["message"]
    assert api.get("/services/early/environment")["version"] == 1
    api.seed.live("silent")
    assert api.get("/services/silent/environment")["items"] == []


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"set": {"PORT": {"value": "1"}}}, 422, "PORT is set by Jarvis"),
        ({"set": {"JARVIS_X": {"value": "1"}}}, 422, "own"),
        ({"set": {"A-B": {"value": "1"}}}, 422, "name of a variable"),
        ({"set": {"A": {"value": "\x00"}}}, 422, "NUL"),
        ({"set": {"A": {"value": "x" * 40_000}}}, 422, "40,000"),
        ({"set": {"A": {"value": 1}}}, 422, "value"),
        ({"set": {"A": {"value": "1", "phase": "night"}}}, 422, "phase"),
        ({"set": {"GOOD": {"value": "1"}}, "unset": ["GOOD"]}, 422, "same request"),
        ({"unset": ["NEVER_SET"]}, 404, "NEVER_SET"),
        ({"unset": ["\x00"]}, 404, "no variable"),
        ({"nonsense": 1}, 422, "nonsense"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_of_it_is_done(
    api: Api, body: dict[str, Any], status: int, words: str
) -> None:
    put(api, "refusing", GOOD="0")
    before = api.get("/services/refusing/environment")
    body.setdefault("set", {}).setdefault("NEWS", {"value": "1"})
    said = api.refused("PATCH", f"{V1}/services/refusing/environment", status, json=body)
    assert words in said["detail"]
    assert api.get("/services/refusing/environment") == before


@pytest.mark.parametrize("name", ["Not A Name", "x" * 64, "-a"])
def test_a_name_that_no_service_can_have_is_refused(api: Api, name: str) -> None:
    api.refused("PATCH", f"{V1}/services/{name}/environment", 422, json={"set": {"A": {"value": "1"}}})


def test_there_are_not_too_many_and_they_are_not_too_large(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variables, "MOST", 2)
    put(api, "full", A="1", B="2")
    path = f"{V1}/services/full/environment"
    assert "3 variables" in api.refused("PATCH", path, 409, json={"set": {"C": {"value": "3"}}})["detail"]
    assert change(api, "full", {"set": {"C": {"value": "3"}}, "unset": ["A"]})["version"] == 2
    monkeypatch.setattr(variables, "LARGEST", 10)
    put(api, "full", C="1234567")
    refused = api.refused("PATCH", path, 413, json={"set": {"C": {"value": "12345678"}}})
    assert "10 bytes" in refused["detail"]


def test_a_file_is_read_whole_or_not_at_all(api: Api) -> None:
    path = f"{V1}/services/filed/environment/import"
    text = "export A='1'\n# no\nB=\"two\nlines\"\n"
    made = api.ask("POST", path, json={"text": text, "phase": "run"}).json
    assert made
    assert made["changed"] == ["A", "B"]
    assert resolve("filed", 1) == {"A": "1", "B": "two\nlines"}
    assert resolve("filed", 1, "build") == {}
    said = api.refused("POST", path, 422, json={"text": text.replace("1", "2") + "a b"})
    assert (said["line"], api.get("/services/filed/environment")["version"]) == (5, 1)


def test_a_file_that_is_sent_twice_with_a_key_is_read_once(api: Api) -> None:
    path = f"{V1}/services/keyed/environment/import"
    options: dict[str, Any] = {"json": {"text": "A=1"}, "headers": {"Idempotency-Key": "of-the-file"}}
    first, second = (api.ask("POST", path, **options) for _ in range(2))
    assert first.headers["Cache-Control"] == "no-store"
    assert second.headers["Idempotent-Replayed"] == "true"
    assert first.json == second.json


def test_of_two_who_change_at_once_one_is_told(api: Api) -> None:
    put(api, "twice", A="1")
    path = f"{V1}/services/twice/environment"
    seen = {"If-Match": api.ask("GET", path).headers["ETag"]}
    change(api, "twice", {"set": {"A": {"value": "2"}}}, headers=seen)
    api.refused("PATCH", path, 412, json={"set": {"A": {"value": "3"}}}, headers=seen)
    assert resolve("twice", 2) == {"A": "2"}


def test_many_at_once_lose_nothing(api: Api) -> None:
    def one(number: int) -> None:
        put(api, "storm", **{f"V{number}": "1"})

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shown = api.get("/services/storm/environment")
    assert shown["version"] == 8
    assert sorted(row["version"] for row in shown["items"]) == list(range(1, 9))


def test_only_an_administrator_may_look(api: Api) -> None:
    put(api, "private", A="1")
    for role, status in ((Role.ANYONE, 401), (Role.VIEWER, 403)):
        api.refused("GET", f"{V1}/services/private/environment", status, role=role)


def keep(api: Api, name: str, version: int) -> str:
    """A deployment of `name` that ran with `version`."""
    key, _ = api.seed.deployment(name)
    with db_service.get_session() as session:
        row = session.get_one(Deployment, UUID(key))
        row.configuration = {**row.configuration, versions.KEY: version}
    return key


def purge(name: str, *kept: str) -> int:
    with db_service.get_session() as session:
        return versions.purge(session, name, kept)


def test_old_values_go_when_no_deployment_can_come_back_to_them(api: Api) -> None:
    for value in "12345":
        put(api, "purged", A=value, STAYS="x")
    old = keep(api, "purged", 2)
    api.seed.deployment("purged")  # of a time before there were versions
    assert purge("purged") == 3
    assert purge("purged") == 0
    assert resolve("purged", 2) == {"A": "2", "STAYS": "x"}
    assert resolve("purged", 5) == {"A": "5", "STAYS": "x"}
    with pytest.raises(Conflict, match="Version 3 of the environment"):
        resolve("purged", 3)
    with db_service.get_session() as session:
        session.get_one(Deployment, UUID(old)).status = DeploymentStatus.REMOVED
    assert purge("purged") == 1
    assert put(api, "purged", A="6")["version"] == 6


@pytest.mark.parametrize("status", [DeploymentStatus.STOPPED, DeploymentStatus.FAILED])
def test_old_values_stay_while_their_release_is_kept(api: Api, status: DeploymentStatus) -> None:
    name = f"kept-{status.value}"
    for value in "123":
        put(api, name, A=value)
    key = keep(api, name, 1)
    with db_service.get_session() as session:
        row = session.get_one(Deployment, UUID(key))
        row.status, row.configuration = status, {**row.configuration, "release": key}
    assert purge(name, key) == 1
    assert resolve(name, 1) == {"A": "1"}
    assert purge(name, "another") == 1, "its release is cleaned away"
    with pytest.raises(Conflict, match="Version 1 of the environment"):
        resolve(name, 1)


def test_after_a_purge_numbers_do_not_begin_anew(api: Api) -> None:
    put(api, "emptied", A="1")
    change(api, "emptied", {"unset": ["A"]})
    assert purge("emptied") == 1
    assert put(api, "emptied", A="3")["version"] == 3


def test_nothing_is_left_of_a_service_that_is_forgotten(api: Api) -> None:
    put(api, "gone", A="1")
    put(api, "gone", A="2")
    with db_service.get_session() as session:
        versions.forget(session, "gone")
    assert api.get("/services/gone/environment")["items"] == []
    assert put(api, "gone", B="1")["version"] == 1
