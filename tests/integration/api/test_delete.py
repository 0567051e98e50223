"""An artifact can be deleted when nothing needs it; its bytes go with the last row that has the same."""

import threading
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update

from api_lab import NOBODY, V1, Api
from caddy_lab import poll
from jarvis.artifacts import collect
from jarvis.errors import Unavailable
from models import Artifact, Deployment, DeploymentStatus
from services.db_service import db_service


def delete(api: Api, key: str) -> int:
    return api.ask("DELETE", f"{V1}/artifacts/{key}").status_code


def status(deployment: str, value: DeploymentStatus, **more: object) -> None:
    with db_service.get_session() as session:
        row = update(Deployment).where(Deployment.id == UUID(deployment))
        session.execute(row.values(status=value, **more))


def deployed(api: Api, key: str, name: str) -> str:
    answer = api.ask("POST", f"{V1}/deployments", json={"artifact_id": key, "name": name})
    assert answer.json
    return str(answer.json["id"])


def ran(deployment: str, value: DeploymentStatus) -> None:
    """The deployment ran, and is now as `value` says."""
    status(deployment, value, deployed_at=func.now(), configuration={"release": deployment})


def test_it_works(api: Api) -> None:
    before = api.kept()
    row = api.upload(b"to be deleted")
    assert api.kept() == before | {row["storage_path"]}
    assert delete(api, row["id"]) == 204
    assert api.kept() == before
    assert delete(api, row["id"]) == 404
    api.refused("GET", f"{V1}/artifacts/{row['id']}", 404)


def test_the_bytes_stay_while_another_row_has_the_same(api: Api) -> None:
    first, second = api.upload(b"twice"), api.upload(b"twice")
    assert delete(api, first["id"]) == 204
    assert second["storage_path"] in api.kept()
    assert api.ask("GET", f"{V1}/artifacts/{second['id']}/content").data == b"twice"
    assert delete(api, second["id"]) == 204
    assert second["storage_path"] not in api.kept()


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (DeploymentStatus.PENDING, "waiting"),
        (DeploymentStatus.DEPLOYING, "deploying"),
        (DeploymentStatus.RUNNING, "running"),
        (DeploymentStatus.STOPPED, "kept to go back to"),
    ],
)
def test_one_that_is_needed_is_kept_and_the_deployment_named(
    api: Api, value: DeploymentStatus, word: str
) -> None:
    key = api.upload(f"needed {value}".encode())["id"]
    deployment = deployed(api, key, f"needs-{value.value}")
    if value in {DeploymentStatus.RUNNING, DeploymentStatus.STOPPED}:
        ran(deployment, value)
    else:
        status(deployment, value)
    body = api.refused("DELETE", f"{V1}/artifacts/{key}", 409)
    assert body["deployments"] == [deployment]
    assert f"deployment {deployment[:8]} of “needs-{value.value}” ({word})" in body["detail"]
    assert api.get(f"/artifacts/{key}")["id"] == key


@pytest.mark.parametrize(
    "value", [DeploymentStatus.FAILED, DeploymentStatus.REMOVED, DeploymentStatus.STOPPED]
)
def test_one_that_only_history_names_can_go(api: Api, value: DeploymentStatus) -> None:
    key = api.upload(f"history {value}".encode())["id"]
    deployment = deployed(api, key, f"past-{value.value}")
    status(deployment, value)
    assert delete(api, key) == 204
    assert api.get(f"/deployments/{deployment}")["artifact_id"] is None


def test_a_release_that_is_not_kept_any_more_needs_nothing(api: Api) -> None:
    key = api.upload(b"the oldest")["id"]
    oldest = deployed(api, key, "many")
    ran(oldest, DeploymentStatus.STOPPED)
    api.refused("DELETE", f"{V1}/artifacts/{key}", 409)
    for number in range(6):
        ran(deployed(api, api.upload(f"newer {number}".encode())["id"], "many"), DeploymentStatus.STOPPED)
    assert delete(api, key) == 204


def test_many_that_need_it_are_counted(api: Api) -> None:
    key = api.upload(b"popular")["id"]
    for number in range(7):
        deployed(api, key, f"popular-{number}")
    body = api.refused("DELETE", f"{V1}/artifacts/{key}", 409)
    assert len(body["deployments"]) == 7
    assert "and 2 more" in body["detail"]


def test_a_store_that_is_away_leaves_the_bytes_to_the_collector(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: str) -> bool:
        raise Unavailable("The store is away.")

    row = api.upload(b"left over")
    with monkeypatch.context() as changed:
        changed.setattr(collect, "drop", away)
        assert delete(api, row["id"]) == 204
    assert row["storage_path"] in api.kept()
    api.upload(b"another")
    collect.collect(collect.time.time() + 2 * collect.AGE)
    assert row["storage_path"] not in api.kept()


def test_a_deploy_that_comes_in_between_is_not_overlooked(api: Api) -> None:
    """The deploy has its row, but has not committed yet: the deletion waits for it and is refused."""
    key = api.upload(b"contended")["id"]
    answers: list[int] = []
    example = deployed(api, api.upload(b"other")["id"], "contender")
    with db_service.session_factory() as session:
        workflow = session.get_one(Deployment, UUID(example)).workflow_id
        session.add(Deployment(workflow_id=workflow, artifact_id=UUID(key), service_name="contender"))
        session.flush()
        thread = threading.Thread(target=lambda: answers.append(delete(api, key)))
        thread.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        with db_service.session_factory() as watch:
            assert poll(lambda: watch.scalar(waiting))
        session.commit()
    thread.join(30)
    assert answers == [409]
    with db_service.get_session() as session:
        assert session.scalars(select(Artifact.id).where(Artifact.id == UUID(key))).one()


@pytest.mark.parametrize("key", [NOBODY, "x", "%F0%9F%92%A9"])
def test_what_is_not_there_is_not_found(api: Api, key: str) -> None:
    assert delete(api, key) == 404
