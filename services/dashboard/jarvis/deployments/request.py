"""Ask for a deploy, a rollback or a removal: rows and the engine's work in one transaction."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from jarvis.artifacts import corrections
from jarvis.deployments.addresses import names
from jarvis.deployments.upkeep import keep
from jarvis.dns.names import host as host_name
from jarvis.errors import Conflict, NotFound
from jarvis.workflows.request import ask
from models import Artifact, Deployment, DeploymentStatus, Service, ServiceHost, Workflow

PROMISED = "promised"
"""The member of a deployment's configuration that holds the plan that it was asked for with."""
APPROVED = "approved"
"""The member that says who agreed, and to which plan."""
RETREATED = "retreated"
"""The member that says that Jarvis gave it up by itself, once and for all."""
ALONG = "along"
"""The member that names what was set together with it."""
OF_ONE = frozenset({PROMISED, APPROVED, RETREATED, ALONG, "error"})
"""Members that belong to one deploy, not to the release."""


def service_of(session: Session, name: str) -> Service:
    """The service `name`, locked; made when it is new."""
    query = select(Service).where(Service.name == name).with_for_update()
    while True:  # it may be removed between the two; then it is made once more
        session.execute(insert(Service).values(id=uuid.uuid4(), name=name).on_conflict_do_nothing())
        if (found := session.scalars(query).one_or_none()) is not None:
            return found


def _owner(session: Session, host: str) -> str | None:
    query = select(Service.name).join(ServiceHost).where(ServiceHost.host == host)
    return session.scalars(query).one_or_none()


def claim(session: Session, service: Service, host: str) -> None:
    """Let `host` belong to `service`.

    Raises:
        Conflict: It belongs to another service, or the service has another name already.
    """
    new = session.execute(
        insert(ServiceHost)
        .values(host=host, service_id=service.id)
        .on_conflict_do_nothing()
        .returning(ServiceHost.host)
    ).first()
    row = session.get_one(ServiceHost, host)
    if row.service_id != service.id:
        owner = session.get_one(Service, row.service_id).name
        raise Conflict(
            f"The domain {host} belongs to the service “{owner}”.",
            f"Deploy to it with --name {owner}, choose another domain, or remove it: jarvis remove {owner}.",
            {"domain": host, "service": owner},
        )
    others = [row.host for row in service.hosts if row.host != host]
    if others and new is not None:
        raise Conflict(
            f"The name “{service.name}” is taken by the service at {others[0]}.",
            f"Choose another --name, or deploy to it with --domain {others[0]}.",
            {"service": service.name, "domain": others[0]},
        )


def named(session: Session, name: str, domain: str, filename: str) -> tuple[str, str]:
    """The service and the host that are meant, whichever of the two was given."""
    host = host_name(domain) if domain else ""
    if name:
        service = names.service_name(name)
    elif host:
        service = _owner(session, host) or names.from_domain(host)
    else:
        service = names.slug(filename)
    if not host:
        query = select(ServiceHost.host).join(Service).where(Service.name == service)
        host = session.scalars(query.order_by(ServiceHost.created_at).limit(1)).one_or_none() or ""
    return service, host or f"{service}.localhost"


def _workflow(session: Session, kind: str, title: str, service: str, by: str) -> Workflow:
    type_ = {"deploy": "deployment"}.get(kind, kind)
    return ask(session, kind, type=type_, title=title, queue=service, by=by, facts={"service": service})


def deploy(
    session: Session,
    *,
    artifact_id: str,
    name: str,
    domain: str,
    by: str,
    correction: Mapping[str, Any] | None = None,
    plan: Mapping[str, Any] | None = None,
) -> Deployment:
    """Ask for a deploy of an artifact. A correction is kept for the next upload of the service, too.

    Args:
        session: The caller's transaction.
        artifact_id: Which.
        name: Of the service; derived where it is empty.
        domain: The host; derived where it is empty.
        by: Who asks.
        correction: What the person said better of it.
        plan: What was shown to the person; nothing else is done than that.

    Raises:
        NotFound: No such artifact.
        InvalidInput: The name or the domain cannot be used.
        Conflict: The name or the domain is another service's.
    """
    artifact = session.get(Artifact, uuid.UUID(artifact_id))
    if artifact is None:
        raise NotFound(f"There is no artifact {artifact_id}.", "Hand it in first: POST /api/v1/artifacts.")
    service_name, host = named(session, name, domain, artifact.original_filename)
    service = service_of(session, service_name)
    claim(session, service, host)
    if correction:
        corrections.add(service, correction, by)
    workflow = _workflow(session, "deploy", f"Deploy {service_name} to {host}", service_name, by)
    deployment = Deployment(
        workflow_id=workflow.id,
        artifact_id=artifact.id,
        service_name=service_name,
        domain=host,
        configuration={
            "artifact_sha256": artifact.checksum_sha256,
            "hosts": [host],
            **({PROMISED: dict(plan)} if plan else {}),
        },
    )
    session.add(deployment)
    session.flush()
    return deployment


def revive(session: Session, deployment: Deployment) -> None:
    """Let a failed deployment begin again: its service and its names may have been given up since.

    Raises:
        Conflict: They are another service's by now.
    """
    service = service_of(session, deployment.service_name)
    if deployment.domain:
        claim(session, service, deployment.domain)
    deployment.status = DeploymentStatus.PENDING
    deployment.stopped_at = None
    gone = {"error"} if "rolled_back_to" in deployment.configuration else {"error", "environment"}
    deployment.configuration = {
        key: value for key, value in deployment.configuration.items() if key not in gone
    }
    session.flush()


