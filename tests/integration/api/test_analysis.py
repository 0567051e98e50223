"""Operations on what an artifact is, and on what a person says better."""

from typing import Any
from uuid import UUID

import pytest

from api_lab import NOBODY, V1, Api, problem
from jarvis.accounts.roles import Role
from models import Artifact, Service, Workflow
from services.db_service import db_service

VERDICT = {"kind": "static", "language": "none", "framework": "none", "confidence": 1.0}
SITE = "https://git.example.org/me/site.git"


def service(name: str, **settings: Any) -> None:
    with db_service.get_session() as session:
        session.add(Service(name=name, settings=settings))


def workflow(key: str) -> Workflow:
    with db_service.get_session() as session:
        row = session.get_one(Workflow, UUID(key))
        session.expunge(row)
        return row


def accepted(api: Api, path: str, body: dict[str, Any]) -> Workflow:
    answer = api.ask("POST", V1 + path, json=body)
    assert answer.status_code == 202, answer.text
    assert answer.json is not None
    return workflow(answer.json["workflow_id"])


def put(api: Api, name: str, body: dict[str, Any], **options: Any) -> Any:
    answer = api.ask("PUT", f"{V1}/services/{name}/correction", json=body, **options)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_it_works(api: Api) -> None:
    artifact = api.upload(query="filename=index.html&analyse=false")["id"]
    assert api.get(f"/artifacts/{artifact}/analysis") == {"verdict": None, "plan": None, "error": None}
    asked = accepted(api, f"/artifacts/{artifact}/analysis", {})
    assert (asked.workflow_type, asked.name) == ("analysis", "Analyse index.html")
    assert asked.workflow_metadata == {"artifact_id": artifact, "service": ""}


def test_an_analysis_is_shown_as_it_was_written_down(api: Api) -> None:
    artifact = api.upload()["id"]
    with db_service.get_session() as session:
        row = session.get_one(Artifact, UUID(artifact))
        row.artifact_metadata = {"verdict": VERDICT, "plan": {"why": "As it is."}, "service": "x"}
    found = api.get(f"/artifacts/{artifact}/analysis", role=Role.VIEWER)
    assert found == {"verdict": VERDICT, "plan": {"why": "As it is."}, "error": None}


def test_an_analysis_may_be_for_a_service(api: Api) -> None:
    artifact = api.upload(query="filename=index.html&service=from-upload")["id"]
    said = accepted(api, f"/artifacts/{artifact}/analysis", {}).workflow_metadata
    assert said["service"] == "from-upload"
    said = accepted(api, f"/artifacts/{artifact}/analysis", {"service": "other"}).workflow_metadata
    assert said["service"] == "other"


def test_a_repository_is_asked_for(api: Api) -> None:
    body = {"url": SITE, "ref": "main", "service": "docs", "analyse": False}
    asked = accepted(api, "/artifacts/git", body)
    assert (asked.workflow_type, asked.name, asked.created_by) == ("fetch", f"Fetch {SITE}", "admin")
    assert asked.workflow_metadata == {**body, "by": "admin"}
    assert accepted(api, "/artifacts/git", {"url": SITE}).workflow_metadata == {
        "url": SITE, "ref": "", "service": "", "analyse": True, "by": "admin",
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": ""},
        {"url": "/etc"},
        {"url": "file:///etc"},
        {"url": "ext::sh -c id"},
        {"url": "--upload-pack=id"},
        {"url": "https://me:secret@example.org/x"},
        {"url": 5},
        {"url": None},
        {"url": SITE, "ref": "--all"},
        {"url": SITE, "ref": None},
        {"url": SITE, "service": "Not A Name!"},
        {"url": SITE, "analyse": "yes"},
        {"url": SITE, "unknown": 1},
        {"url": SITE, "ref": "a\x00"},
        {"url": f"{SITE}\x00"},
    ],
)
def test_what_cannot_be_fetched_is_refused(api: Api, body: dict[str, Any]) -> None:
    before = len(api.get("/workflows?limit=200")["items"])
    assert "secret" not in api.refused("POST", f"{V1}/artifacts/git", 422, json=body)["detail"]
    assert len(api.get("/workflows?limit=200")["items"]) == before


