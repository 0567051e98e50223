"""Rows as the API and the worker leave them, for the tests of the pages."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from jarvis.accounts import tokens
from jarvis.accounts.roles import Role
from jarvis.workflows import events
from models import (
    Artifact,
    Deployment,
    DeploymentStatus,
    FileType,
    HealthStatus,
    Service,
    ServiceHost,
    Workflow,
    WorkflowStatus,
)
from services.db_service import DatabaseService

MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
STEPS = (
    ("unpack", "Unpacking the artifact", "14 files, 1.2 MiB", 0.041),
    (
        "analyse",
        "Working out what it is",
        "a static site: index.html, the page a browser asks for first",
        0.0022,
    ),
    ("build", "Making the release", "release of 14 files", 0.0181),
    ("switch", "Switching to it", "shop.localhost → 0d4c5f0e", 0.0031),
    ("prove", "Asking for it from outside", "shop.localhost answered with the new page in 3 ms", 0.0084),
)


@dataclass(frozen=True)
class Seed:
    """Writes what the worker and the API would have written."""

    database: DatabaseService

    def token(self, role: Role = Role.ADMIN, name: str = "anna") -> str:
        with self.database.get_session() as session:
            return tokens.create(session, name, role)

    def deployment(
        self,
        name: str = "shop",
        *,
        domain: str = "",
        filename: str = "shop.zip",
        by: str = "anna",
        at: datetime = MORNING,
        kind: str = "deployment",
        status: DeploymentStatus = DeploymentStatus.PENDING,
    ) -> tuple[str, str]:
        """A deployment that was asked for; returns its id and its workflow's."""
        domain = domain or f"{name}.localhost"
        with self.database.get_session() as session:
            artifact = Artifact(
                filename=filename,
                original_filename=filename,
                file_type=FileType.ZIP,
                storage_path="0d/0d4c",
                file_size=1_258_291,
                checksum_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            )
            workflow = Workflow(
                name=f"Deploy {name} to {domain}",
                workflow_type=kind,
                created_by=by,
                created_at=at,
                workflow_metadata={"service": name},
                service=name,
            )
            session.add_all([artifact, workflow])
            session.flush()
            row = Deployment(
                workflow_id=workflow.id,
                artifact_id=artifact.id,
                service_name=name,
                domain=domain,
                created_at=at,
                status=status,
                configuration={"hosts": [domain]},
            )
            session.add(row)
            session.flush()
            found = str(row.id), str(workflow.id)
        self.say(found[1], "queued", f"Deploy {name} to {domain}: waiting for a worker")
        return found

    def say(self, workflow: str, kind: str, message: str, step: str | None = None, **data: Any) -> None:
        with self.database.get_session() as session:
            events.append(session, workflow, kind, message, step=step, data=data)

    def begin(self, deployment: str, at: datetime = MORNING) -> None:
        """A worker took it."""
        with self.database.get_session() as session:
            row = session.get_one(Deployment, UUID(deployment))
            row.status = DeploymentStatus.DEPLOYING
            row.workflow.status = WorkflowStatus.RUNNING
            row.workflow.started_at = at
            row.workflow.total_steps = len(STEPS)

    def step(self, workflow: str, number: int, *, done: bool = True) -> None:
        """Step `number` begins, and ends if `done`."""
        name, title, said, seconds = STEPS[number - 1]
        with self.database.get_session() as session:
            session.get_one(Workflow, UUID(workflow)).current_step = number
        self.say(workflow, "step", title, name, number=number, total=len(STEPS))
        if done:
            self.say(workflow, "done", said, name, seconds=seconds)

    def succeed(self, deployment: str, at: datetime = MORNING) -> None:
        """It answers: the rows as `record.live` writes them."""
        with self.database.get_session() as session:
            row = session.get_one(Deployment, UUID(deployment))
            service = session.scalars(select(Service).where(Service.name == row.service_name)).one_or_none()
            if service is None:
                service = Service(name=row.service_name, hosts=[ServiceHost(host=str(row.domain))])
                session.add(service)
            elif service.deployment_id:
                before = session.get_one(Deployment, service.deployment_id)
                before.status, before.health_status = DeploymentStatus.STOPPED, HealthStatus.UNKNOWN
                before.stopped_at = at
            row.status, row.health_status, row.service_type = (
                DeploymentStatus.RUNNING,
                HealthStatus.HEALTHY,
                "static",
            )
            row.deployed_at = row.last_health_check = at
            evidence = {"fact": "kind", "file": "index.html", "why": "the page a browser asks for first"}
            row.configuration = {
                **row.configuration,
                "files": 14,
                "release": row.configuration.get("release", deployment),
                "verdict": {"kind": "static", "root": "", "confidence": 1.0, "evidence": [evidence]},
            }
            service.deployment_id = row.id
            row.workflow.status, row.workflow.completed_at = WorkflowStatus.COMPLETED, at
            row.workflow.current_step = row.workflow.total_steps
            url = f"http://{row.domain}:8080/"
            key, name = str(row.workflow_id), row.service_name
            events.append(
                session, key, "end", f"{name} answers at {url}", data={"status": "completed", "url": url}
            )

    def fail(self, deployment: str, message: str, hint: str, at: datetime = MORNING, **facts: str) -> None:
        """It did not work out: the rows as `record.failed` writes them."""
        problem = {**facts, "title": "Archive refused", "status": 422, "detail": message, "hint": hint}
        with self.database.get_session() as session:
            row = session.get_one(Deployment, UUID(deployment))
            row.status, row.stopped_at = DeploymentStatus.FAILED, at
            row.configuration = {**row.configuration, "error": problem}
            row.workflow.status, row.workflow.completed_at = WorkflowStatus.FAILED, at
            row.workflow.error_message = message
            ending = {"status": "failed", "error": problem}
            events.append(session, str(row.workflow_id), "end", message, data=ending)

    def live(self, name: str = "shop", *, at: datetime = MORNING, took: float = 0.3, **options: Any) -> str:
        """A deployment that went well; returns its id."""
        deployment, workflow = self.deployment(name, at=at, **options)
        self.begin(deployment, at)
        for number in range(1, len(STEPS) + 1):
            self.step(workflow, number)
        self.succeed(deployment, at + timedelta(seconds=took))
        return deployment
