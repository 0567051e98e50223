"""A repository is fetched and deployed as one workflow, whose story the caller follows from the start."""

import shutil
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import select

import git_lab
from jarvis.deployments import handin
from jarvis.workflows import control
from jarvis.workflows.events import read
from models import Artifact, Deployment, Service
from services.db_service import db_service
from upkeep_lab import Place


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[git_lab.GitServer]:
    with git_lab.serve(tmp_path_factory.mktemp("repositories")) as running:
        yield running


def asked(url: str, ref: str = "", name: str = "") -> tuple[str, str]:
    """Ask for a deploy; the ids of the deployment and of its workflow."""
    with db_service.get_session() as session:
        row = handin.deploy_git(session, url=url, ref=ref, name=name, domain="", by="anna")
        assert row.artifact_id is None
        return str(row.id), str(row.workflow_id)


def test_it_works(place: Place, server: git_lab.GitServer) -> None:
    first = server.commit("blog", {"index.html": "one"}, tag="v1")
    server.commit("blog", {"index.html": "two"})
    for ref, text in (("v1", b"one"), ("", b"two")):
        key, workflow = asked(server.url("blog"), ref)
        row = place.ended(workflow)
        assert (row["status"], row["current_step"], row["total_steps"]) == ("completed", 6, 6)
        assert place.caddy.get("blog.localhost").body == text
        made = place.deployment(key)
        assert (made["status"], made["artifact_id"]) == ("running", workflow)
        assert made["configuration"]["git"]["ref"] == ref
    with db_service.get_session() as session:
        steps = [event.step for event in read(session, workflow) if event.kind == "step"]
        assert steps == ["fetch", "unpack", "analyse", "build", "switch", "prove"]
        commits = {row.artifact_metadata["git"]["commit"] for row in session.scalars(select(Artifact))}
    assert first in commits
    assert len(commits) == 2
    assert list(place.home.staging.iterdir()) == []


@pytest.mark.parametrize(
    ("files", "ref", "sentence"),
    [
        ({"index.html": "x"}, "nowhere", "has no branch, tag or commit"),
        ({"notes.txt": "x"}, "", "There is no index.html"),
    ],
)
def test_what_fails_leaves_nothing_and_frees_the_name(
    place: Place, server: git_lab.GitServer, files: dict[str, str], ref: str, sentence: str
) -> None:
    name = next(iter(files)).partition(".")[0]
    server.commit(name, files)
    key, workflow = asked(server.url(name), ref)
    row = place.ended(workflow)
    assert row["status"] == "failed"
    assert sentence in row["error_message"]
    assert place.deployment(key)["status"] == "failed"
    with db_service.get_session() as session:
        assert session.scalars(select(Service).where(Service.name == name)).first() is None
    assert list(place.home.staging.iterdir()) == []


def test_what_answers_goes_on_when_the_next_commit_cannot(place: Place, server: git_lab.GitServer) -> None:
    server.commit("steady", {"index.html": "good"})
    place.ended(asked(server.url("steady"))[1])
    assert place.ended(asked(server.url("steady"), "gone")[1])["status"] == "failed"
    assert place.caddy.get("steady.localhost").body == b"good"


def test_a_retry_takes_what_was_fetched(place: Place, server: git_lab.GitServer) -> None:
    server.commit("again", {"index.html": "kept"})
    blocked = place.home.www / "sites" / "again.localhost"
    blocked.mkdir()
    key, workflow = asked(server.url("again"))
    assert place.ended(workflow)["status"] == "failed"
    blocked.rmdir()
    shutil.rmtree(server.folder / "again")  # a second fetching would fail
    with db_service.get_session() as session:
        control.retry(session, workflow, "anna")
    assert place.ended(workflow)["status"] == "completed", place.ended(workflow)
    assert place.caddy.get("again.localhost").body == b"kept"
    with db_service.get_session() as session:
        assert str(session.get_one(Deployment, UUID(key)).artifact_id) == workflow
