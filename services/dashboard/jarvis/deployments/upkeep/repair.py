"""The workflow `health_repair`: ask for one service as a visitor would; if need be, put its links back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from jarvis.deployments import retreat, steps, way
from jarvis.deployments.pages import rules
from jarvis.deployments.programs import processes
from jarvis.deployments.upkeep import condition, routine
from jarvis.deployments.upkeep.answers import wrong
from jarvis.engine.step import bounded, workflow
from jarvis.errors import Cancelled, Conflict, JarvisError, NotFound, NotProven, problem
from jarvis.proxy import front
from jarvis.proxy.site import publish
from jarvis.tasks.ask import ask as ask_person
from jarvis.tasks.ask import settle
from jarvis.workflows import events, ledger
from jarvis.workflows.story import Step, Story
from models import (
    Deployment,
    HealthStatus,
    Service,
    TaskPriority,
    TaskStatus,
    TaskType,
    Workflow,
    WorkflowStatus,
)

Json = dict[str, Any]

STEPS = {
    "ask": Step("Asking for it from outside"),
    "mend": Step("Starting it again, and putting its links back", deadline=300),
    "prove": Step("Asking again"),
}
KEY = "health:"
"""What the keys of tasks about the health of services begin with."""
CLOSES = "This task closes by itself when it answers again."
AGAIN = timedelta(minutes=10)
"""After a repair that did not help, this long nothing is tried that nobody asked for."""


@workflow("health_repair")
def health_repair(workflow_id: str) -> Json:
    """Run one look at a service, with a repair if it needs one. Links that are right need no undoing."""
    story = Story(workflow_id, STEPS)
    facts: Json = {}
    try:
        facts = story.begin(_look)
        seen = story.tell("ask", _asked, facts)
        if seen["wrong"]:
            story.tell("mend", mend, facts)
            story.tell("prove", prove, facts)
    except JarvisError as error:
        bounded("record failure", _sick, workflow_id, facts, error, shielded=True)
        return {"status": "failed", "error": error.message}
    bounded("record", _well, workflow_id, facts, seen["wrong"], story.last_done, shielded=True)
    return {"status": "completed"}


def key(service: str) -> str:
    """The key of the task that asks a person to look after the service."""
    return f"{KEY}{service}"


def service_that_runs(session: Session, name: str) -> Service:
    """The service `name`.

    Raises:
        NotFound: There is no such service.
        Conflict: Nothing of it runs.
    """
    service = session.scalars(select(Service).where(Service.name == name)).one_or_none()
    if service is None:
        raise NotFound(f"There is no service “{name[:80]}”.", "See jarvis status for the services there are.")
    if service.deployment_id is None:
        raise Conflict(f"“{name}” does not run, so there is nothing to ask for.", "See its deployment.")
    return service


def ask(session: Session, name: str, by: str = routine.BY) -> tuple[Workflow, list[str]]:
    """Ask for a look at a service; as `routine.ask`.

    Raises:
        NotFound: There is no such service.
        Conflict: Nothing of it runs.
    """
    service_that_runs(session, name)
    return routine.ask(session, "health_repair", title=f"Check {name}", queue=name, by=by, service=name)


def is_due(session: Session, name: str) -> bool:
    """Is it time for a repair that nobody asked for?"""
    before = routine.last(session, "health_repair", name)
    if before is None or before.status is not WorkflowStatus.FAILED:
        return True
    now = session.scalars(select(func.now())).one()
    return (before.completed_at or before.created_at) <= now - AGAIN


def is_asked(session: Session, name: str, since: str) -> bool:
    """Was a repair that nobody asked for begun since then (an ISO time; empty for no)?"""
    last = routine.last(session, "health_repair", name) if since else None
    return last is not None and last.created_at >= datetime.fromisoformat(since)


def running(session: Session, name: str = "") -> list[Json]:
    """What visitors of each service that runs should get.

    Args:
        session: The transaction.
        name: Only this service.
    """
    query = (
        select(
            Service,
            Deployment.id,
            Deployment.configuration["release"],
            Deployment.configuration["runtime"],
            Deployment.configuration["environment"],
            Deployment.configuration["settings"],
            Deployment.configuration["port"],
            Deployment.configuration["hosts"],
            Deployment.domain,
            Deployment.health_status,
            Deployment.last_health_check,
        )
        .join(Deployment, Deployment.id == Service.deployment_id)
        .options(selectinload(Service.hosts))
        .order_by(Service.name)
    )
    if name:
        query = query.where(Service.name == name)
    return [
        {
            "service": service.name,
            "hosts": hosts or [row.host for row in service.hosts],
            "domain": domain,
            "deployment_id": str(key),
            "release": release or str(key),
            "configuration": {
                "release": release or str(key),
                "runtime": runtime or "static",
                "environment": environment,
                "settings": settings,
                "port": port,
            },
            "health": health.value,
            "checked_at": checked.timestamp() if checked else 0.0,
        }
        for (
            service,
            key,
            release,
            runtime,
            environment,
            settings,
            port,
            hosts,
            domain,
            health,
            checked,
        ) in session.execute(query)
    ]


def _look(session: Session, workflow_id: str) -> Json:
    name = str(session.get_one(Workflow, UUID(workflow_id)).workflow_metadata["service"])
    found = running(session, name)
    if not found:
        raise NotFound(f"“{name}” does not run any more.", "See jarvis status for what runs.")
    return found[0]


def _asked(facts: Json) -> Json:
    found = wrong(facts)
    return {"said": found or f"{', '.join(facts['hosts'])} answered as they should", "wrong": found}


def mend(facts: Json) -> Json:
    """Let the program run and the hosts lead to the release again that the rows say."""
    home = steps.home()
    release = home.release(facts["service"], facts["release"])
    started = False
    if way.runs(facts):
        started = way.of(facts).ensure(facts)
        front.make(release, release.name, processes.socket_of(facts), rules=rules.text(facts))
    publish(home.www, service=facts["service"], hosts=facts["hosts"], release=release)
    said = f"{', '.join(facts['hosts'])} → {release.name[:8]}"
    if facts["configuration"].get("runtime") == "process" and not started and wrong(facts):
        processes.again(facts)  # it ran, and the links were not why it does not answer
        said = f"{said}, started again"
    return {"said": said}


def prove(facts: Json) -> Json:
    """See that it helped.

    Raises:
        NotProven: It did not.
    """
    found = wrong(facts)
    if found:
        raise NotProven(
            f"{facts['service']} does not answer as it should: {found}.",
            f"See jarvis logs {facts['service']}; deploy it again, or go back: jarvis rollback.",
            {"wrong": found},
        )
    return {"said": "it answers as it should"}


def _well(workflow_id: str, facts: Json, before: str, done: events.Done | None) -> None:
    """It answers: that is written, and nobody is asked for it any more."""
    name = facts["service"]
    keys = [facts["deployment_id"]]
    why = f"repaired: {before}" if before else "it answered at a look"

    def work(session: Session) -> None:
        if ledger.is_over(session, workflow_id):
            return
        if before:
            condition.mended(session, keys[0], before)
        condition.write(session, keys, HealthStatus.HEALTHY, why)
        settle(session, key(name), TaskStatus.COMPLETED, "jarvis")

    ledger.patiently(work)
    said = f"{name} answers again as it should" if before else f"{name} answers as it should"
    data = {"service": name, "repaired": bool(before)}
    routine.ended(workflow_id, said, data, done, quiet=not before)


def _sick(workflow_id: str, facts: Json, error: JarvisError) -> None:
    """It does not answer, or nobody knows: that is written, and a person is asked, once."""

    def work(session: Session) -> None:
        data = {"error": problem(error), "service": facts.get("service")}
        if not ledger.ended(session, workflow_id, WorkflowStatus.FAILED, error.message, data):
            return
        if not facts or isinstance(error, Cancelled):
            return
        name = facts["service"]
        why = str(error.facts.get("wrong") or error.message.rstrip("."))
        condition.write(session, [facts["deployment_id"]], HealthStatus.UNHEALTHY, why)
        back = retreat.ask(session, facts)
        ask_person(
            session,
            key=key(name),
            kind=TaskType.VERIFICATION,
            title=f"{name} does not answer as it should",
            description=f"{error.message} {back or error.hint} {CLOSES}",
            instructions={
                "hosts": facts["hosts"],
                "steps": [f"jarvis logs {name}", f"jarvis check {name}", f"jarvis rollback {name}"],
            },
            workflow_id=workflow_id,
            priority=TaskPriority.HIGH,
        )

    ledger.patiently(work)
