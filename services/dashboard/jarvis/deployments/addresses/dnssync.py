"""The workflow `dns_sync`: look whether the names that people were asked to point here lead here by now."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.deployments.addresses.reach import key, leads_here, note
from jarvis.deployments.upkeep import routine
from jarvis.engine.step import bounded, workflow
from jarvis.errors import JarvisError, problem
from jarvis.tasks.ask import open_keys
from jarvis.workflows import events, ledger
from jarvis.workflows.story import Step, Story
from models import Deployment, Service, ServiceHost, TaskType, Workflow, WorkflowStatus

Json = dict[str, Any]

STEPS = {
    "look": Step("Looking up the names", deadline=300),
    "note": Step("Closing the tasks of those that lead here"),
}
AT_ONCE = 8
"""Names that are looked up at the same moment."""


@workflow("dns_sync")
def dns_sync(workflow_id: str) -> Json:
    """Run one look at the names of one service, or of all."""
    story = Story(workflow_id, STEPS)
    try:
        facts = story.begin(_about)
        seen = story.tell("look", look, facts["service"])
        story.tell("note", arrived, seen["here"])
    except JarvisError as error:
        bounded("record failure", _failed, workflow_id, error, shielded=True)
        return {"status": "failed", "error": error.message}
    bounded("record", _recorded, workflow_id, seen, story.last_done, shielded=True)
    return {"status": "completed"}


def wanted(session: Session) -> bool:
    """Does any name wait?"""
    return bool(open_keys(session, TaskType.DNS_MANUAL))


def _about(session: Session, workflow_id: str) -> Json:
    row = session.get_one(Workflow, UUID(workflow_id))
    return {"service": row.workflow_metadata.get("service", "")}


def look(service: str = "") -> Json:
    """Look up every name that a person was asked for.

    Args:
        service: Only the names of this one.
    """
    waiting = ledger.patiently(lambda session: _waiting(session, service))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(_leads_here, waiting))
    here = [row for row, leads in zip(waiting, found, strict=True) if leads]
    said = f"{len(here)} of {len(waiting)} names lead here now"
    return {"said": said, "waiting": len(waiting), "here": here}


def _leads_here(row: Json) -> bool:
    return leads_here(row["host"], row["release"])


def arrived(here: list[Json]) -> Json:
    """Write that these names lead here; their tasks close."""

    def work(session: Session) -> None:
        for row in here:
            deployment = session.get(Deployment, UUID(row["deployment_id"]))
            if deployment is not None:
                note(session, deployment, row["host"], reached=True)

    if here:
        ledger.patiently(work)
    return {"said": ", ".join(row["host"] for row in here) or "nothing new"}


def _waiting(session: Session, service: str) -> list[Json]:
    query = (
        select(ServiceHost.host, Deployment)
        .join(Service, Service.id == ServiceHost.service_id)
        .join(Deployment, Deployment.id == Service.deployment_id)
    )
    if service:
        query = query.where(Service.name == service)
    asked = set(open_keys(session, TaskType.DNS_MANUAL))
    return [
        {
            "host": host,
            "release": str(row.configuration.get("release", row.id)),
            "deployment_id": str(row.id),
        }
        for host, row in session.execute(query)
        if key(host) in asked
    ]


def _recorded(workflow_id: str, seen: Json, done: events.Done | None) -> None:
    data = {"waiting": seen["waiting"], "hosts": [row["host"] for row in seen["here"]]}
    routine.ended(workflow_id, seen["said"], data, done, quiet=not seen["here"])


def _failed(workflow_id: str, error: JarvisError) -> None:
    def work(session: Session) -> None:
        ledger.ended(session, workflow_id, WorkflowStatus.FAILED, error.message, {"error": problem(error)})

    ledger.patiently(work)
