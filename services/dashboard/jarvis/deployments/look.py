"""What a running workflow needs to know of its deployment, as plain words that pass through the engine."""

from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.artifacts import corrections
from jarvis.deployments.addresses import hosts
from jarvis.deployments.request import revive, service_of
from jarvis.errors import NotFound
from jarvis.settings import variables
from jarvis.settings.service import KEY
from jarvis.workflows import ledger
from models import Deployment, DeploymentStatus, Service

Json = dict[str, Any]


def at_deployment(session: Session, workflow_id: str) -> Json:
    """The facts of the workflow's deployment, which is now worked on.

    Raises:
        NotFound: The deployment or its service was removed before the work began.
        Conflict: It begins again, and its names belong to another service by now.
    """
    query = select(Deployment).where(Deployment.workflow_id == UUID(workflow_id))
    deployment = session.scalars(query).one_or_none()
    if deployment is None:
        raise NotFound("The deployment is gone.", "Deploy again.")
    if deployment.status is DeploymentStatus.FAILED:
        revive(session, deployment)
    if deployment.status is DeploymentStatus.PENDING:
        deployment.status = DeploymentStatus.DEPLOYING
    service = service_of(session, deployment.service_name)  # before its environment, as all others lock them
    if "environment" not in deployment.configuration:
        version = variables.snapshot(session, deployment.service_name)["version"]
        deployment.configuration = {**deployment.configuration, "environment": version}
    about = at_service(session, deployment.service_name)
    names: list[str] = deployment.configuration.get("hosts") or about["hosts"]
    hosts.take(session, service, names)
    return {
        "workflow_id": workflow_id,
        "deployment_id": str(deployment.id),
        **about,
        "hosts": names,
        "domain": deployment.domain,
        "configuration": deployment.configuration,
    }


def at_service(session: Session, name: str) -> Json:
    """The service's hosts and the deployment that answers for it now.

    Raises:
        NotFound: There is no such service.
    """
    service = session.scalars(select(Service).where(Service.name == name)).one_or_none()
    if service is None:
        raise NotFound(f"There is no service “{name}”.", "See jarvis status for the services there are.")
    return {
        "service": service.name,
        "hosts": [row.host for row in service.hosts],
        "previous": str(service.deployment_id) if service.deployment_id else None,
        "correction": service.settings.get(corrections.KEY, {}).get("members", {}),
        "person": service.settings.get(KEY, {}),
    }


def artifact_of(deployment_id: str) -> Json:
    """Where the deployment's artifact lies and what it is.

    Raises:
        NotFound: The artifact was deleted.
    """

    def work(session: Session) -> Json:
        deployment = session.get_one(Deployment, UUID(deployment_id))
        artifact = deployment.artifact
        if artifact is None:
            raise NotFound("The artifact of this deployment was deleted.", "Hand it in again.")
        return {
            "path": artifact.storage_path,
            "type": artifact.file_type.value,
            "sha256": artifact.checksum_sha256,
            "filename": artifact.original_filename,
        }

    return ledger.patiently(work)


def configured(facts: Json) -> Json:
    """The facts with all that the deployment was found to be meanwhile: settings, runtime, image."""

    def work(session: Session) -> Json:
        return session.get_one(Deployment, UUID(facts["deployment_id"])).configuration

    return {**facts, "configuration": ledger.patiently(work)}


def release_of(root: Path, facts: Json) -> Path:
    """The folder of the release that this deployment serves (its own, or the one it goes back to)."""
    return root / facts["service"] / facts["configuration"].get("release", facts["deployment_id"])