def test_members_are_set_shown_replaced_and_taken_back(api: Api) -> None:
    service("corrected", theme="dark")
    assert api.get("/services/corrected/correction") == {"members": {}, "by": None, "at": None}
    row = put(api, "corrected", {"kind": "static", "static_dir": "public", "port": None})
    assert row["members"] == {"kind": "static", "static_dir": "public"}
    assert row["by"] == "admin"
    assert row["at"]
    assert api.get("/services/corrected/correction", role=Role.VIEWER) == row
    assert put(api, "corrected", {"port": 65535})["members"] == {"port": 65535}
    assert put(api, "corrected", {}) == {"members": {}, "by": None, "at": None}
    with db_service.get_session() as session:
        assert session.query(Service.settings).filter_by(name="corrected").scalar() == {"theme": "dark"}


@pytest.mark.parametrize(
    "body",
    [
        {"knd": "static"},
        {"kind": "static", "confidence": 1},
        {"kind": "website"},
        {"kind": ""},
        {"kind": ["static"]},
        {"port": 0},
        {"port": 65536},
        {"port": -1},
        {"port": "8000"},
        {"port": 80.5},
        {"port": True},
        {"root": 1},
        {"start_command": ["run"]},
        {"dockerfile": "Dockerfile"},
        [],
        "static",
        5,
    ],
)
def test_what_is_no_correction_is_refused_and_changes_nothing(api: Api, body: Any) -> None:
    with db_service.get_session() as session:
        if session.query(Service).filter_by(name="stays").first() is None:
            session.add(Service(name="stays", settings={"correction": {"members": {"kind": "web"}}}))
    api.refused("PUT", f"{V1}/services/stays/correction", 422, json=body)
    assert api.get("/services/stays/correction")["members"] == {"kind": "web"}


@pytest.mark.parametrize("name", ["root", "static_dir", "start_command", "language", "health_path"])
def test_a_text_that_the_database_cannot_keep_is_no_bug(api: Api, name: str) -> None:
    service(f"nul-{name.replace('_', '-')}")
    answer = api.ask("PUT", f"{V1}/services/nul-{name.replace('_', '-')}/correction", json={name: "a\x00b"})
    assert answer.status_code == 422, answer.text
    assert problem(answer)["field"] == name


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"/artifacts/{NOBODY}/analysis", {}),
        ("POST", "/artifacts/nope/analysis", {}),
        ("GET", f"/artifacts/{NOBODY}/analysis", None),
        ("GET", "/artifacts/nope/analysis", None),
        ("GET", "/services/nobody/correction", None),
        ("PUT", "/services/nobody/correction", {"kind": "static"}),
        ("GET", "/services/%3Cscript%3E/correction", None),
    ],
)
def test_what_is_not_there_is_said(api: Api, method: str, path: str, body: Any) -> None:
    options = {} if body is None else {"json": body}
    api.refused(method, V1 + path, 404, **options)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/artifacts/git"),
        ("POST", f"/artifacts/{NOBODY}/analysis"),
        ("PUT", "/services/nobody/correction"),
    ],
)
def test_a_viewer_may_not_ask_or_correct(api: Api, method: str, path: str) -> None:
    api.refused(method, V1 + path, 403, role=Role.VIEWER, json={})
    api.refused(method, V1 + path, 401, role=Role.ANYONE, json={})


def test_nobody_reads_without_a_token(api: Api) -> None:
    api.refused("GET", f"{V1}/artifacts/{NOBODY}/analysis", 401, role=Role.ANYONE)
    api.refused("GET", f"{V1}/services/nobody/correction", 401, role=Role.ANYONE)


def test_a_deploy_keeps_its_correction_for_the_next_one(api: Api) -> None:
    for correction, kept in (
        ({"kind": "static"}, {"kind": "static"}),
        ({"static_dir": "dist"}, {"kind": "static", "static_dir": "dist"}),
    ):
        body = {"artifact_id": api.upload()["id"], "name": "keeps", "correction": correction}
        assert api.ask("POST", f"{V1}/deployments", json=body).status_code == 202
        assert api.get("/services/keeps/correction")["members"] == kept
