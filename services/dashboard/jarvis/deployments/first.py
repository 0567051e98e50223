"""Services that were not deployed yet: what is set for one is kept for its first deploy."""

import difflib

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from jarvis.deployments.addresses import names
from jarvis.deployments.request import service_of
from jarvis.settings import versions
from jarvis.settings.service import KEY
from models import Deployment, Service, ServiceHost

NEAR = 0.75
"""How alike two names are, from 0 to 1, of which one may be a slip of the other."""


def prepare(session: Session, name: str) -> tuple[Service, bool]:
    """The service `name`, locked until the transaction ends, and whether it was made just now.

    Raises:
        InvalidInput: No service can be called so.
    """
    names.service_name(name)
    new = session.scalars(select(Service.id).where(Service.name == name)).one_or_none() is None
    return service_of(session, name), new


def is_deployed(session: Session, name: str) -> bool:
    """Whether a deploy of it was ever asked for."""
    return (
        session.scalars(select(Deployment.id).where(Deployment.service_name == name).limit(1)).first()
        is not None
    )


def told(session: Session, name: str, *, new: bool) -> str:
    """What becomes of a thing that is set for a service which is not deployed yet.

    Args:
        session: Any session.
        name: The service.
        new: Nothing was ever set for this name: it may be a slip.
    """
    said = (
        f"“{name}” is not deployed yet: this is kept for its first deploy, jarvis deploy PATH --name {name}"
    )
    others = list(session.scalars(select(Service.name).where(Service.name != name))) if new else []
    near = difflib.get_close_matches(name, others, 1, NEAR)
    return f"{said}. If you meant “{near[0]}”: jarvis remove {name}" if near else said


def forget(session: Session, service: Service) -> None:
    """Let go of a service that never answered: its names are free. What a person set for it stays, if any."""
    if _is_set(session, service):
        session.execute(delete(ServiceHost).where(ServiceHost.service_id == service.id))
    else:
        session.delete(service)


def _is_set(session: Session, service: Service) -> bool:
    members = service.settings.get(KEY, {}).get("members")
    return bool(members or service.settings.get("allow") or versions.newest(session, service.name))
