"""Hand in and deploy in one call: all of it is written, or nothing stays."""

import hashlib
import io
import tarfile
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from api_lab import V1, Api
from jarvis.accounts.roles import Role
from jarvis.artifacts import intake
from jarvis.deployments import request as requests
from jarvis.errors import Conflict
from models import Artifact, Deployment, Service, Workflow
from services.db_service import db_service

PATH = f"{V1}/deployments"
EDGE = "jarvis"


class Trap(io.RawIOBase):
    """A body that must not be read."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise AssertionError("it was read")

    def tell(self) -> int:
        return 0

    def seek(self, _offset: int, _whence: int = 0) -> int:
        return 0


UNREAD: dict[str, Any] = {"input_stream": Trap(), "environ_overrides": {"CONTENT_LENGTH": "7"}}


def packed() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        entry = tarfile.TarInfo("index.html")
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"<p>1"))
    return file.getvalue()


def form(*files: tuple[str, bytes], **texts: str) -> dict[str, Any]:
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in texts.items()
    ]
    parts += [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, content in files
    ]
    return {
        "data": b"".join(parts) + f"--{EDGE}--\r\n".encode(),
        "content_type": f"multipart/form-data; boundary={EDGE}",
    }


def deployed(api: Api, query: str = "", **options: Any) -> Any:
    answer = api.ask("POST", f"{PATH}?{query}", **options)
    assert answer.status_code == 202, answer.text
    return answer.json


def rows() -> tuple[int, ...]:
    """How many artifacts, deployments, services and workflows there are."""
    with db_service.get_session() as session:
        return tuple(
            session.scalars(select(func.count()).select_from(table)).one()
            for table in (Artifact, Deployment, Service, Workflow)
        )


def test_it_works(api: Api) -> None:
    content = packed()
    row = deployed(api, "domain=one.localhost&filename=My%20Site.tar.gz", data=content)
    assert (row["service_name"], row["domain"], row["status"]) == ("one", "one.localhost", "pending")
    artifact = api.get(f"/artifacts/{row['artifact_id']}")
    assert artifact["checksum_sha256"] == hashlib.sha256(content).hexdigest()
    assert (artifact["original_filename"], artifact["uploaded_by"]) == ("My Site.tar.gz", "admin")
    workflow = api.get(f"/workflows/{row['workflow_id']}")
    assert (workflow["workflow_type"], workflow["name"]) == ("deployment", "Deploy one to one.localhost")
    with db_service.get_session() as session:  # a deploy looks at it by itself
        about = session.scalars(select(Workflow).where(Workflow.workflow_type == "analysis"))
        assert str(artifact["id"]) not in {row.workflow_metadata["artifact_id"] for row in about}


@pytest.mark.parametrize(
    "kind", ["", "application/octet-stream", "application/gzip", "application/x-www-form-urlencoded"]
)
def test_the_address_says_that_the_body_is_the_site(api: Api, kind: str) -> None:
    options = {"content_type": kind} if kind else {}
    assert deployed(api, "name=kinds", data=packed(), **options)["service_name"] == "kinds"


def test_its_name_may_come_from_the_file(api: Api) -> None:
    assert deployed(api, "filename=Her%20Shop.html", data=b"<p>1")["domain"] == "her-shop.localhost"
    assert deployed(api, **form(("photos.html", b"<p>2")))["service_name"] == "photos"
    row = deployed(api, "name=folder", **form(("f/index.html", b"<p>3"), ("f/a.css", b"b{}")))
    assert api.get(f"/artifacts/{row['artifact_id']}")["file_type"] == "directory"


def test_json_stays_json_whatever_the_address_says(api: Api) -> None:
    api.refused("POST", f"{PATH}?name=shop", 422, json={})
    row = api.ask("POST", f"{PATH}?name=other", json={"artifact_id": api.upload()["id"], "name": "said"}).json
    assert row
    assert row["service_name"] == "said"


@pytest.mark.parametrize(
    ("status", "query"),
    [
        (422, "domain=127.0.0.1"),
        (422, "domain=a_b.example"),
        (422, "name=No%20Name"),
        (422, "name=shop&type=rar"),
        (409, "name=stranger&domain=taken.localhost"),
        (409, "name=taken&domain=second.localhost"),
    ],
)
def test_bad_names_are_refused_before_the_body_is_read(api: Api, status: int, query: str) -> None:
    api.deploy(name="taken", domain="taken.localhost")
    before, kept = rows(), api.kept()
    api.refused("POST", f"{PATH}?{query}", status, **UNREAD)
    api.refused("POST", f"{PATH}?{query}", status, **form(("a.html", b"<p>1")))
    assert (rows(), api.kept()) == (before, kept)


@pytest.mark.parametrize(
    ("status", "query", "options"),
    [
        (422, "name=bad", {"data": b""}),
        (422, "name=bad&filename=a.zip", {"data": b"no zip"}),
        (422, "name=bad&type=tar", {"data": b"<p>1"}),
        (422, "name=bad", {"data": b"<p>1", "headers": {"X-Checksum-SHA256": "0" * 64}}),
        (422, "name=bad", form()),
        (413, "name=bad", {"data": b"x" * 10_001}),
        (400, "name=bad", {"input_stream": io.BytesIO(b"1"), "environ_overrides": {"CONTENT_LENGTH": "2"}}),
        (415, "name=bad", {"data": b"--x", "content_type": "multipart/mixed; boundary=x"}),
        (415, "", {"data": b"<p>1", "content_type": "text/html"}),
        (403, "name=bad", {"data": b"<p>1", "role": Role.VIEWER}),
    ],
    ids=map(str, range(10)),
)
def test_nothing_of_a_refused_site_stays(api: Api, status: int, query: str, options: dict[str, Any]) -> None:
    before, kept = rows(), api.kept()
    api.refused("POST", f"{PATH}?{query}", status, **options)
    assert (rows(), api.kept()) == (before, kept)


def test_a_name_that_was_taken_meanwhile_leaves_no_bytes(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: object, **__: object) -> None:
        raise Conflict("The domain belongs to another service by now.")

    monkeypatch.setattr(requests, "deploy", taken)
    before, kept = rows(), api.kept()
    api.refused("POST", f"{PATH}?name=late", 409, data=b"late bytes")
    assert (rows(), api.kept()) == (before, kept)


def test_bytes_that_another_artifact_has_stay(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    row = api.upload(b"shared bytes")

    def taken(*_: object, **__: object) -> None:
        raise Conflict("No.")

    monkeypatch.setattr(requests, "deploy", taken)
    api.refused("POST", f"{PATH}?name=late", 409, data=b"shared bytes")
    assert (intake.folder() / row["storage_path"]).is_file()


def test_a_repository_is_deployed_by_its_address(api: Api) -> None:
    body = {"git": {"url": "https://git.example.org/me/Blog.git", "ref": "v2"}}
    row = api.ask("POST", PATH, json=body).json
    assert row
    assert (row["service_name"], row["artifact_id"], row["status"]) == ("blog", None, "pending")
    assert row["configuration"]["git"] == body["git"]
    workflow = api.get(f"/workflows/{row['workflow_id']}")
    assert (workflow["name"], workflow["created_by"]) == ("Deploy blog to blog.localhost", "admin")
    with db_service.get_session() as session:
        kept = session.get_one(Workflow, UUID(row["workflow_id"]))
        assert (kept.service, kept.queue) == ("blog", "blog")


@pytest.mark.parametrize(
    "body",
    [
        {"artifact_id": "", "name": "shop"},
        {"artifact_id": "x", "git": {"url": "https://git.example.org/a"}},
        {"git": {}},
        {"git": {"url": "https://git.example.org/a", "branch": "x"}},
        {"git": {"url": "/etc"}},
        {"git": {"url": "https://me:secret@git.example.org/a"}},
        {"git": {"url": "https://git.example.org/a", "ref": "--upload-pack=x"}},
        {"git": {"url": "https://git.example.org/a"}, "domain": "10.0.0.1"},
        {"git": {"url": "https://git.example.org/a"}, "name": "No"},
    ],
)
def test_what_names_no_site_is_refused(api: Api, body: dict[str, Any]) -> None:
    before = rows()
    told = api.refused("POST", PATH, 422, json=body)
    assert "secret" not in str(told)
    assert rows() == before


def test_upkeep_is_asked_for_by_hand(api: Api) -> None:
    api.seed.live("checked")
    first = api.ask("POST", f"{V1}/services/checked/check")
    assert first.status_code == 202, first.text
    assert first.json
    row = api.get(f"/workflows/{first.json['workflow_id']}")
    assert (row["workflow_type"], row["created_by"]) == ("health_repair", "admin")
    assert api.ask("POST", f"{V1}/services/checked/check").json == first.json  # one that waits is enough
    clean = api.ask("POST", f"{V1}/cleanup").json
    assert clean
    assert api.get(f"/workflows/{clean['workflow_id']}")["workflow_type"] == "cleanup"
    assert api.ask("POST", f"{V1}/cleanup").json == clean


def test_upkeep_is_refused_where_there_is_nothing_to_ask(api: Api) -> None:
    api.refused("POST", f"{V1}/services/nobody/check", 404)
    api.refused("POST", f"{V1}/services/nobody/check", 403, role=Role.VIEWER)
    api.refused("POST", f"{V1}/cleanup", 403, role=Role.VIEWER)
    api.deploy(name="waiting")
    assert "does not run" in api.refused("POST", f"{V1}/services/waiting/check", 409)["detail"]


def test_upkeep_takes_no_words(api: Api) -> None:
    api.refused("POST", f"{V1}/cleanup", 422, json={"force": True})
    api.refused("POST", f"{V1}/services/nobody/check", 422, json={"force": True})
