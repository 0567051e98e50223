"""What is set for a service before its first deploy."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from api_lab import V1, Api
from jarvis.deployments import record, request
from jarvis.errors import DeployFailed
from jarvis.workflows import ledger
from models import Deployment, Service, ServiceHost, Workflow
from services.db_service import db_service


def change(api: Api, name: str, what: str, body: dict[str, Any]) -> Any:
    answer = api.ask("PATCH", f"{V1}/services/{name}/{what}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json


def services() -> set[str]:
    with db_service.get_session() as session:
        return set(session.scalars(select(Service.name)))


def fail_first_deploy(api: Api, name: str) -> None:
    row = api.deploy(name=name)
    with db_service.get_session() as session:
        record.close(session, row["workflow_id"], DeployFailed("It did not work.", ""))


def test_it_works(api: Api) -> None:
    made = change(api, "later", "settings", {"text": {"health.path": "/up"}})
    assert made["message"] == (
        "“later” is not deployed yet: this is kept for its first deploy, jarvis deploy PATH --name later"
    )
    shown = api.get("/services/later")
    assert (shown["status"], shown["hosts"], shown["deployments"]) == ("undeployed", [], [])
    assert "later" in [row["name"] for row in api.get("/services")["items"]]
    row = api.deploy(name="later")
    with db_service.get_session() as session:
        settings = session.scalars(select(Service.settings).where(Service.name == "later")).one()
    assert settings["service"]["members"] == {"health": {"path": "/up"}}
    assert row["service_name"] == "later"


def test_a_variable_makes_it_known_too(api: Api) -> None:
    made = change(api, "sealed-first", "environment", {"set": {"KEY": {"value": "x", "secret": True}}})
    assert "is not deployed yet: this is kept for its first deploy" in made["message"]
    assert api.get("/services/sealed-first")["status"] == "undeployed"
    assert api.get("/services/sealed-first/settings")["version"] == 0


def test_a_slip_is_told_once(api: Api) -> None:
    change(api, "webshop", "settings", {"text": {"drain": "5s"}})
    made = change(api, "webshpo", "settings", {"text": {"drain": "5s"}})
    assert made["message"].endswith("If you meant “webshop”: jarvis remove webshpo")
    made = change(api, "webshpo", "environment", {"set": {"A": {"value": "1"}}})
    assert "If you meant" not in made["message"]


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("Not_A_Name", {"text": {"drain": "5s"}}, 422),
        ("nothing-set", {"unset": ["drain"]}, 404),
        ("nothing-set", {}, 404),
        ("nothing-set", {"text": {"drain": "often"}}, 422),
    ],
)
def test_what_is_refused_makes_no_service(api: Api, name: str, body: dict[str, Any], status: int) -> None:
    api.refused("PATCH", f"{V1}/services/{name}/settings", status, json=body)
    assert name not in services()


def test_a_variable_that_is_refused_makes_no_service(api: Api) -> None:
    path = f"{V1}/services/no-such/environment"
    api.refused("PATCH", path, 422, json={"set": {"PORT": {"value": "1"}}})
    api.refused("PATCH", path, 404, json={"unset": ["A"]})
    assert api.ask("PATCH", path, json={}).status_code == 200
    assert "no-such" not in services()


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("settings", {"text": {"health.path": "/up"}}),
        ("environment", {"set": {"A": {"value": "1"}}}),
    ],
)
def test_it_stays_when_the_first_deploy_fails_and_its_name_is_free(
    api: Api, what: str, body: dict[str, Any]
) -> None:
    name = f"fails-{what}"
    change(api, name, what, body)
    fail_first_deploy(api, name)
    assert name in services()
    assert api.get(f"/services/{name}")["hosts"] == []
    with db_service.get_session() as session:
        assert session.get(ServiceHost, f"{name}.localhost") is None
    assert api.deploy(name=f"other-{what}", domain=f"{name}.localhost")["domain"] == f"{name}.localhost"


def test_without_anything_set_a_failed_first_deploy_leaves_no_service(api: Api) -> None:
    fail_first_deploy(api, "traceless")
    assert "traceless" not in services()


def test_it_is_removed_like_any_other(api: Api) -> None:
    change(api, "never", "environment", {"set": {"A": {"value": "1"}}})
    with db_service.get_session() as session:
        key = str(request.remove(session, name="never", by="anna").id)
        facts = record.to_remove(session, key)
    assert facts["hosts"] == []
    record.removed(key, "never", [])
    assert "never" not in services()
    with db_service.get_session() as session:
        assert session.get_one(Workflow, UUID(key)).status in ledger.FINAL
    api.refused("GET", f"{V1}/services/never/environment", 404)


def test_a_redeploy_of_nothing_says_what_to_type(api: Api) -> None:
    change(api, "hasty", "settings", {"text": {"drain": "5s"}})
    refused = api.refused("POST", f"{V1}/services/hasty/redeploy", 409, json={})
    assert refused["detail"] == "“hasty” is not deployed yet."
    with db_service.get_session() as session:
        assert session.scalars(select(Deployment).where(Deployment.service_name == "hasty")).all() == []
