"""The workflow `health_check`: ask for every service that runs, and have repaired what does not answer.

It looks and changes no link: a deploy may be at work on a service at the same time. What is wrong is given to
`health_repair`, which stands in the line of the service.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

import config
from jarvis.builds import release as releases
from jarvis.deployments import repair, routine
from jarvis.engine.step import bounded, workflow
from jarvis.errors import JarvisError, Unavailable, problem
from jarvis.proxy.probe import probe
from jarvis.tasks.ask import ask as ask_person
from jarvis.tasks.ask import open_keys, settle
from jarvis.workflows import events, ledger
from jarvis.workflows.story import Step, Story
from models import (
    Deployment,
    DeploymentStatus,
    HealthStatus,
    Service,
    TaskStatus,
    TaskType,
    Workflow,
    WorkflowStatus,
)

Json = dict[str, Any]

STEPS = {
    "look": Step("Asking for every service", deadline=300),
    "repair": Step("Asking for repairs"),
}
AT_ONCE = 8
"""Services that are asked for at the same moment."""
PROXY = repair.key("")
"""The key of the task about the proxy. No service has an empty name."""


@workflow("health_check")
def health_check(workflow_id: str) -> Json:
    """Run one look at all services."""
    story = Story(workflow_id, STEPS)
    try:
        story.begin(lambda _session, _id: {})
        seen = story.tell("look", look)
        asked = story.tell("repair", ask_for_repairs, seen["wrong"], seen.get("since", ""))
    except JarvisError as error:
        bounded("record failure", _failed, workflow_id, error, shielded=True)
        return {"status": "failed", "error": error.message}
    bounded("record", _seen, workflow_id, seen, asked, story.last_done, shielded=True)
    return {"status": "completed"}


def _seen(workflow_id: str, seen: Json, asked: Json, done: events.Done | None) -> None:
    data = {"services": seen["services"], "wrong": list(seen["wrong"])}
    routine.ended(workflow_id, seen["said"], data, done, quiet=not asked["services"])


def wanted(session: Session) -> bool:
    """Is there a service to ask for, or a task about one that may be closed?"""
    query = select(Service.id).where(Service.deployment_id.is_not(None)).limit(1)
    return session.scalars(query).first() is not None or bool(_asked(session))


def look() -> Json:
    """Ask for every service that nothing is at work on, and write down those that answer.

    Raises:
        Unavailable: The proxy does not answer, so nothing can be said of any.
    """
    since, rows = ledger.patiently(lambda session: (_now(session), _rows(session)))
    if rows:
        _reach(rows[0])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = dict(zip((row["service"] for row in rows), pool.map(repair.wrong, rows), strict=True))
    wrong = {name: why for name, why in found.items() if why}
    well = [row for row in rows if row["service"] not in wrong]
    ledger.patiently(lambda session: _write(session, well, reached=bool(rows)))
    said = f"{len(well)} of {len(rows)} services answer as they should"
    return {"said": said, "services": len(rows), "wrong": wrong, "since": since}


def _now(session: Session) -> str:
    return session.scalars(select(func.now())).one().isoformat()


def _rows(session: Session) -> list[Json]:
    work = select(Workflow.queue).where(
        Workflow.status.in_((WorkflowStatus.PENDING, WorkflowStatus.RUNNING)), Workflow.queue.is_not(None)
    )
    busy = set(session.scalars(work))
    return [row for row in repair.running(session) if row["service"] not in busy and row["hosts"]]


def _reach(row: Json) -> None:
    """See that the proxy answers at all."""
    settings = config.settings()
    try:
        probe(row["hosts"][0], settings.http_port, f"/{releases.MARKER}", address=settings.proxy_address)
    except Unavailable as error:
        raise Unavailable(
            "The proxy does not answer: no site can be reached.",
            "See jarvis status, and the log of the proxy.",
            {"part": "proxy", "cause": error.facts.get("cause", "")},
        ) from error


def _write(session: Session, well: list[Json], *, reached: bool) -> None:
    """What answers is healthy, and nobody is asked for it any more; nor for what does not run."""
    session.execute(
        update(Deployment)
        .where(
            Deployment.id.in_([UUID(row["deployment_id"]) for row in well]),
            Deployment.status == DeploymentStatus.RUNNING,
        )
        .values(
            health_status=HealthStatus.HEALTHY,
            last_health_check=func.now(),
            updated_at=Deployment.updated_at,  # nothing was changed: what a person saw of it still holds
        )
    )
    answering = {repair.key(row["service"]) for row in well} | ({PROXY} if reached else set[str]())
    for key in _asked(session):
        if key in answering:
            settle(session, key, TaskStatus.COMPLETED, "jarvis")
        elif not _runs(session, key):
            settle(session, key, TaskStatus.CANCELLED, "jarvis")


def _asked(session: Session) -> list[str]:
    return [key for key in open_keys(session, TaskType.VERIFICATION) if key.startswith(repair.KEY)]


def _runs(session: Session, key: str) -> bool:
    name = key.removeprefix(repair.KEY)
    query = select(Service.id).where(Service.deployment_id.is_not(None))
    return session.scalars(query.where(Service.name == name) if name else query).first() is not None


def ask_for_repairs(wrong: dict[str, str], since: str = "") -> Json:
    """Ask for a repair of each service that is not as it should be, unless one was tried a while ago.

    Args:
        wrong: Service → what is wrong with it.
        since: When that was seen. A repair asked for since then is this one: a step may run twice.
    """
    gone: list[str] = []

    def work(session: Session) -> list[str]:
        gone.clear()
        asked = [name for name in wrong if repair.is_asked(session, name, since)]
        due = [name for name in wrong if name not in asked and repair.is_due(session, name)]
        for name in due:
            gone.extend(repair.ask(session, name)[1])
        return asked + due

    asked = ledger.patiently(work) if wrong else []
    with routine.patient():
        routine.forget(gone)
    said = f"asked for {', '.join(asked)}" if asked else "nothing new to repair"
    return {"said": said, "services": asked}


def _failed(workflow_id: str, error: JarvisError) -> None:
    """Nothing could be seen. Where the proxy is why, no visitor gets an answer, and a person is asked."""

    def work(session: Session) -> None:
        body = {"error": problem(error)}
        if not ledger.ended(session, workflow_id, WorkflowStatus.FAILED, error.message, body):
            return
        if error.facts.get("part") != "proxy":
            return
        session.execute(
            update(Deployment)
            .where(Deployment.status == DeploymentStatus.RUNNING)
            .values(
                health_status=HealthStatus.UNHEALTHY,
                last_health_check=func.now(),
                updated_at=Deployment.updated_at,
            )
        )
        ask_person(
            session,
            key=PROXY,
            kind=TaskType.VERIFICATION,
            title="The proxy does not answer",
            description=f"{error.message} This task closes by itself when it answers again.",
            instructions={"steps": ["jarvis status", "Look into the log of the proxy.", "Start it again."]},
            workflow_id=workflow_id,
        )

    ledger.patiently(work)
