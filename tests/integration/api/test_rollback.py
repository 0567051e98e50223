"""What can be gone back to."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from api_lab import NOBODY, V1, Api
from models import Deployment, DeploymentStatus, Service
from seed import MORNING
from services.db_service import db_service


def back(api: Api, name: str, **body: str) -> Any:
    answer = api.ask("POST", f"{V1}/services/{name}/rollback", json=body)
    assert answer.status_code == 202, answer.text
    return answer.json


def refusal(api: Api, name: str, **body: str) -> str:
    return api.refused("POST", f"{V1}/services/{name}/rollback", 409, json=body)["detail"]


def release(api: Api, key: str) -> str:
    return api.get(f"/deployments/{key}")["configuration"]["release"]


def test_it_works(api: Api) -> None:
    first = api.seed.live("back")
    api.seed.live("back", at=MORNING + timedelta(hours=1))
    row = back(api, "back")
    assert row["configuration"]["rolled_back_to"] == first
    assert release(api, row["id"]) == first


def test_a_body_is_not_needed(api: Api) -> None:
    api.seed.live("bare")
    assert api.ask("POST", f"{V1}/services/bare/rollback").status_code == 409


def test_the_first_version_has_nothing_before_it(api: Api) -> None:
    api.seed.live("first")
    assert "no earlier version" in refusal(api, "first")


def test_the_version_that_runs_is_not_gone_back_to(api: Api) -> None:
    running = api.seed.live("same")
    assert "runs now" in refusal(api, "same", deployment_id=running)


def test_what_never_ran_or_is_anothers_is_not_gone_back_to(api: Api) -> None:
    other = api.seed.live("another")
    api.seed.live("mine")
    never, _ = api.seed.deployment("mine")
    for key in (other, never, NOBODY):
        assert "never ran" in refusal(api, "mine", deployment_id=key)
    api.refused("POST", f"{V1}/services/mine/rollback", 404, json={"deployment_id": "x"})


def test_a_removed_version_is_not_gone_back_to(api: Api) -> None:
    gone = api.seed.live("again")
    with db_service.get_session() as session:
        removed = update(Deployment).where(Deployment.id == UUID(gone))
        session.execute(removed.values(status=DeploymentStatus.REMOVED))
        session.execute(delete(Service).where(Service.name == "again"))
    api.seed.live("again")
    assert "no earlier version" in refusal(api, "again")
    assert "never ran" in refusal(api, "again", deployment_id=gone)


def test_a_release_that_is_not_kept_any_more_is_refused(api: Api) -> None:
    keys = [api.seed.live("many", at=MORNING + timedelta(hours=hour)) for hour in range(8)]
    assert "is not kept any more" in refusal(api, "many", deployment_id=keys[0])
    path = f"{V1}/services/many/rollback/plan"
    api.refused("POST", path, 409, json={"deployment_id": keys[0]})
    assert back(api, "many", deployment_id=keys[3])["configuration"]["rolled_back_to"] == keys[3]


def test_all_of_the_release_comes_back_and_nothing_of_what_was_once_asked(api: Api) -> None:
    first = api.seed.live("whole")
    kept = {
        "artifact_sha256": "a" * 64,
        "verdict": {"kind": "web"},
        "plan": {"uses": "recipe"},
        "plan_sha256": "b" * 64,
        "runtime": "container",
        "image": "sha256:1",
        "images": {"web": "sha256:2"},
        "environment": 3,
        "defaults": {"LEVEL": {"value": "info"}},
        "settings": {"drain": 5, "routes": [{"path": "/api", "service": "shop-api"}]},
        "settings_from": {"drain": "jarvis.toml, line 1"},
        "hosts": ["whole.localhost", "www.example.org"],
        "records": [{"domain": "www.example.org", "type": "A", "value": "192.0.2.1"}],
        "release": first,
    }
    asked = {"promised": {"hash": "x"}, "approved": {"by": "ben"}, "retreated": "y", "error": {"code": "z"}}
    with db_service.get_session() as session:
        session.get_one(Deployment, UUID(first)).configuration = {**kept, **asked}
    api.seed.live("whole", at=MORNING + timedelta(hours=1))
    assert back(api, "whole")["configuration"] == {**kept, "rolled_back_to": first}
