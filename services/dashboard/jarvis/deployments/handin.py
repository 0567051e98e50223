"""Hand in and deploy in one call: the artifact, the deployment and the work asked for, or nothing of it."""

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from jarvis.artifacts import collect, corrections, git, intake
from jarvis.artifacts.incoming import Partial
from jarvis.artifacts.intake import Said
from jarvis.deployments import request
from jarvis.errors import JarvisError, Unavailable
from jarvis.workflows.request import ask
from models import Deployment, Service
from services.db_service import DatabaseUnavailable, db_service

log = logging.getLogger(__name__)


def _claimed(session: Session, name: str, domain: str, filename: str) -> tuple[Service, str]:
    """The service and the host that are meant, for the caller's transaction its own."""
    service_name, host = request.named(session, name, domain, filename)
    service = request.service_of(session, service_name)
    request.claim(session, service, host)
    return service, host


def check(*, name: str, domain: str, filename: str) -> None:
    """Refuse what `deploy` would refuse for its names, before any byte is read. Nothing of it stays.

    Raises:
        InvalidInput: The name or the domain cannot be used.
        Conflict: The name or the domain is another service's.
    """
    with db_service.get_session() as session:
        _claimed(session, name, domain, filename)
        session.rollback()


def deploy(partial: Partial, said: Said, *, name: str, domain: str) -> Deployment:
    """Keep what was received and ask for its deploy, in one transaction.

    Raises:
        JarvisError: As `intake.keep` and `request.deploy` raise; nothing of it is kept then.
    """
    checksum = ""
    try:
        with db_service.get_session() as session:
            artifact = intake.keep(session, partial, said)
            checksum = artifact.checksum_sha256
            key = str(artifact.id)
            return request.deploy(session, artifact_id=key, name=name, domain=domain, by=said.by)
    except JarvisError:
        if checksum:
            _let_go(checksum)
        raise


def _let_go(checksum: str) -> None:
    """The row is not there; so its bytes go, unless another row has the same."""
    try:
        collect.drop(checksum)
    except (Unavailable, DatabaseUnavailable):
        log.warning("The bytes of a refused deploy are still there; the next clean-up removes them")


def deploy_git(
    session: Session,
    *,
    url: str,
    ref: str,
    name: str,
    domain: str,
    by: str,
    correction: Mapping[str, Any] | None = None,
) -> Deployment:
    """Ask for a commit of a git repository to be fetched and deployed.

    The deployment's row is there at once, without an artifact: that comes with the fetching.

    Raises:
        InvalidInput: The address, the ref, the name or the domain cannot be used.
        Conflict: The name or the domain is another service's.
    """
    git.check(url, ref)
    service, host = _claimed(session, name, domain, git.repository_name(url))
    if correction:
        corrections.add(service, correction, by)
    title = f"Deploy {service.name} to {host}"
    facts = {"service": service.name, "git": {"url": url, "ref": ref}}
    workflow = ask(
        session,
        "deploy_git",
        type="deploy_git",
        title=title,
        queue=service.name,
        by=by,
        facts=facts,
        service=service.name,
    )
    deployment = Deployment(
        workflow_id=workflow.id,
        service_name=service.name,
        domain=host,
        configuration={"git": {"url": url, "ref": ref}, "hosts": [host]},
    )
    session.add(deployment)
    session.flush()
    return deployment
