"""kill -9 of the worker around the steps of routine work: another one brings it to its end, once."""

import uuid
from collections.abc import Iterator

import pytest

import git_lab
from jarvis.artifacts.stores.store import chosen
from jarvis.deployments import handin
from jarvis.deployments.addresses import reach
from jarvis.deployments.upkeep import health, repair, routine
from jarvis.proxy.site import unpublish
from jarvis.workflows.events import END, read
from models import Artifact, Deployment, DomainRecord, Workflow, WorkflowStatus
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


def test_a_repair_that_ended_before_its_asking_ran_again_is_not_asked_for_twice(still: Place) -> None:
    still.live("sick")
    unpublish(still.home.www, service="sick")
    seen = health.look()
    for status in ("pending", "completed"):
        asked = health.ask_for_repairs(seen["wrong"], seen["since"])
        assert asked["services"] == ["sick"]
        (row,) = still.rows("service", "sick")
        assert row["status"] == status
        with db_service.get_session() as session:
            session.get_one(Workflow, row["id"]).status = WorkflowStatus.COMPLETED
    seen = health.look()
    health.ask_for_repairs(seen["wrong"], seen["since"])
    assert len(still.rows("service", "sick")) == 2, "it is wrong again, or still"


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


@pytest.mark.parametrize(
    "moment",
    [
        "dnssync._about after",
        "dnssync.look before",
        "dnssync._leads_here after",
        "dnssync.look after",
        "dnssync.arrived before",
        "dnssync.note after",
        "dnssync.arrived after",
        "dnssync._recorded before",
        "dnssync._recorded after",
    ],
)
def test_a_name_that_leads_here_now_is_told_once(place: Place, moment: str) -> None:
    place.work()
    host = f"k{uuid.uuid4().hex[:8]}.example.com"
    key = place.live(host.partition(".")[0], domain=host)
    with db_service.get_session() as session:
        reach.note(session, session.get_one(Deployment, key), host, reached=False)
    (place.home.root / "names").write_text(host)
    place.kill_at(moment)
    workflow = place.asked("dns_sync")
    place.again()
    row = place.ended(workflow)
    assert (row["status"], row["current_step"], routine.QUIET in row["metadata"]) == ("completed", 2, False)
    assert [task["status"] for task in place.tasks(reach.key(host))] == ["completed"]
    with db_service.get_session() as session:
        assert [record.status.value for record in session.query(DomainRecord).filter_by(domain=host)] == [
            "active"
        ]
        told = [event for event in read(session, workflow) if event.kind in ("done", END)]
        assert [event.message for event in told] == ["1 of 1 names lead here now", host, told[0].message]
        assert told[-1].data["hosts"] == [host]
    assert ends(workflow) == 1
    assert not (place.home.root / "die").exists()
