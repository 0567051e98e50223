"""The workflow `health_check`: ask for every service that runs, and have repaired what does not answer.

It looks and changes no link: a deploy may be at work on a service at the same time. What is wrong is given to
`health_repair`, which stands in the line of the service.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

import config
from jarvis.builds import release as releases
from jarvis.deployments import settings
from jarvis.deployments.upkeep import answers, condition, repair, routine
from jarvis.engine.step import bounded, workflow
from jarvis.errors import JarvisError, Unavailable, problem
from jarvis.proxy.probe import probe
from jarvis.settings.service import Health
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
EVERY = Health().interval
"""Seconds between two looks at a service that says nothing of it."""
SOON = 1.0
"""Seconds by which a look may come too early; else it would wait for another round of the schedule."""
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
    """Is there a service to ask for now, or a task about one that may be closed?"""
    every = func.coalesce(Deployment.configuration[("settings", "health", "interval")].as_integer(), EVERY)
    last = Deployment.last_health_check - timedelta(seconds=SOON)
    due = last + func.make_interval(0, 0, 0, 0, 0, 0, every) <= func.now()
    ill = Deployment.health_status != HealthStatus.HEALTHY
    query = select(Service.id).join(Deployment, Deployment.id == Service.deployment_id)
    query = query.where(or_(Deployment.last_health_check.is_(None), due, ill)).limit(1)
    return session.scalars(query).first() is not None or bool(_asked(session))


def look() -> Json:
    """Ask for every service that nothing is at work on, and write down those that answer.

    Raises:
        Unavailable: The proxy does not answer, so nothing can be said of any.
    """
    since, rows = ledger.patiently(lambda session: (_now(session), _rows(session)))
    if rows:
        _reach(rows[0])
    with answers.visitor() as visitor, ThreadPoolExecutor(AT_ONCE) as pool:
        seen = pool.map(partial(answers.wrong, ask=visitor.ask, quick=True), rows)
        found = dict(zip((row["service"] for row in rows), seen, strict=True))
    wrong = {name: why for name, why in found.items() if why}
    well = [row for row in rows if row["service"] not in wrong]
    # What was healthy until now is not written: if we die here, the next look must see it as we did.
    known = [row for row in rows if row["service"] in wrong and row["health"] == HealthStatus.UNHEALTHY]
    ill = [row["deployment_id"] for row in known]
    ledger.patiently(lambda session: _write(session, well, ill, since, reached=bool(rows)))
    said = f"{len(well)} of {len(rows)} services answer as they should"
    return {"said": said, "services": len(rows), "wrong": wrong, "since": since}


def _now(session: Session) -> str:
    return session.scalars(select(func.now())).one().isoformat()


def _rows(session: Session) -> list[Json]:
    """The services whose time has come. One that is ill is asked for at every look."""
    work = select(Workflow.queue).where(
        Workflow.status.in_((WorkflowStatus.PENDING, WorkflowStatus.RUNNING)), Workflow.queue.is_not(None)
    )
    busy = set(session.scalars(work))
    now = session.scalars(select(func.now())).one().timestamp()
    return [
        row
        for row in repair.running(session)
        if row["service"] not in busy
        and row["hosts"]
        and (row["health"] != HealthStatus.HEALTHY or row["checked_at"] + _every(row) <= now + SOON)
    ]


def _every(row: Json) -> int:
    return settings.of(row).health.interval


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


def _write(session: Session, well: list[Json], ill: list[str], since: str, *, reached: bool) -> None:
    """What answers is healthy, and nobody is asked for it any more; nor for what does not run.

    Of what does not answer only the time is written: how it is, its repair says.
    """
    at = datetime.fromisoformat(since)
    keys = [row["deployment_id"] for row in well]
    condition.write(session, keys, HealthStatus.HEALTHY, "it answered at a look", at)
    condition.looked(session, ill, at)
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


def _running(session: Session) -> list[str]:
    query = select(Deployment.id).where(Deployment.status == DeploymentStatus.RUNNING)
    return [str(key) for key in session.scalars(query)]


def _failed(workflow_id: str, error: JarvisError) -> None:
    """Nothing could be seen. Where the proxy is why, no visitor gets an answer, and a person is asked."""

    def work(session: Session) -> None:
        body = {"error": problem(error)}
        if not ledger.ended(session, workflow_id, WorkflowStatus.FAILED, error.message, body):
            return
        if error.facts.get("part") != "proxy":
            return
        condition.write(session, _running(session), HealthStatus.UNHEALTHY, "the proxy does not answer")
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
