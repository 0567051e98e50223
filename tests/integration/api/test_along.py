"""Variables and settings that come with a deploy: in its transaction, or not at all."""

from typing import Any

import pytest
from sqlalchemy import select

from api_lab import V1, Api
from jarvis.settings import variables
from models import Deployment, Service, Workflow
from services.db_service import db_service

KEY = {"API_KEY": {"value": "s3cret-of-the-shop", "secret": True}}


def deploy(api: Api, **body: Any) -> Any:
    made = api.ask("POST", f"{V1}/deployments", json={"artifact_id": api.upload()["id"], **body})
    assert made.status_code == 202, made.text
    return made.json


def resolved(name: str) -> dict[str, str]:
    with db_service.get_session() as session:
        return variables.resolve(session, name, variables.snapshot(session, name)["version"], at="run")


def counts(name: str) -> list[int]:
    """Rows of services, deployments and workflows of that name."""
    with db_service.get_session() as session:
        queries = (
            select(Service.id).where(Service.name == name),
            select(Deployment.id).where(Deployment.service_name == name),
            select(Workflow.id).where(Workflow.service == name),
        )
        return [len(session.scalars(query).all()) for query in queries]


def test_it_works(api: Api) -> None:
    row = deploy(
        api,
        name="along",
        environment={"set": {"LEVEL": {"value": "info"}, **KEY}, "text": "LEVEL=low\nDB_PASSWORD=x\nA=1\n"},
        settings={"text": {"health.path": "/up"}, "set": {"drain": "5s"}},
    )
    assert "s3cret" not in str(row)
    shown = api.get("/services/along/environment")
    assert {each["name"]: each["secret"] for each in shown["items"]} == {
        "A": False,
        "API_KEY": True,
        "DB_PASSWORD": True,
        "LEVEL": False,
    }
    assert resolved("along") == {
        "A": "1",
        "API_KEY": "s3cret-of-the-shop",
        "DB_PASSWORD": "x",
        "LEVEL": "info",
    }
    assert api.get("/services/along/settings")["members"] == {"health": {"path": "/up"}, "drain": 5}
    assert shown["changed_by"] == "admin"


def test_what_was_set_before_stays(api: Api) -> None:
    deploy(api, name="again", environment={"set": {"A": {"value": "1"}, "B": {"value": "1"}}})
    deploy(api, name="again", environment={"set": {"A": {"value": "2"}}, "unset": ["B"]})
    assert resolved("again") == {"A": "2"}


def test_a_git_repository_takes_them_too(api: Api) -> None:
    body = {"git": {"url": "https://git.example.org/me/shop.git"}, "environment": {"set": KEY}}
    made = api.ask("POST", f"{V1}/deployments", json={**body, "name": "along-git"})
    assert made.status_code == 202, made.text
    assert resolved("along-git") == {"API_KEY": "s3cret-of-the-shop"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"environment": {"set": {"PORT": {"value": "1"}}}}, "PORT is set by Jarvis"),
        ({"environment": {"text": "A=1\nnothing\n"}}, "Line 2 cannot be read"),
        ({"settings": {"text": {"drain": "often"}}}, "drain must be a time"),
        ({"settings": {"set": {"helth": {}}}}, "There is no setting helth"),
    ],
)
def test_what_is_wrong_leaves_neither_deploy_nor_service(api: Api, body: dict[str, Any], said: str) -> None:
    good = {"environment": {"set": KEY}, "settings": {"set": {"drain": 5}}}
    wish = {"artifact_id": api.upload()["id"], "name": "none-of-it", **good, **body}
    refused = api.refused("POST", f"{V1}/deployments", 422, json=wish)
    assert said in refused["detail"]
    assert counts("none-of-it") == [0, 0, 0]
    assert resolved("none-of-it") == {}


def test_a_refused_deploy_sets_nothing(api: Api) -> None:
    deploy(api, name="owner", domain="taken.localhost")
    wish = {
        "artifact_id": api.upload()["id"],
        "name": "wants",
        "domain": "taken.localhost",
        "environment": {"set": KEY},
        "settings": {"set": {"drain": 5}},
    }
    api.refused("POST", f"{V1}/deployments", 409, json=wish)
    assert counts("wants") == [0, 0, 0]
    assert resolved("wants") == {}
