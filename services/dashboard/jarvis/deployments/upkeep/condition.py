"""How services are: written down at every look, with a row and a word to who wants it where it changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from jarvis.errors import NotFound
from jarvis.webhooks import about
from jarvis.webhooks.tell import tell
from jarvis.workflows import events
from models import Deployment, DeploymentStatus, HealthChange, HealthStatus, Service

Json = dict[str, Any]

KEPT = 50
"""Changes of one deployment that are kept, the last ones."""


def write(
    session: Session, keys: Sequence[str], health: HealthStatus, why: str = "", at: datetime | None = None
) -> None:
    """Running deployments were looked at, and all of them are so.

    Args:
        session: The transaction.
        keys: Their ids.
        health: What was seen.
        why: In words, for those where that is new.
        at: When they were looked at; now when missing.
    """
    ids = [UUID(key) for key in keys]
    running = (Deployment.id.in_(ids), Deployment.status == DeploymentStatus.RUNNING)
    new = select(Deployment).where(*running, Deployment.health_status != health).order_by(Deployment.id)
    for row in session.scalars(new.with_for_update()):
        change(session, row, health, why)
        row.health_status = health
        row.updated_at = Deployment.updated_at  # nothing was changed: what a person saw of it still holds
    session.flush()
    looked(session, keys, at)


def looked(session: Session, keys: Sequence[str], at: datetime | None = None) -> None:
    """Running deployments were looked at."""
    session.execute(
        update(Deployment)
        .where(Deployment.id.in_([UUID(key) for key in keys]), Deployment.status == DeploymentStatus.RUNNING)
        .values(last_health_check=at or func.now(), updated_at=Deployment.updated_at)
        .execution_options(synchronize_session=False)
    )


def change(session: Session, row: Deployment, health: HealthStatus, why: str) -> None:
    """Keep that it is so from now on, and tell it. The row itself is the caller's to change."""
    before = row.health_status
    kept = events.storable(why)
    session.add(HealthChange(deployment_id=row.id, before=before.value, after=health.value, why=kept))
    session.flush()
    last = select(HealthChange.id).where(HealthChange.deployment_id == row.id)
    old = select(last.order_by(HealthChange.id.desc()).offset(KEPT).subquery())
    session.execute(delete(HealthChange).where(HealthChange.id.in_(old)))
    if health is HealthStatus.UNHEALTHY:
        _tell(session, row, health, why)
    elif before is HealthStatus.UNHEALTHY and health is HealthStatus.HEALTHY:
        _tell(session, row, health, "")


def mended(session: Session, key: str, before: str) -> None:
    """A repair helped before anybody was told that it does not answer: that is kept, and nobody is told."""
    row = session.get(Deployment, UUID(key), with_for_update=True)
    if row is not None and row.health_status is HealthStatus.HEALTHY:
        change(session, row, HealthStatus.HEALTHY, f"repaired: {before}")


def replaced(session: Session, old: Sequence[Deployment], new: Deployment) -> None:
    """A new version answers. Where the one before did not, that is good news.

    Args:
        session: The transaction.
        old: What it replaces, as it was at the last look.
        new: The version; its row is the caller's to change.
    """
    change(session, new, HealthStatus.HEALTHY, "it was seen from outside after its deploy")
    if any(row.health_status is HealthStatus.UNHEALTHY for row in old):
        _tell(session, new, HealthStatus.HEALTHY, "")


def _tell(session: Session, row: Deployment, health: HealthStatus, why: str) -> None:
    tell(session, f"service.{health.value}", about.service(row, health.value, why))


def history(session: Session, name: str, count: int) -> Json:
    """How a service is, and the last changes of that over all its deployments, newest first.

    Raises:
        NotFound: There is no such service.
    """
    service = session.scalars(select(Service).where(Service.name == name)).one_or_none()
    if service is None:
        raise NotFound(f"There is no service “{name[:80]}”.", "See jarvis status for the services there are.")
    row = session.get(Deployment, service.deployment_id) if service.deployment_id else None
    query = (
        select(HealthChange)
        .join(Deployment, Deployment.id == HealthChange.deployment_id)
        .where(Deployment.service_name == name)
        .order_by(HealthChange.id.desc())
        .limit(count)
    )
    changes = [one.to_dict() for one in session.scalars(query)]
    now = next((one for one in changes if row is not None and one["deployment_id"] == str(row.id)), None)
    checked = row.last_health_check if row is not None else None
    return {
        "service": name,
        "deployment_id": str(row.id) if row is not None else None,
        "status": row.health_status.value if row is not None else HealthStatus.UNKNOWN.value,
        "since": now["at"] if now else None,
        "why": now["why"] if now else "",
        "checked_at": checked.isoformat() if checked else None,
        "changes": changes,
    }


def was_well(session: Session, key: str) -> bool:
    """Did the deployment answer as it should when it was last looked at, before another took its place?"""
    query = select(HealthChange.after).where(HealthChange.deployment_id == UUID(key))
    last = session.scalars(query.order_by(HealthChange.id.desc()).limit(1)).first()
    return last != HealthStatus.UNHEALTHY.value
