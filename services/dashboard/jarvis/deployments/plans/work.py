"""The workflow `plan`: look into an artifact and say what a deploy of it would do. It changes nothing."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from jarvis.artifacts import corrections
from jarvis.artifacts import unpack as artifacts
from jarvis.artifacts.limits import limits_of
from jarvis.artifacts.stores.store import chosen
from jarvis.builds import trash
from jarvis.deployments import along as besides
from jarvis.deployments import effective, inside, request
from jarvis.deployments.addresses import hosts
from jarvis.deployments.along import NOTHING, Along
from jarvis.deployments.plans import assemble, course, members, situation
from jarvis.deployments.plans.situation import Variable
from jarvis.engine.step import bounded, workflow
from jarvis.errors import JarvisError, NotFound, problem
from jarvis.home import Home
from jarvis.settings import stored, variables, versions
from jarvis.settings.service import read, written
from jarvis.workflows import events, ledger
from jarvis.workflows.request import ask as enqueue
from jarvis.workflows.story import Step, Story
from models import Artifact, Deployment, Service, Workflow, WorkflowStatus

Json = dict[str, Any]

KIND = "plan"
STEPS = {
    "look": Step("Looking into the artifact", deadline=1800),
    "compare": Step("Comparing with what runs"),
}
NAMED = 12
"""Files that are named of each sort."""


@workflow(KIND)
def plan(workflow_id: str) -> Json:
    """Make one plan."""
    story = Story(workflow_id, STEPS)
    try:
        facts = story.begin(_about)
        seen = story.tell("look", look, facts)
        made = story.tell("compare", compare, facts, seen)
    except JarvisError as error:
        bounded("record failure", _failed, workflow_id, error, shielded=True)
        return {"status": "failed", "error": error.message}
    bounded("record", _recorded, workflow_id, made["plan"], story.last_done, shielded=True)
    return {"status": "completed"}


def ask(
    session: Session,
    *,
    artifact_id: str,
    name: str,
    domain: str,
    by: str,
    correction: Mapping[str, Any] | None = None,
    along: Along = NOTHING,
) -> Workflow:
    """Ask for a plan. Neither the service nor its names are taken by it, and nothing is set.

    Args:
        session: The caller's transaction.
        artifact_id: Which artifact.
        name: Of the service; derived where it is empty.
        domain: The host; derived where it is empty.
        by: Who asks.
        correction: What the person said better of it.
        along: What would be set with the deploy.

    Raises:
        NotFound: No such artifact.
        InvalidInput: The name or the domain cannot be used, or something cannot be set.
    """
    artifact = session.get(Artifact, UUID(artifact_id))
    if artifact is None:
        raise NotFound(f"There is no artifact {artifact_id}.", "Hand it in first: POST /api/v1/artifacts.")
    service, host = request.named(session, name, domain, artifact.original_filename)
    facts = {
        "artifact_id": str(artifact.id),
        "artifact_sha256": artifact.checksum_sha256,
        "service": service,
        "domain": host,
        "correction": dict(correction or {}),
        **({request.ALONG: told} if (told := besides.plan(session, service, along, by)) else {}),
    }
    title = f"Plan the deploy of {artifact.original_filename} to {host}"
    queue = f"plan:{artifact.id}"
    return enqueue(session, KIND, type=KIND, title=title, queue=queue, by=by, facts=facts, service=service)


def _about(session: Session, workflow_id: str) -> Json:
    row = session.get_one(Workflow, UUID(workflow_id))
    told = row.workflow_metadata
    artifact = session.get(Artifact, UUID(str(told["artifact_id"])))
    if artifact is None:
        raise NotFound("The artifact was deleted before it was looked at.", "Hand it in again.")
    service = str(told["service"])
    before = _running(session, service)
    return {
        "workflow_id": workflow_id,
        "service": service,
        "domain": told["domain"],
        "correction": {**corrections.of(session, service), **told["correction"]},
        "person": _person(session, service, row),
        "artifact": _place(artifact),
        "before": _place(before.artifact) if before is not None and before.artifact is not None else None,
        "configuration": {},
        "along": told.get(request.ALONG) or {},
    }


def _person(session: Session, service: str, asked: Workflow) -> Json:
    """What a person set for the service, and would set with the deploy."""
    kept = stored.kept(session, service)
    planned: Json = asked.workflow_metadata.get(request.ALONG) or {}
    if not planned.get("settings") and not planned.get("taken_back"):
        return kept
    members_ = besides.members(kept.get("members", {}), planned)
    return {**kept, "members": members_, "by": asked.created_by, "at": datetime.now(UTC).isoformat()}


def _running(session: Session, service: str) -> Deployment | None:
    query = select(Deployment).join(Service, Service.deployment_id == Deployment.id)
    return session.scalars(query.where(Service.name == service)).one_or_none()


def _place(artifact: Artifact) -> Json:
    return {
        "path": artifact.storage_path,
        "sha256": artifact.checksum_sha256,
        "filename": artifact.original_filename,
    }


def look(facts: Json) -> Json:
    """Unpack it and what runs, look at it, and throw both copies away: they live no longer than this step."""
    home = Home(config.settings().home)
    staging = home.staging / facts["workflow_id"]
    trash.throw(staging, home.trash)
    staging.mkdir(parents=True, mode=0o700)
    try:
        files, size = _unpacked(facts["artifact"], staging / "new")
        found = inside.look(facts, staging / "new" / "tree", files)
        base = effective.settle(staging / "new" / "tree", {}).settings
        base, _ = inside.labelled(base, found.stack, {}, found.plan)
        old = files if facts["before"] and facts["before"]["sha256"] == facts["artifact"]["sha256"] else None
        if facts["before"] and old is None:
            old, _ = _unpacked(facts["before"], staging / "old")
    finally:
        trash.throw(staging, home.trash)
    differ = members.files(files, old, NAMED)
    candidate: Json = {
        **found.configuration(),
        "hosts": list(found.names),
        "artifact_sha256": facts["artifact"]["sha256"],
    }
    # Twice: it is unpacked, and a release is made of it.
    disk = {"needed": 2 * size, "free": shutil.disk_usage(home.root).free}
    said = f"{len(files):,} files; it will run as “{found.how.runtime}”"
    # As a row keeps it: what is compared with it comes from one.
    candidate = json.loads(json.dumps(candidate))
    return {
        "said": said,
        "candidate": candidate,
        "about": {"files": differ, "disk": disk},
        "base": written(base),
        "person": facts["person"].get("members", {}),
    }


def _unpacked(artifact: Json, folder: Path) -> tuple[dict[str, str], int]:
    folder.mkdir(mode=0o700)
    with chosen().local(artifact["path"], artifact["sha256"], folder / "artifact") as source:
        found = artifacts.unpack(source, artifact["filename"], folder / "tree", limits_of(config.settings()))
    return found.files, found.bytes


def compare(facts: Json, seen: Json) -> Json:
    """The plan itself."""
    service, domain, along = facts["service"], facts["domain"], facts["along"]
    made = ledger.patiently(lambda session: assembled(session, service, domain, seen, along))
    return {"said": f"the plan is {made['hash'][:12]}", "plan": made}


def assembled(
    session: Session, service: str, domain: str, seen: Json, planned: Mapping[str, Any] | None = None
) -> Json:
    """The plan, as things are now.

    Args:
        session: Any session; it is only read.
        service: The service's name.
        domain: The host that is meant.
        seen: What `look` found in the artifact.
        planned: What would be set with the deploy, as `along.plan` keeps it.
    """
    along = dict(planned or {})
    newest = versions.newest(session, service)
    version = newest.number if newest else 0
    there = variables.names(session, service, version)
    changes = besides.changes(session, service, along)
    if changes.new or changes.gone:
        version += 1
        there = (there | changes.new.keys()) - changes.gone
    given = {name: Variable(version, secret) for name, secret in changes.new.items()}
    if set(seen["candidate"].get("generates", ())) - there:
        version += 1  # the deploy makes these secrets first
    new: Json = {**seen["candidate"], "environment": version, request.ALONG: besides.shown(along)}
    person = besides.members(stored.kept(session, service).get("members", {}), along)
    if person != seen["person"]:
        settings = read(_merged(seen["base"], person))
        new |= {"settings": written(settings), "hosts": list(hosts.wanted(domain, settings))}
    now = situation.look(session, service, domain, new["hosts"], new["environment"])
    now = replace(now, variables=_with(now.variables, version, given, changes.gone))
    steps = course.steps(session, service, new)
    return assemble.plan(new, now, about=seen["about"], steps=steps)


def _with(
    known: Mapping[int, Mapping[str, Variable]], version: int, given: Mapping[str, Variable], gone: set[str]
) -> dict[int, Mapping[str, Variable]]:
    """The variables of the versions, those that are only to be set in the version to come."""
    coming = {name: one for name, one in known[version].items() if name not in gone}
    return {**known, version: {**coming, **given}}


def _merged(base: Json, above: Json) -> Json:
    """Settings with others above them, as `effective.settle` does it."""
    tables = {name: {**members.part(base, name), **members.part(above, name)} for name in above}
    return {**base, **above, **{name: both for name, both in tables.items() if isinstance(above[name], dict)}}


def _recorded(workflow_id: str, made: Json, done: events.Done | None) -> None:
    def work(session: Session) -> None:
        said = f"The plan is {made['hash'][:12]}"
        data = {"plan": made["hash"], "service": made["service"]}
        if ledger.ended(session, workflow_id, WorkflowStatus.COMPLETED, said, data, done):
            row = session.get_one(Workflow, UUID(workflow_id))
            row.workflow_metadata = {**row.workflow_metadata, "hash": made["hash"]}

    ledger.patiently(work)


def _failed(workflow_id: str, error: JarvisError) -> None:
    def work(session: Session) -> None:
        ledger.ended(session, workflow_id, WorkflowStatus.FAILED, error.message, {"error": problem(error)})

    ledger.patiently(work)