def _target(session: Session, service: Service, deployment_id: str) -> Deployment:
    """The deployment to go back to: the one given, else the last that ran before the one that runs now.

    Raises:
        Conflict: There is none, or it never ran, or it runs now.
    """
    ran = select(Deployment).where(
        Deployment.service_name == service.name,
        Deployment.deployed_at.is_not(None),
        Deployment.status != DeploymentStatus.REMOVED,
    )
    now = session.get(Deployment, service.deployment_id) if service.deployment_id else None
    current = now.configuration.get("release") if now else None
    if deployment_id:
        chosen = session.scalars(ran.where(Deployment.id == uuid.UUID(deployment_id))).one_or_none()
        if chosen is None:
            raise Conflict(
                f"Deployment {deployment_id} of “{service.name}” never ran: there is nothing to go back to.",
                f"See jarvis status {service.name} for its deployments.",
            )
        if current and chosen.configuration.get("release") == current:
            raise Conflict(
                f"Deployment {deployment_id} of “{service.name}” is the version that runs now.",
                f"See jarvis status {service.name} for the others.",
            )
        if chosen.configuration.get("release") not in keep.kept(
            session, service.name, keep.count(session, service.name)
        ):
            raise Conflict(
                f"The release of deployment {deployment_id} of “{service.name}” is not kept any more.",
                f"See those that are: jarvis releases {service.name}. Or hand it in again.",
            )
    else:
        older = ran.where(Deployment.configuration["release"].astext != current) if current else ran
        before = older.where(Deployment.deployed_at < now.deployed_at) if now else older
        chosen = session.scalars(before.order_by(Deployment.deployed_at.desc()).limit(1)).one_or_none()
        if chosen is None:
            raise Conflict(
                f"“{service.name}” has no earlier version to go back to.", "Deploy a second version first."
            )
    return chosen


def target_before(session: Session, name: str) -> Deployment:
    """The deployment that a rollback without further words goes back to.

    Raises:
        NotFound: No such service.
        Conflict: There is no version before.
    """
    return _target(session, _existing(session, name), "")


def target(session: Session, name: str, deployment_id: str) -> Deployment:
    """The deployment that a rollback goes back to: this one, or the one before where it is empty.

    Raises:
        NotFound: No such service.
        Conflict: There is no such version.
    """
    return _target(session, _existing(session, name), deployment_id)


def rollback(
    session: Session, *, name: str, deployment_id: str, by: str, plan: Mapping[str, Any] | None = None
) -> Deployment:
    """Ask for an older version to answer again; where a plan was shown, nothing else is done than that.

    Raises:
        NotFound: No such service.
        Conflict: There is no such version.
    """
    service = _existing(session, name)
    target = _target(session, service, deployment_id)
    workflow = _workflow(session, "rollback", f"Roll back {name}", name, by)
    deployment = Deployment(
        workflow_id=workflow.id,
        artifact_id=target.artifact_id,
        service_name=name,
        service_type=target.service_type,
        domain=target.domain,
        configuration={**restored(target), **({PROMISED: dict(plan)} if plan else {})},
    )
    session.add(deployment)
    session.flush()
    return deployment


def restored(target: Deployment) -> dict[str, Any]:
    """The configuration of a deployment that goes back to `target`: its release, not what was once asked."""
    kept = {key: value for key, value in target.configuration.items() if key not in OF_ONE}
    return {**kept, "rolled_back_to": str(target.id)}


def redeploy(session: Session, *, name: str, by: str) -> Deployment:
    """Ask for what runs to be deployed again, with the settings and the environment of now.

    Raises:
        NotFound: No such service.
        Conflict: Nothing of it was ever deployed, or what was is not kept any more.
    """
    service = _existing(session, name)
    query = select(Deployment).where(Deployment.service_name == name)
    now = session.get(Deployment, service.deployment_id) if service.deployment_id else None
    last = now or session.scalars(query.order_by(Deployment.created_at.desc()).limit(1)).first()
    if last is None:
        raise Conflict(
            f"“{name}” is not deployed yet.", f"Hand in what it is: jarvis deploy PATH --name {name}"
        )
    if last.artifact_id is None:
        raise Conflict(
            f"What “{name}” was made of is not kept any more.",
            f"Hand it in again: jarvis deploy PATH --name {name}",
        )
    return deploy(session, artifact_id=str(last.artifact_id), name=name, domain=last.domain or "", by=by)


def _existing(session: Session, name: str) -> Service:
    service = session.scalars(select(Service).where(Service.name == name).with_for_update()).one_or_none()
    if service is None:
        raise NotFound(f"There is no service “{name[:80]}”.", "See jarvis status for the services there are.")
    return service


def remove(session: Session, *, name: str, by: str, volumes: bool = False) -> Workflow:
    """Ask for a service to be removed, with its releases and names. Its history stays.

    Args:
        session: The caller's transaction.
        name: Of the service.
        by: Who asks.
        volumes: Delete its volumes, too, with all that is in them.

    Raises:
        NotFound: No such service.
    """
    _existing(session, name)
    asked = _workflow(session, "remove", f"Remove {name}", name, by)
    asked.workflow_metadata = {**asked.workflow_metadata, "volumes": volumes}
    session.flush()
    return asked
