"""The settings of services over the API."""

from typing import Any
from uuid import UUID

import pytest

from api_lab import V1, Api
from jarvis.accounts.roles import Role
from jarvis.proxy import password
from models import Deployment, Service
from services.db_service import db_service

BEN = {"user": "ben", "password": "b"}


def change(api: Api, name: str, body: dict[str, Any], **options: Any) -> Any:
    answer = api.ask("PATCH", f"{V1}/services/{name}/settings", json=body, **options)
    assert answer.status_code == 200, answer.text
    return answer.json


def rows(api: Api, name: str) -> dict[str, Any]:
    return {row["name"]: row for row in api.get(f"/services/{name}/settings")["items"]}


def test_it_works(api: Api) -> None:
    api.seed.live("tuned")
    made = change(
        api,
        "tuned",
        {"set": {"limits": {"memory": "1GiB"}}, "text": {"health.path": "/up", "cron.tidy": "@daily a b"}},
    )
    assert made.pop("message") == "This takes effect with the next deploy of tuned: jarvis redeploy tuned"
    assert made.pop("changed") == ["cron", "health.path", "limits.memory"]
    assert made == api.get("/services/tuned/settings")
    assert (made["version"], made["by"]) == (1, "admin")
    assert made["members"]["limits"] == {"memory": 2**30}
    found = rows(api, "tuned")
    assert (found["limits.memory"]["shown"], found["limits.memory"]["pending"]) == ("1GiB", True)
    assert found["limits.memory"]["source"].startswith("set by admin, ")
    assert found["cron"]["shown"] == "tidy=@daily a b"
    assert (found["drain"]["shown"], found["drain"]["source"]) == ("30s", "default")


def test_what_is_set_stays_beside_what_is_set_later(api: Api) -> None:
    api.seed.live("grows")
    change(api, "grows", {"text": {"limits.memory": "64MB", "volumes.data": "data"}})
    made = change(api, "grows", {"text": {"limits.cpus": "0.5", "volumes.logs": "logs"}})
    assert made["members"] == {
        "limits": {"memory": 64_000_000, "cpus": 0.5},
        "volumes": [{"name": "data", "path": "data"}, {"name": "logs", "path": "logs"}],
    }
    made = change(api, "grows", {"unset": ["limits.memory", "volumes.data"]})
    assert made["members"] == {"limits": {"cpus": 0.5}, "volumes": [{"name": "logs", "path": "logs"}]}
    assert [one["version"] for one in made["changes"]] == [3, 2, 1]
    assert change(api, "grows", {"unset": ["limits", "volumes"]})["members"] == {}


def test_what_is_so_already_makes_no_version(api: Api) -> None:
    api.seed.live("same")
    change(api, "same", {"text": {"drain": "60s"}})
    made = change(api, "same", {"set": {"drain": "1m"}})
    assert (made["version"], made["changed"]) == (1, [])
    assert made["message"].startswith("Nothing changed")


@pytest.mark.parametrize(
    ("body", "key", "said"),
    [
        ({"set": {"replicas": 0}}, "replicas", "must be from 1 to 100"),
        ({"set": {"limits": {"memroy": 1}}}, "limits.memroy", "There is no setting memroy"),
        ({"set": {"helth": {}}}, "helth", "There is no setting helth"),
        ({"text": {"health.path": "up"}}, "health.path", "must be a path"),
        ({"text": {"cron.x": "61 * * * * a"}}, "cron.1.schedule", "is no minute"),
        ({"text": {"volumes.x": "../up"}}, "volumes.1.path", "must be a folder of its own"),
        ({"text": {"nothing": "1"}}, "nothing", "There is no setting nothing"),
        ({"unset": ["nothing"]}, "nothing", "There is no setting nothing"),
        ({"set": {"release": "a 'b"}}, "release", "cannot be taken apart"),
        ({"set": {"logins": [{"user": "anna"}]}}, "logins.1", "has no password"),
    ],
)
def test_what_cannot_be_set_is_refused_and_nothing_is_changed(
    api: Api, body: dict[str, Any], key: str, said: str
) -> None:
    api.seed.live("strict")
    path = f"{V1}/services/strict/settings"
    refused = api.refused("PATCH", path, 422, json={**body, "set": {"drain": 1, **body.get("set", {})}})
    (problem,) = refused["problems"]
    assert (problem["key"], refused["field"]) == (key, key)
    assert said in problem["message"]
    assert api.get("/services/strict/settings")["version"] == 0


def test_all_that_is_wrong_is_told_at_once(api: Api) -> None:
    api.seed.live("many")
    body = {"set": {"replicas": 0, "drain": "x", "port": True}}
    refused = api.refused("PATCH", f"{V1}/services/many/settings", 422, json=body)
    assert {one["key"] for one in refused["problems"]} == {"replicas", "drain", "port"}
    assert refused["detail"].endswith("And 2 more.")


def test_a_password_is_kept_as_a_checksum_and_never_shown(api: Api) -> None:
    api.seed.live("guarded")
    path = f"{V1}/services/guarded/settings"
    answers = [
        api.ask("PATCH", path, json={"text": {"logins.anna": "s3cret word"}}),
        api.ask(
            "PATCH", path, json={"set": {"logins": [{"user": "anna"}, {"user": "ben", "password": "b"}]}}
        ),
        api.ask("GET", path),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert not [answer.text for answer in answers if "scrypt$" in answer.text or "s3cret" in answer.text]
    with db_service.get_session() as session:
        row = session.query(Service).filter_by(name="guarded").one()
        anna, ben = row.settings["service"]["members"]["logins"]
    assert password.verify(b"s3cret word", anna["password"])
    assert password.verify(b"b", ben["password"])


@pytest.mark.parametrize("word", ["scrypt$nothing", "scrypt$1073741824$8$1$AAAAAAAAAAAAAAAA$AAAA"])
def test_a_checksum_that_is_none_is_refused(api: Api, word: str) -> None:
    api.seed.live("forged")
    api.refused("PATCH", f"{V1}/services/forged/settings", 422, json={"text": {"logins.anna": word}})


def test_nobody_overwrites_what_they_have_not_seen(api: Api) -> None:
    api.seed.live("seen")
    path = f"{V1}/services/seen/settings"
    tag = api.ask("GET", path).headers["ETag"]
    change(api, "seen", {"set": {"drain": 5}}, headers={"If-Match": tag})
    api.refused("PATCH", path, 412, json={"set": {"drain": 6}}, headers={"If-Match": tag})
    assert api.get("/services/seen/settings")["members"] == {"drain": 5}


def test_a_viewer_looks_and_changes_nothing(api: Api) -> None:
    api.seed.live("looked")
    path = f"{V1}/services/looked/settings"
    assert api.ask("GET", path, role=Role.VIEWER).status_code == 200
    api.refused("PATCH", path, 403, role=Role.VIEWER, json={"set": {"drain": 5}})
    api.refused("GET", f"{V1}/services/nowhere/settings", 404)


def test_what_runs_is_deployed_again(api: Api) -> None:
    key = api.seed.live("again")
    made = api.ask("POST", f"{V1}/services/again/redeploy")
    assert made.status_code == 202, made.text
    with db_service.get_session() as session:
        told = made.json
        assert told is not None
        row = session.get_one(Deployment, UUID(told["id"]))
        service = session.query(Service).filter_by(name="again").one()
        before = session.get_one(Deployment, service.deployment_id)
        assert (row.artifact_id, row.domain) == (before.artifact_id, before.domain)
        assert row.id != before.id
    assert key is not None
    api.refused("POST", f"{V1}/services/nowhere/redeploy", 404)
