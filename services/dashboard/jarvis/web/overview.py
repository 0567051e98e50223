"""What the pages list: services, deployments and running workflows, each in a fixed number of queries."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, selectinload

import config
from jarvis.deployments import view
from jarvis.deployments.addresses import names
from models import Deployment, Service, Workflow, WorkflowEvent, WorkflowStatus

MOST = 500
"""Services on one page."""
ACTIVE = (WorkflowStatus.RUNNING, WorkflowStatus.PENDING, WorkflowStatus.PAUSED)


@dataclass(frozen=True)
class ServiceLine:
    """A service and the deployment that speaks for it: the one that answers, else the last asked for."""

    row: Service
    deployment: Deployment | None
    urls: list[tuple[str, str]]
    releases: int

    @property
    def status(self) -> str:
        """The deployment's state."""
        return self.deployment.status.value if self.deployment else view.UNDEPLOYED

    @property
    def health(self) -> str:
        """The deployment's health."""
        return self.deployment.health_status.value if self.deployment else "unknown"


@dataclass(frozen=True)
class DeploymentLine:
    """A deployment and the workflow that made it."""

    row: Deployment
    workflow: Workflow
    url: str

    @property
    def noun(self) -> str:
        """What it is called."""
        return "Rollback" if self.workflow.workflow_type == "rollback" else "Deployment"


@dataclass(frozen=True)
class RunningLine:
    """A workflow that has not ended, with the step it is at and where to read on."""

    workflow: Workflow
    step: str
    sequence: int
    deployment_id: UUID | None


def url(host: str | None, row: Deployment | None = None) -> str:
    """Where a person opens the site on `host`, which the deployment `row` answers for."""
    return names.address(host, row.configuration if row else {}, config.settings()) if host else ""


def _spokesmen(session: Session, rows: list[Service]) -> dict[str, Deployment]:
    """Service name → the deployment that speaks for it."""
    waiting = [row.name for row in rows if row.deployment_id is None]
    latest = (
        select(Deployment)
        .where(Deployment.service_name.in_(waiting))
        .ext(distinct_on(Deployment.service_name))
        .order_by(Deployment.service_name, Deployment.created_at.desc())
    )
    current = select(Deployment).where(Deployment.id.in_([row.deployment_id for row in rows]))
    return {row.service_name: row for query in (latest, current) for row in session.scalars(query)}


def _releases(session: Session, wanted: list[str]) -> dict[str, int]:
    """Service name → how many different releases of it ever answered."""
    query = (
        select(Deployment.service_name, func.count(func.distinct(Deployment.configuration["release"].astext)))
        .where(Deployment.service_name.in_(wanted), Deployment.deployed_at.is_not(None))
        .group_by(Deployment.service_name)
    )
    return dict(session.execute(query).all())


def services(session: Session, name: str = "") -> list[ServiceLine]:
    """All services by name, or the one with `name`."""
    query = select(Service).options(selectinload(Service.hosts)).order_by(Service.name).limit(MOST)
    if name:
        query = query.where(Service.name == name)
    rows = list(session.scalars(query))
    spokesmen = _spokesmen(session, rows)
    releases = _releases(session, [row.name for row in rows])
    return [
        ServiceLine(
            row,
            spokesmen.get(row.name),
            [(item.host, url(item.host, spokesmen.get(row.name))) for item in row.hosts],
            releases.get(row.name, 0),
        )
        for row in rows
    ]


def deployments(session: Session, count: int, service: str = "") -> list[DeploymentLine]:
    """The last `count` deployments, newest first; of one service if it is named."""
    query = select(Deployment, Workflow).join(Workflow, Workflow.id == Deployment.workflow_id)
    if service:
        query = query.where(Deployment.service_name == service)
    query = query.order_by(Deployment.created_at.desc(), Deployment.id.desc()).limit(count)
    return [DeploymentLine(row, workflow, url(row.domain, row)) for row, workflow in session.execute(query)]


def running(session: Session, count: int = 10) -> list[RunningLine]:
    """The workflows that have not ended: those that run before those that wait, oldest first."""
    query = (
        select(Workflow, Deployment.id)
        .outerjoin(Deployment, Deployment.workflow_id == Workflow.id)
        .where(Workflow.status.in_(ACTIVE))
        .order_by(Workflow.started_at.asc().nulls_last(), Workflow.created_at, Workflow.id)
        .limit(count)
    )
    found = list(session.execute(query))
    ids = [workflow.id for workflow, _ in found]
    told = (
        select(WorkflowEvent)
        .where(WorkflowEvent.workflow_id.in_(ids), WorkflowEvent.kind.in_(("queued", "step")))
        .ext(distinct_on(WorkflowEvent.workflow_id))
        .order_by(WorkflowEvent.workflow_id, WorkflowEvent.sequence.desc())
    )
    steps = {event.workflow_id: event for event in session.scalars(told)}
    lines: list[RunningLine] = []
    for workflow, key in found:
        event = steps.get(workflow.id)
        at_step = event is not None and event.kind == "step"
        step = event.message if event and at_step else "Waiting for a worker"
        lines.append(RunningLine(workflow, step, event.sequence if event else 0, key))
    return lines
