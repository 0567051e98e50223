"""Which names a service answers to: the one it was deployed to, more from its settings, and their `www.`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from jarvis.dns.names import host as host_name
from jarvis.errors import Conflict
from jarvis.settings.service import ServiceSettings
from jarvis.workflows import ledger
from models import Deployment, DeploymentStatus, Service, ServiceHost

Json = dict[str, Any]
WWW = "www."
_DONE = (DeploymentStatus.STOPPED, DeploymentStatus.FAILED, DeploymentStatus.REMOVED)


def wanted(domain: str, of: ServiceSettings) -> tuple[str, ...]:
    """All names, the one it was deployed to first."""
    found = dict.fromkeys((domain, *(host_name(name) for name in of.domains)))
    return tuple(dict.fromkeys((*found, *_www(found, of))))


def leads(domain: str, of: ServiceSettings) -> dict[str, str]:
    """Names that only lead to another one."""
    if of.www != "redirect":
        return {}
    names = dict.fromkeys((domain, *(host_name(name) for name in of.domains)))
    return {name: name.removeprefix(WWW) for name in _www(names, of) if name not in names}


def _www(names: Sequence[str] | dict[str, None], of: ServiceSettings) -> list[str]:
    return [WWW + name for name in names if of.www and not name.startswith(WWW)]


def claim(facts: Json, of: ServiceSettings) -> list[str]:
    """Let all names that the deployment wants belong to its service, and say which.

    Raises:
        Conflict: One belongs to another service.
    """
    names = wanted(facts["domain"], of)

    def work(session: Session) -> list[str]:
        service = session.scalars(
            select(Service).where(Service.name == facts["service"]).with_for_update()
        ).one()
        take(session, service, names)
        deployment = session.get_one(Deployment, UUID(facts["deployment_id"]))
        deployment.configuration = {**deployment.configuration, "hosts": list(names)}
        return list(names)

    return ledger.patiently(work)


def take(session: Session, service: Service, names: Sequence[str]) -> None:
    """Let names belong to a service, in the caller's transaction.

    Raises:
        Conflict: One belongs to another service.
    """
    for name in sorted(names):
        session.execute(insert(ServiceHost).values(host=name, service_id=service.id).on_conflict_do_nothing())
        row = session.get_one(ServiceHost, name)
        if row.service_id != service.id:
            owner = session.get_one(Service, row.service_id).name
            raise Conflict(
                f"The domain {name} belongs to the service “{owner}”.",
                f"Take it out of the settings of “{service.name}”, or remove it: jarvis remove {owner}.",
                {"domain": name, "service": owner},
            )


def give_up(session: Session, name: str) -> list[str]:
    """Free the names that no deployment wants which runs or is worked on, in the caller's transaction."""
    service = session.scalars(select(Service).where(Service.name == name).with_for_update()).one_or_none()
    if service is None:
        return []
    held: Any = Deployment.configuration["hosts"]
    rows = session.execute(
        select(Deployment.domain, held).where(
            Deployment.service_name == name, Deployment.status.not_in(_DONE)
        )
    )
    kept = {host for domain, names in rows for host in (domain, *(names or ()))}
    if not kept:  # the service is forgotten, or kept as it is
        return []
    gone = delete(ServiceHost).where(ServiceHost.service_id == service.id, ServiceHost.host.not_in(kept))
    return list(session.scalars(gone.returning(ServiceHost.host)))
