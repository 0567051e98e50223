"""The workflow `certificates`: look after the HTTPS of what runs, between deploys.

It brings what came late (the name leads here by now, the authority answers again, an older Jarvis knew no
HTTPS), renews what our own authority gave, and says in time when a certificate ends that nobody renews.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config
from jarvis import control
from jarvis.deployments import settings
from jarvis.deployments.addresses import https, notes
from jarvis.deployments.upkeep import routine
from jarvis.dns.names import is_local
from jarvis.engine.step import bounded, workflow
from jarvis.errors import JarvisError, problem
from jarvis.home import Home
from jarvis.proxy import certificates as files
from jarvis.proxy import marks
from jarvis.tasks.ask import ask, open_keys, settle
from jarvis.webhooks import about
from jarvis.webhooks.tell import tell
from jarvis.workflows import events, ledger
from jarvis.workflows.story import Step, Story
from models import (
    Deployment,
    DomainRecord,
    RecordStatus,
    Service,
    ServiceHost,
    Task,
    TaskPriority,
    TaskStatus,
    TaskType,
    Workflow,
    WorkflowStatus,
)

Json = dict[str, Any]

STEPS = {
    "look": Step("Looking after certificates", deadline=600),
    "dates": Step("Looking at their dates"),
}
QUEUE = "jarvis:certificates"
"""No service has such a name."""
KEY = "certificate:"
"""What the keys of tasks about certificates that end begin with."""
WARN = timedelta(days=14)
LATE = timedelta(days=3)
"""Before the end it is told again."""
TOLD = "told"
"""In the metadata of the task: the certificate, by its number, and how late it was."""


@workflow("certificates")
def certificates(workflow_id: str) -> Json:
    """Run one look at the certificates of all that runs."""
    story = Story(workflow_id, STEPS)
    try:
        story.begin(lambda _session, _id: {})
        seen = story.tell("look", look, {"workflow_id": workflow_id})
        dates = story.tell("dates", warn, {"workflow_id": workflow_id})
    except JarvisError as error:
        bounded("record failure", _failed, workflow_id, error, shielded=True)
        return {"status": "failed", "error": error.message}
    bounded("record", _recorded, workflow_id, seen, dates, story.last_done, shielded=True)
    return {"status": "completed"}


def wanted(session: Session) -> bool:
    """Is there a host whose time has come?"""
    return bool(config.settings().https_port) and bool(_due(session))


def _due(session: Session) -> list[Json]:
    """The hosts to look at, of services that nothing is at work on."""
    now = session.scalars(select(func.now())).one()
    busy = set(
        session.scalars(
            select(Workflow.queue).where(
                Workflow.status.in_((WorkflowStatus.PENDING, WorkflowStatus.RUNNING)),
                Workflow.queue.is_not(None),
            )
        )
    )
    active = set(
        session.scalars(select(DomainRecord.domain).where(DomainRecord.status == RecordStatus.ACTIVE))
    )
    query = (
        select(ServiceHost.host, Deployment)
        .join(Service, Service.id == ServiceHost.service_id)
        .join(Deployment, Deployment.id == Service.deployment_id)
    )
    found: list[Json] = []
    for host, row in session.execute(query):
        reached = is_local(host) or host in active
        before = row.configuration.get("https", {}).get(host)
        if row.service_name in busy or settings.of({"configuration": row.configuration}).https == "off":
            continue
        if notes.is_due(before, now, reached=reached):
            found.append(
                {
                    "host": host,
                    "deployment_id": str(row.id),
                    "release": str(row.configuration.get("release", row.id)),
                    "settings": row.configuration.get("settings"),
                    "before": before or {},
                    "reached": reached,
                }
            )
    return found


def look(facts: Json) -> Json:
    """Look at every host whose time has come, and write what was seen of it."""
    came: list[str] = []
    rows = ledger.patiently(_due)
    for row in rows:
        control.check()
        site = https.Site(
            row["host"],
            row["release"],
            settings.of({"configuration": {"settings": row["settings"]}}),
            row["before"],
        )
        seen = https.look(site, reached=row["reached"])
        ledger.patiently(lambda session, row=row, seen=seen: _write(session, facts, row, seen))
        if _good(seen) and not _good(row["before"]):
            came.append(row["host"])
    _sweep()
    said = f"{', '.join(came)}: HTTPS answers now" if came else f"looked at {len(rows)}, nothing new"
    return {"said": said, "came": came}


def _good(seen: Json) -> bool:
    return "issuer" in seen


def _write(session: Session, facts: Json, row: Json, seen: Json) -> None:
    deployment = session.get(Deployment, UUID(row["deployment_id"]), with_for_update=True)
    if deployment is not None:
        notes.keep(session, deployment, {row["host"]: seen}, facts["workflow_id"])


def _sweep() -> None:
    """Marks of hosts that nobody has any more go."""
    home = Home(config.settings().home)
    gone = marks.known(home.www) - set(ledger.patiently(_hosts))
    marks.forget(home.www, gone)


def _hosts(session: Session) -> list[str]:
    return list(session.scalars(select(ServiceHost.host)))


def warn(facts: Json) -> Json:
    """Ask a person for a certificate that ends soon and that nothing here renews in time."""
    home = Home(config.settings().home)
    now = datetime.now(UTC)
    held = [one for one in files.listed(home.certificates, home.caddy) if one.by != "internal"]
    in_use = set(ledger.patiently(_hosts))
    ending = [
        one
        for one in held
        if one.not_after - now < WARN
        and (one.not_after - now) < (one.not_after - one.not_before) / 4  # short-lived ones end all the time
        and (one.by == "own" or one.name in in_use)
    ]

    def work(session: Session) -> None:
        keys = {f"{KEY}{one.name}" for one in ending}
        for key in open_keys(session, TaskType.VERIFICATION):
            if key.startswith(KEY) and key not in keys:
                settle(session, key, TaskStatus.COMPLETED, "jarvis")
        for one in ending:
            _tell(session, one, _ask(session, one, facts["workflow_id"]), late=one.not_after - now < LATE)

    ledger.patiently(work)
    said = ", ".join(f"{one.name} until {one.not_after:%Y-%m-%d}" for one in ending)
    return {"said": said or "none ends soon", "ending": [one.name for one in ending]}


def _ask(session: Session, one: files.Held, workflow_id: str) -> Task:
    steps = [f"jarvis certificates add {one.name} --cert FILE --key FILE"]
    if one.by == "acme":
        steps.insert(0, f"See why it is not renewed: the ports 80 and 443 of {one.name} must lead here.")
    return ask(
        session,
        key=f"{KEY}{one.name}",
        kind=TaskType.VERIFICATION,
        title=f"The certificate of {one.name} ends on {one.not_after:%Y-%m-%d}",
        description=(
            f"It was given by {one.issuer}. After that day browsers refuse the site by HTTPS. "
            "This task closes by itself when there is a new one."
        ),
        instructions={"steps": steps},
        workflow_id=workflow_id,
        priority=TaskPriority.HIGH,
    )


def _tell(session: Session, one: files.Held, row: Task, *, late: bool) -> None:
    """Let webhooks and people know, once when it ends soon, and once when it ends very soon."""
    mark = f"{one.serial}:{(LATE if late else WARN).days}"
    told = select(Task.id).where(Task.key == row.key, Task.task_metadata[TOLD].contains([mark])).limit(1)
    if session.scalars(told).first() is not None:
        return
    row.task_metadata = {**row.task_metadata, TOLD: [*row.task_metadata.get(TOLD, ()), mark]}
    detail = f"The certificate of {one.name} ends on {one.not_after:%Y-%m-%d}, and nothing here renews it."
    error = {
        "code": "certificate_expiring",
        "detail": detail,
        "hint": f"jarvis certificates add {one.name} --cert FILE --key FILE",
    }
    tell(session, "certificate.expiring", about.certificate(row, one.name, one.by, one.not_after, error))


def _recorded(workflow_id: str, seen: Json, dates: Json, done: events.Done | None) -> None:
    quiet = not seen["came"] and not dates["ending"]
    data = {"hosts": seen["came"], "ending": dates["ending"]}
    routine.ended(workflow_id, f"{seen['said']}; {dates['said']}", data, done, quiet=quiet)


def _failed(workflow_id: str, error: JarvisError) -> None:
    def work(session: Session) -> None:
        ledger.ended(session, workflow_id, WorkflowStatus.FAILED, error.message, {"error": problem(error)})

    ledger.patiently(work)
