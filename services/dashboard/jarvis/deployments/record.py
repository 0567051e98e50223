"""Write into the rows what the steps have seen. Every function may run twice."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from jarvis.artifacts.verdict import write_down
from jarvis.deployments import first, look
from jarvis.deployments.addresses import notes, reach, records
from jarvis.deployments.addresses.hosts import give_up
from jarvis.deployments.upkeep import condition, keep
from jarvis.errors import JarvisError, problem
from jarvis.settings import versions
from jarvis.webhooks import about
from jarvis.webhooks.tell import tell
from jarvis.workflows import events, ledger
from models import (
    Deployment,
    DeploymentStatus,
    HealthStatus,
    Service,
    Workflow,
    WorkflowStatus,
)

Json = dict[str, Any]
ENDED = (DeploymentStatus.STOPPED, DeploymentStatus.FAILED, DeploymentStatus.REMOVED)


def _told(session: Session, deployment: Deployment, url: str = "") -> None:
    tell(session, f"deployment.{deployment.status.value}", about.deployment(deployment, url))


def _configure(session: Session, deployment_id: str, **facts: Any) -> Deployment:
    deployment = session.get_one(Deployment, UUID(deployment_id), with_for_update=True)
    deployment.configuration = {**deployment.configuration, **events.storable(facts)}
    return deployment


def analysed(deployment_id: str, found: Mapping[str, Any]) -> None:
    """What the artifact is, how it is made, what runs it, why that, and how.

    Args:
        deployment_id: Which.
        found: The members of its configuration: `verdict`, `plan`, `runtime`, `settings` and so on.
    """

    def work(session: Session) -> None:
        deployment = _configure(session, deployment_id, **found)
        deployment.service_type = found["verdict"]["kind"]
        if deployment.artifact is not None:
            write_down(deployment.artifact, found["verdict"], found["plan"])

    ledger.patiently(work)


def built(deployment_id: str, files: Mapping[str, str]) -> None:
    """What the release holds: how many files, and one checksum over all of them."""
    lines = "".join(f"{sha}  {path}\n" for path, sha in sorted(files.items()))
    digest = hashlib.sha256(lines.encode()).hexdigest()

    def work(session: Session) -> None:
        _configure(session, deployment_id, release=deployment_id, files=len(files), release_sha256=digest)

    ledger.patiently(work)


def made(deployment_id: str, files: int, **more: Any) -> None:
    """The program lies there, whole: the deployment can be gone back to. More may belong to its record."""
    found: Json = {"release": deployment_id, "files": files, **more}
    ledger.patiently(lambda session: _configure(session, deployment_id, **found) and None)


def imaged(deployment_id: str, image: str, size: int) -> None:
    """The image is there, under this digest and with so many bytes: the deployment can be gone back to."""
    found: Json = {"release": deployment_id, "image": image, "bytes": size}
    ledger.patiently(lambda session: _configure(session, deployment_id, **found) and None)


def listens(deployment_id: str, port: int) -> None:
    """Its containers listen on this port."""
    ledger.patiently(lambda session: _configure(session, deployment_id, port=port) and None)


def takes(deployment_id: str, ports: Sequence[int]) -> None:
    """Its program listens on these ports, whatever it is told."""
    ledger.patiently(lambda session: _configure(session, deployment_id, fixed_ports=list(ports)) and None)


def taken(deployment_id: str) -> list[int]:
    """Ports that a program listens on whatever it is told; see `takes`."""

    def work(session: Session) -> list[int]:
        row = session.get(Deployment, UUID(deployment_id))
        return list(row.configuration.get("fixed_ports") or ()) if row is not None else []

    return ledger.patiently(work)


def ran_as(name: str, runtime: str) -> bool:
    """Was there ever a deployment of the service that this runtime was chosen for?"""

    def work(session: Session) -> bool:
        query = select(Deployment.id).where(
            Deployment.service_name == name, Deployment.configuration["runtime"].astext == runtime
        )
        return session.scalars(query.limit(1)).first() is not None

    return ledger.patiently(work)


def instances_of(name: str, keys: Collection[str]) -> list[str]:
    """Those of `keys` that are deployments of the service."""
    return _instances(name, keys, running=False)


def instances_to_end(name: str, keys: Collection[str]) -> list[str]:
    """Those of `keys` that are deployments of the service which neither run nor are worked on."""
    return _instances(name, keys, running=True)


def _instances(name: str, keys: Collection[str], *, running: bool) -> list[str]:
    def work(session: Session) -> list[str]:
        query = select(Deployment.id).where(
            Deployment.service_name == name, Deployment.id.in_([UUID(key) for key in keys])
        )
        if running:
            query = query.where(Deployment.status.in_(ENDED))
        return [str(key) for key in session.scalars(query)]

    return ledger.patiently(work) if keys else []


def live(facts: Json, url: str, seen: Json, done: events.Done | None = None) -> None:
    """The deployment was seen from outside: it runs, the one before is stopped, the story ends."""
    reached: Mapping[str, bool] = seen["reached"]

    def work(session: Session) -> None:
        now = datetime.now(UTC)
        if ledger.is_over(session, facts["workflow_id"]):
            return
        deployment = session.get_one(Deployment, UUID(facts["deployment_id"]))
        # The facts are of the beginning: what its settings say besides came with the analysis.
        hosts: list[str] = deployment.configuration.get("hosts") or facts["hosts"]
        for host in hosts:
            reach.note(session, deployment, host, reached.get(host, False))
        session.flush()
        notes.keep(session, deployment, seen.get("https", {}), facts["workflow_id"])
        records.note(session, deployment, hosts)
        ledger.ended(
            session,
            facts["workflow_id"],
            WorkflowStatus.COMPLETED,
            f"{facts['service']} answers at {url}",
            {"url": url, "deployment_id": facts["deployment_id"], "service": facts["service"]},
            done,
        )
        stopped = session.scalars(
            update(Deployment)
            .where(
                Deployment.service_name == facts["service"],
                Deployment.id != deployment.id,
                Deployment.status == DeploymentStatus.RUNNING,
            )
            .values(status=DeploymentStatus.STOPPED, stopped_at=now)
            .returning(Deployment)
        ).all()
        condition.replaced(session, stopped, deployment)
        for other in stopped:
            other.health_status = HealthStatus.UNKNOWN
        deployment.status = DeploymentStatus.RUNNING
        deployment.health_status = HealthStatus.HEALTHY
        deployment.deployed_at = deployment.last_health_check = now
        session.execute(
            update(Service).where(Service.name == facts["service"]).values(deployment_id=deployment.id)
        )
        session.flush()
        reach.forget(session, give_up(session, facts["service"]))
        for other in stopped:
            _told(session, other)
        _told(session, deployment, url)

    ledger.patiently(work)


def failed(facts: Json, error: JarvisError, done: events.Done | None = None) -> None:
    """The deployment ended without success. A service that never ran is forgotten, its names are free."""

    def work(session: Session) -> None:
        body = problem(error)
        if not ledger.ended(
            session,
            facts["workflow_id"],
            WorkflowStatus.FAILED,
            error.message,
            {"error": body, "deployment_id": facts["deployment_id"], "service": facts["service"]},
            done,
        ):
            return
        deployment = _configure(session, facts["deployment_id"], error=body)
        deployment.status = DeploymentStatus.FAILED
        deployment.stopped_at = datetime.now(UTC)
        session.flush()
        _told(session, deployment)
        reach.forget(session, give_up(session, facts["service"]))
        forget_if_unused(session, facts["service"])

    ledger.patiently(work)


def forget_if_unused(session: Session, name: str) -> None:
    """Let go of a service that nothing runs or waits for; what a person set for it stays."""
    service = session.scalars(select(Service).where(Service.name == name).with_for_update()).one_or_none()
    if service is None or service.deployment_id is not None:
        return
    waiting = select(Deployment.id).where(Deployment.service_name == name, Deployment.status.not_in(ENDED))
    if session.scalars(waiting.limit(1)).first() is None:
        first.forget(session, service)


def removed(workflow_id: str, name: str, hosts: list[str], done: events.Done | None = None) -> None:
    """The service is gone: its deployments and records say so, its names are free."""

    def work(session: Session) -> None:
        now = datetime.now(UTC)
        if not ledger.ended(
            session, workflow_id, WorkflowStatus.COMPLETED, f"{name} is removed", {"service": name}, done
        ):
            return
        reach.forget(session, hosts)
        notes.settle_all(session, hosts)
        gone = session.scalars(
            update(Deployment)
            .where(
                Deployment.service_name == name,
                Deployment.status.in_((DeploymentStatus.RUNNING, DeploymentStatus.STOPPED)),
            )
            .values(
                status=DeploymentStatus.REMOVED,
                stopped_at=func.coalesce(Deployment.stopped_at, now),
                health_status=HealthStatus.UNKNOWN,
            )
            .returning(Deployment)
        ).all()
        for deployment in gone:
            _told(session, deployment)
        session.execute(delete(Service).where(Service.name == name))
        versions.forget(session, name)

    ledger.patiently(work)


def releases_to_keep(name: str) -> list[str]:
    """The release that answers, those to go back to and those that are pinned, newest first."""
    return ledger.patiently(lambda session: keep.kept(session, name, keep.count(session, name)))


def to_remove(session: Session, workflow_id: str) -> Json:
    """The service that the workflow removes.

    Raises:
        NotFound: It is gone already.
    """
    row = session.get_one(Workflow, UUID(workflow_id))
    found = look.at_service(session, str(row.workflow_metadata["service"]))
    return {**found, "volumes": bool(row.workflow_metadata.get("volumes"))}


def lost(workflow_id: str, error: JarvisError) -> None:
    """The workflow ended without success before it knew what it was about."""
    ledger.patiently(lambda session: close(session, workflow_id, error))


def close(session: Session, workflow_id: str, error: JarvisError) -> None:
    """End a workflow without success, and the deployment that belongs to it, in the caller's transaction."""
    ledger.ended(session, workflow_id, WorkflowStatus.FAILED, error.message, {"error": problem(error)})
    found = session.scalars(
        update(Deployment)
        .where(
            Deployment.workflow_id == UUID(workflow_id),
            Deployment.status.in_((DeploymentStatus.PENDING, DeploymentStatus.DEPLOYING)),
        )
        .values(status=DeploymentStatus.FAILED, stopped_at=func.now())
        .returning(Deployment)
    ).all()
    for deployment in found:
        _told(session, deployment)
        reach.forget(session, give_up(session, deployment.service_name))
        forget_if_unused(session, deployment.service_name)
