"""Plans of deploys that set something: nothing is set, no value is kept, the deploy is held to it."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from api_lab import V1, Api
from jarvis.accounts.roles import Role
from jarvis.deployments.plans import assemble, situation
from jarvis.settings import variables
from models import Deployment, EnvironmentVersion, Service, Workflow
from planned import finish
from services.db_service import db_service

Json = dict[str, Any]
WORD = "hunter2-of-the-shop"
ALONG: Json = {
    "environment": {"set": {"LEVEL": {"value": "info"}, "API_KEY": {"value": WORD, "secret": True}}},
    "settings": {"text": {"health.path": "/up", "logins.anna": WORD, "volumes.data": "data"}},
}


def planned(api: Api, name: str, **body: Any) -> tuple[Json, Json]:
    """The row of a plan, and the plan."""
    wish = {"artifact_id": api.upload()["id"], "name": name, **body}
    answer = api.ask("POST", f"{V1}/plans", json=wish)
    assert answer.status_code == 202, answer.text
    with db_service.get_session() as session:
        return answer.json or {}, finish(session, (answer.json or {})["id"])


def deploy(api: Api, made: Json, **body: Any) -> Json:
    answer = api.ask("POST", f"{V1}/deployments", json={"plan": made["hash"], **body})
    assert answer.status_code == 202, answer.text
    return answer.json or {}


def refused(api: Api, made: Json, **body: Any) -> str:
    told = api.refused("POST", f"{V1}/deployments", 422, json={"plan": made["hash"], **body})
    return str(told["detail"]).partition(": ")[2]


def hash_now(row: Json) -> str:
    """The hash that a worker finds when the turn of this deployment comes."""
    with db_service.get_session() as session:
        deployment = session.get_one(Deployment, UUID(row["id"]))
        name, domain = deployment.service_name, str(deployment.domain)
        members: Json = session.scalars(select(Service.settings).where(Service.name == name)).one()
        version = variables.snapshot(session, name)["version"]
        new = {
            **deployment.configuration,
            "runtime": "static",
            "plan_sha256": "b" * 64,
            "settings": members.get("service", {}).get("members", {}),
            "environment": version,
        }
        around = situation.look(session, name, domain, new["hosts"], version)
        return str(assemble.plan(new, around)["hash"])


def test_it_works(api: Api) -> None:
    row, made = planned(api, "al-a", **ALONG)
    shown = api.get(f"/plans/{row['id']}", role=Role.VIEWER)
    assert (shown["hash"], shown["holds"]) == (made["hash"], True)
    assert made["environment"]["added"] == ["API_KEY", "LEVEL"]
    words = shown["words"]["changes"]
    assert "Environment, added: API_KEY (secret), LEVEL." in words
    assert any(line.startswith("Setting health.path: nothing → /up") for line in words)
    assert (
        "Set with it, for later deploys too: API_KEY (secret), LEVEL, health.path, logins.anna, volumes.data."
        in words
    )
    again = deploy(api, made, **ALONG)
    assert again["configuration"]["promised"]["hash"] == made["hash"] == hash_now(again)
    with db_service.get_session() as session:
        assert variables.resolve(session, "al-a", 1, at="run") == {"API_KEY": WORD, "LEVEL": "info"}


def test_a_plan_sets_nothing_and_keeps_no_value(api: Api) -> None:
    row, _ = planned(api, "al-b", **ALONG)
    with db_service.get_session() as session:
        assert session.scalars(select(Service).where(Service.name == "al-b")).all() == []
        query = select(EnvironmentVersion).where(EnvironmentVersion.service == "al-b")
        assert session.scalars(query).all() == []
        kept = session.get_one(Workflow, UUID(row["id"])).workflow_metadata
    everything = f"{kept} {api.get('/workflows/' + row['id'])} {api.get('/plans/' + row['id'])}"
    assert WORD not in everything
    assert "info" not in str(kept["along"]["variables"])
    assert "$" not in str(api.get(f"/plans/{row['id']}")["plan"]), "no checksum of a password either"


def test_a_deploy_without_a_plan_carries_the_same_hash(api: Api) -> None:
    along: Json = {"environment": ALONG["environment"], "settings": {"text": {"health.path": "/up"}}}
    row, made = planned(api, "al-c", **along)
    answer = api.ask(
        "POST", f"{V1}/deployments", json={"artifact_id": row["artifact_id"], "name": "al-c", **along}
    )
    assert answer.status_code == 202, answer.text
    assert hash_now(answer.json or {}) == made["hash"]


@pytest.mark.parametrize(
    ("before", "then", "said"),
    [
        (ALONG, {}, "it was made with API_KEY, LEVEL, health.path, logins.anna, volumes.data as well."),
        (
            {"environment": {"set": {"LEVEL": {"value": "info"}}}},
            {"environment": {"set": {"LEVEL": {"value": "debug"}}}},
            "it was made with something else for LEVEL.",
        ),
        ({}, {"settings": {"text": {"drain": "5s"}}}, "it was made without drain."),
        (
            {"settings": {"text": {"drain": "5s"}}},
            {"settings": {"set": {"health": {"path": "/up"}}}},
            "it was made with drain as well; it was made without health.path.",
        ),
    ],
    ids=["nothing", "another value", "more", "others"],
)
def test_another_deploy_than_the_plan_is_refused(
    api: Api, request: pytest.FixtureRequest, before: Json, then: Json, said: str
) -> None:
    name = f"al-d-{request.node.callspec.id.replace(' ', '-')}"
    _, made = planned(api, name, **before)
    assert refused(api, made, **then) == said
    with db_service.get_session() as session:
        assert session.scalars(select(Service).where(Service.name == name)).all() == []


def test_what_would_be_so_already_changes_nothing(api: Api) -> None:
    """A value that is there already makes no new version, neither in the plan nor in the deploy."""
    along: Json = {"environment": {"set": {"LEVEL": {"value": "info"}}}}
    assert api.ask("PATCH", f"{V1}/services/al-e/environment", json=along["environment"]).status_code == 200
    _, made = planned(api, "al-e", **along)
    assert made["environment"]["version"] == 1
    assert hash_now(deploy(api, made, **along)) == made["hash"]


def test_what_is_taken_back_is_told(api: Api) -> None:
    body = {"set": {"OLD": {"value": "1"}, "NEW": {"value": "1"}}}
    assert api.ask("PATCH", f"{V1}/services/al-f/environment", json=body).status_code == 200
    along: Json = {"environment": {"unset": ["OLD"]}}
    row, made = planned(api, "al-f", **along)
    assert made["environment"]["added"] == ["NEW"]
    words = api.get(f"/plans/{row['id']}")["words"]["changes"]
    assert "Taken back with it, for later deploys too: OLD." in words
    assert hash_now(deploy(api, made, **along)) == made["hash"]


def test_two_values_are_two_plans(api: Api) -> None:
    hashes = {
        planned(api, "al-g", environment={"set": {"LEVEL": {"value": level}}})[1]["hash"]
        for level in ("info", "debug")
    }
    assert len(hashes) == 2


@pytest.mark.parametrize(
    ("along", "said"),
    [
        ({"environment": {"set": {"PORT": {"value": "1"}}}}, "PORT is set by Jarvis"),
        ({"environment": {"text": "A=1\nnothing\n"}}, "Line 2 cannot be read"),
        ({"settings": {"text": {"drain": "often"}}}, "drain must be a time"),
    ],
)
def test_what_cannot_be_set_cannot_be_planned(api: Api, along: Json, said: str) -> None:
    wish = {"artifact_id": api.upload()["id"], "name": "al-h", **along}
    assert said in api.refused("POST", f"{V1}/plans", 422, json=wish)["detail"]


def test_what_changed_since_is_told_before_anything_is_set(api: Api) -> None:
    _, made = planned(api, "al-i", **ALONG)
    api.ask("PATCH", f"{V1}/services/al-i/environment", json={"set": {"OTHER": {"value": "1"}}})
    told = api.refused("POST", f"{V1}/deployments", 409, json={"plan": made["hash"], **ALONG})
    assert told["difference"] == ["The environment changed: 1 → 2."]
    assert [one["name"] for one in api.get("/services/al-i/environment")["items"]] == ["OTHER"]
