"""The workflow `analyse`: unpack an artifact, look at it, write down what it is, and throw the copy away."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import config
from jarvis.artifacts import corrections
from jarvis.artifacts.examine import examine
from jarvis.artifacts.limits import limits_of
from jarvis.artifacts.stores.store import chosen
from jarvis.artifacts.title import said
from jarvis.artifacts.unpack import unpack
from jarvis.artifacts.verdict import write_down
from jarvis.builds import trash
from jarvis.engine.step import bounded, workflow
from jarvis.errors import JarvisError, NotFound, problem
from jarvis.home import Home
from jarvis.workflows import events, ledger
from jarvis.workflows.events import Done
from jarvis.workflows.story import Step, Story
from models import Artifact, Workflow, WorkflowStatus

Json = dict[str, Any]

STEPS = {"analyse": Step("Working out what it is", deadline=1800)}


@workflow("analyse")
def analyse(workflow_id: str) -> Json:
    """Run one analysis."""
    story = Story(workflow_id, STEPS)
    facts: Json = {}
    try:
        facts = story.begin(_look)
        seen = story.tell("analyse", look_inside, facts)
    except JarvisError as error:
        bounded("record failure", _refused, workflow_id, facts, error, shielded=True)
        return {"status": "failed", "error": error.message}
    bounded("record", _recorded, workflow_id, facts, seen, story.last_done, shielded=True)
    return {"status": "completed"}


def _look(session: Session, workflow_id: str) -> Json:
    row = session.get_one(Workflow, UUID(workflow_id))
    artifact = session.get(Artifact, UUID(str(row.workflow_metadata["artifact_id"])))
    if artifact is None:
        raise NotFound("The artifact was deleted before it was looked at.", "Hand it in again.")
    service = str(row.workflow_metadata.get("service") or "")
    return {
        "workflow_id": workflow_id,
        "artifact_id": str(artifact.id),
        "path": artifact.storage_path,
        "sha256": artifact.checksum_sha256,
        "filename": artifact.original_filename,
        "service": service,
        "correction": corrections.of(session, service) if service else {},
    }


def look_inside(facts: Json) -> Json:
    """Unpack and examine. One step: the unpacked copy lives no longer than it."""
    settings = config.settings()
    home = Home(settings.home)
    staging = home.staging / facts["workflow_id"]
    trash.throw(staging, home.trash)
    staging.mkdir(parents=True, mode=0o700)
    try:
        with chosen().local(facts["path"], facts["sha256"], staging / "artifact") as source:
            unpacked = unpack(source, facts["filename"], staging / "tree", limits_of(settings))
        verdict, plan = examine(staging / "tree", facts["correction"], unpacked.files)
    finally:
        trash.throw(staging, home.trash)
    return {"said": said(verdict), "verdict": verdict, "plan": plan, "warnings": list(unpacked.warnings)}


def _recorded(workflow_id: str, facts: Json, seen: Json, done: Done | None) -> None:
    def work(session: Session) -> None:
        artifact = session.get(Artifact, UUID(facts["artifact_id"]), with_for_update=True)
        data = {"artifact_id": facts["artifact_id"], "kind": seen["verdict"]["kind"]}
        if (
            ledger.ended(session, workflow_id, WorkflowStatus.COMPLETED, seen["said"], data, done)
            and artifact
        ):
            write_down(artifact, seen["verdict"], seen["plan"])

    ledger.patiently(work)


def _refused(workflow_id: str, facts: Json, error: JarvisError) -> None:
    body = problem(error)

    def work(session: Session) -> None:
        key = facts.get("artifact_id")
        artifact = session.get(Artifact, UUID(key), with_for_update=True) if key else None
        data = {"artifact_id": key, "error": body}
        if ledger.ended(session, workflow_id, WorkflowStatus.FAILED, error.message, data) and artifact:
            artifact.artifact_metadata = {**artifact.artifact_metadata, "error": events.storable(body)}

    ledger.patiently(work)
