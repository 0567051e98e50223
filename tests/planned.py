"""Plans as a worker leaves them behind, for the tests of the API and of the pages."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from jarvis.deployments.plans import work
from jarvis.deployments.request import ALONG
from models import Artifact, StepStatus, Workflow, WorkflowStatus, WorkflowStep

Json = dict[str, Any]


def seen(session: Session, row: Json, **candidate: Any) -> Json:
    """What a worker finds in the artifact of a plan; `row` names artifact and domain."""
    artifact = session.get_one(Artifact, UUID(row["artifact_id"]))
    found = {
        "artifact_sha256": artifact.checksum_sha256,
        "runtime": "static",
        "plan_sha256": "b" * 64,
        "settings": {},
        "hosts": [row["domain"]],
        **candidate,
    }
    return {"candidate": found, "about": {"disk": {"needed": 1, "free": 2}}, "base": {}, "person": {}}


def finish(session: Session, key: str, **candidate: Any) -> Json:
    """Let the plan `key` be made of this; returns it."""
    flow = session.get_one(Workflow, UUID(key))
    told = flow.workflow_metadata
    found = seen(session, told, **candidate)
    made = work.assembled(session, told["service"], told["domain"], found, told.get(ALONG))
    for number, (name, output) in enumerate({"look": found, "compare": {"plan": made}}.items(), 1):
        step = WorkflowStep(workflow_id=flow.id, name=name, number=number, title=name, output=output)
        step.status = StepStatus.DONE
        session.add(step)
    flow.status = WorkflowStatus.COMPLETED
    flow.workflow_metadata = {**flow.workflow_metadata, "hash": made["hash"]}
    return made
