"""kill -9 of the worker around the steps of routine work: another one brings it to its end, once."""

import uuid
from collections.abc import Iterator

import pytest

import git_lab
from jarvis.artifacts.stores.store import chosen
from jarvis.deployments import handin, repair, routine
from jarvis.proxy.site import unpublish
from jarvis.workflows.events import END, read
from models import Artifact
from services.db_service import db_service
from upkeep_lab import Place


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[git_lab.GitServer]:
    with git_lab.serve(tmp_path_factory.mktemp("repositories")) as running:
        yield running


def ends(workflow: str) -> int:
    with db_service.get_session() as session:
        return [event.kind for event in read(session, workflow)].count(END)


@pytest.mark.parametrize(
    "moment",
    [
        "repair._asked after",
        "repair.mend before",
        "repair.mend after",
        "repair._well before",
        "repair._well after",
    ],
)
def test_a_repair_ends_well(place: Place, moment: str) -> None:
    place.work()
    name = f"k{uuid.uuid4().hex[:8]}"
    key = place.live(name)
    unpublish(place.home.www, service=name)
    place.kill_at(moment)
    with db_service.get_session() as session:
        workflow = str(repair.ask(session, name, "anna")[0].id)
    place.again()
    row = place.ended(workflow)
    assert (row["status"], row["current_step"]) == ("completed", 3)
    assert place.caddy.get(f"{name}.localhost").status == 200
    assert place.deployment(key)["health_status"] == "healthy"
    assert ends(workflow) == 1


def test_a_repair_that_does_not_help_asks_a_person_once(place: Place) -> None:
    place.work()
    key = place.live("hopeless")
    (place.home.release("hopeless", key) / "index.html").write_text("defaced")
    place.kill_at("repair._sick after")
    with db_service.get_session() as session:
        workflow = str(repair.ask(session, "hopeless", "anna")[0].id)
    place.again()
    assert place.ended(workflow)["status"] == "failed"
    assert len(place.tasks("health:hopeless")) == 1
    assert ends(workflow) == 1


@pytest.mark.parametrize(
    "moment", ["health.look after", "health.ask_for_repairs after", "health._seen before"]
)
def test_a_look_at_all_services_asks_for_each_repair_once(place: Place, moment: str) -> None:
    place.work()
    name = f"k{uuid.uuid4().hex[:8]}"
    place.live(name)
    unpublish(place.home.www, service=name)
    place.kill_at(moment)
    workflow = place.asked("health_check")
    place.again()
    assert place.ended(workflow)["status"] == "completed"
    (row,) = place.rows("service", name)
    assert (place.ended(row["id"])["status"], row["created_by"]) == ("completed", routine.BY)
    assert place.caddy.get(f"{name}.localhost").status == 200


@pytest.mark.parametrize(
    "moment", ["cleanup.releases after", "cleanup.history before", "cleanup._recorded before"]
)
def test_a_clean_up_ends(place: Place, moment: str) -> None:
    place.work()
    (place.home.trash / uuid.uuid4().hex).mkdir(parents=True)
    place.kill_at(moment)
    workflow = place.asked("cleanup")
    place.again()
    assert place.ended(workflow)["status"] == "completed"
    assert list(place.home.trash.iterdir()) == []
    assert ends(workflow) == 1


@pytest.mark.parametrize(
    "moment", ["deploy_git._look after", "deploy_git._fetch before", "deploy_git._fetch after"]
)
def test_a_deploy_from_git_has_one_artifact(place: Place, server: git_lab.GitServer, moment: str) -> None:
    place.work()
    name = f"k{uuid.uuid4().hex[:8]}"
    server.commit(name, {"index.html": name})
    place.kill_at(moment)
    with db_service.get_session() as session:
        row = handin.deploy_git(session, url=server.url(name), ref="", name="", domain="", by="anna")
        workflow = str(row.workflow_id)
    place.again()
    assert place.ended(workflow)["status"] == "completed"
    assert place.caddy.get(f"{name}.localhost").body == name.encode()
    with db_service.get_session() as session:
        (artifact,) = session.query(Artifact).filter_by(original_filename=name)
        assert str(artifact.id) == workflow
        assert artifact.checksum_sha256 in {blob.sha256 for blob in chosen().blobs()}
    assert list(place.home.staging.iterdir()) == []
    assert ends(workflow) == 1
