"""The workflow `fetch`: a commit of a git repository becomes an artifact. The row has the workflow's id."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import config
from jarvis.artifacts import git, intake
from jarvis.builds import trash
from jarvis.engine.step import bounded, workflow
from jarvis.errors import JarvisError, problem
from jarvis.home import Home
from jarvis.shell import CommandFailed
from jarvis.workflows import ledger
from jarvis.workflows.events import Done
from jarvis.workflows.story import Step, Story
from models import Artifact, FileType, Workflow, WorkflowStatus

Json = dict[str, Any]

STEPS = {"fetch": Step("Fetching the repository", deadline=1800)}
PIECE = 1024**2
TELL_EVERY = 4 * 1024**2
"""Bytes between two lines of progress."""


@workflow("fetch")
def fetch(workflow_id: str) -> Json:
    """Run one fetching."""
    story = Story(workflow_id, STEPS)
    try:
        facts = story.begin(_look)
        seen = story.tell("fetch", take, facts)
    except JarvisError as error:
        bounded("record failure", _failed, workflow_id, error, shielded=True)
        return {"status": "failed", "error": error.message}
    bounded("record", _recorded, workflow_id, seen, story.last_done, shielded=True)
    return {"status": "completed", "artifact_id": workflow_id}


def _look(session: Session, workflow_id: str) -> Json:
    row = session.get_one(Workflow, UUID(workflow_id))
    return {**row.workflow_metadata, "workflow_id": workflow_id}


def take(facts: Json, kept: Callable[[Session, Artifact], None] | None = None) -> Json:
    """Fetch, pack and keep. One step: what was fetched lives no longer than it.

    Args:
        facts: `url`, `ref`, `service`, `analyse`, `by`, and `workflow_id`, the id of the artifact's row.
        kept: Called in the transaction that writes the row.
    """
    settings = config.settings()
    home = Home(settings.home)
    staging = home.staging / facts["workflow_id"]
    trash.throw(staging, home.trash)
    told = 0

    def progress(size: int) -> None:
        nonlocal told
        if size - told >= TELL_EVERY:
            told = size
            data = {"done": round(size / 1024**2, 1), "unit": "MiB"}
            ledger.say(facts["workflow_id"], "progress", f"{data['done']} MiB", step="fetch", data=data)

    try:
        tar, commit = git.fetch(facts["url"], facts["ref"], staging, settings.upload_limit, progress)
        size = tar.stat().st_size
        ledger.patiently(lambda session: _keep(session, facts, tar, commit, kept))
    except CommandFailed as error:
        raise JarvisError(f"git could not do its work: {error.message}", error.hint) from error
    finally:
        trash.throw(staging, home.trash)
    return {"said": f"commit {commit[:10]}, {size / 1024**2:.1f} MiB", "commit": commit}


def _keep(
    session: Session,
    facts: Json,
    tar: Path,
    commit: str,
    kept: Callable[[Session, Artifact], None] | None,
) -> None:
    key = UUID(facts["workflow_id"])
    if session.get(Artifact, key) is not None:
        return  # the step runs again: it was kept before the crash
    said = intake.Said(
        filename=git.repository_name(facts["url"]),
        declared=FileType.DIRECTORY.value,
        service=facts["service"],
        analyse=facts["analyse"],
        by=facts["by"],
    )
    artifact = intake.take(session, _pieces(tar), said, limit=config.settings().upload_limit, key=key)
    source = {"url": facts["url"], "ref": facts["ref"], "commit": commit}
    artifact.artifact_metadata = {**artifact.artifact_metadata, "git": source}
    if kept is not None:
        kept(session, artifact)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


def _recorded(workflow_id: str, seen: Json, done: Done | None) -> None:
    def work(session: Session) -> None:
        data = {"artifact_id": workflow_id, "commit": seen["commit"]}
        ledger.ended(session, workflow_id, WorkflowStatus.COMPLETED, seen["said"], data, done)

    ledger.patiently(work)


def _failed(workflow_id: str, error: JarvisError) -> None:
    def work(session: Session) -> None:
        ledger.ended(session, workflow_id, WorkflowStatus.FAILED, error.message, {"error": problem(error)})

    ledger.patiently(work)
