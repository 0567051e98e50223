"""Which releases of a service are kept to go back to: the last ones, and those that are pinned."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config
from jarvis.deployments import view
from jarvis.errors import Conflict, NotFound
from jarvis.settings.service import read
from models import Deployment, DeploymentStatus, Service

Json = dict[str, Any]

PINS = "pins"
"""Where `services.settings` keeps them: deployment → who pinned it, and when."""


def count_of(configuration: Json) -> int:
    """How many old releases a deployment with this configuration wants to be kept."""
    return read(configuration.get("settings")).keep or config.settings().keep_releases


def count(session: Session, name: str) -> int:
    """How many old releases the service keeps: as its running deployment says."""
    query = select(Deployment.configuration).join(Service, Service.deployment_id == Deployment.id)
    return count_of(session.scalars(query.where(Service.name == name)).one_or_none() or {})


def ran(session: Session, name: str) -> list[str]:
    """The releases of the service that ever answered, the one that did so last first."""
    release = Deployment.configuration["release"].astext.label("release")
    found = (
        select(release, Deployment.deployed_at)
        .where(Deployment.service_name == name, Deployment.deployed_at.is_not(None))
        .where(Deployment.status != DeploymentStatus.REMOVED)
        .subquery()
    )
    query = select(found.c.release).group_by(found.c.release).order_by(func.max(found.c.deployed_at).desc())
    return [one for one in session.scalars(query) if one]


def pinned(session: Session, name: str) -> list[str]:
    """The releases that are never cleaned away."""
    keys = [UUID(key) for key in pins(session, name)]
    query = select(Deployment.configuration["release"].astext).where(Deployment.id.in_(keys))
    return [release for release in session.scalars(query) if release] if keys else []


def kept(session: Session, name: str, most: int) -> list[str]:
    """The release that answers, `most` older ones, and those that are pinned; the newest first."""
    return list(dict.fromkeys((*ran(session, name)[: most + 1], *pinned(session, name))))


def pins(session: Session, name: str) -> dict[str, Json]:
    """Deployment → who pinned it, and when."""
    found = session.scalars(select(Service.settings).where(Service.name == name)).one_or_none()
    return dict((found or {}).get(PINS, {}))


def releases(session: Session, name: str) -> list[Json]:
    """The releases that can be gone back to and the one that answers, newest first: one line each.

    Raises:
        NotFound: There is no such service.
    """
    service = _service(session, name, lock=False)
    wanted = kept(session, name, count(session, name))
    marks = pins(session, name)
    query = select(Deployment).where(
        Deployment.service_name == name,
        Deployment.deployed_at.is_not(None),
        Deployment.status != DeploymentStatus.REMOVED,
    )
    found: dict[str, Json] = {}
    for row in session.scalars(query.order_by(Deployment.deployed_at.desc())):
        release = row.configuration.get("release")
        if release not in wanted:
            continue
        mark = marks.get(str(row.id))
        line = found.setdefault(release, _line(row, release))
        line["pinned"] = line["pinned"] or mark is not None
        line["pinned_by"] = line["pinned_by"] or (mark or {}).get("by")
        line["current"] = line["current"] or row.id == service.deployment_id
    return list(found.values())


def _line(row: Deployment, release: str) -> Json:
    shown = view.deployment(row)
    return {
        "release": release,
        "deployment_id": str(row.id),
        "deployed_at": shown["deployed_at"],
        "artifact_sha256": row.configuration.get("artifact_sha256"),
        "runtime": row.configuration.get("runtime"),
        "bytes": row.configuration.get("bytes"),
        "environment": row.configuration.get("environment"),
        "pinned": False,
        "pinned_by": None,
        "current": False,
    }


def pin(session: Session, name: str, key: str, by: str) -> None:
    """Keep a release until somebody takes the pin away.

    Raises:
        NotFound: There is no such service, or no such deployment of it.
        Conflict: Its release is gone.
    """
    service = _service(session, name)
    row = _deployment(session, name, key)
    if row.configuration.get("release") not in kept(session, name, count(session, name)):
        raise Conflict(
            f"The release of deployment {key[:8]} is not kept any more.", f"See jarvis releases {name}."
        )
    now = {**service.settings.get(PINS, {}), str(row.id): {"by": by, "at": datetime.now(UTC).isoformat()}}
    service.settings = {**service.settings, PINS: now}
    session.flush()


def unpin(session: Session, name: str, key: str) -> None:
    """Let a release go when its time comes; nothing happens where it was not pinned.

    Raises:
        NotFound: There is no such service, or no such deployment of it.
    """
    service = _service(session, name)
    release = _deployment(session, name, key).configuration.get("release")
    marks: dict[str, Json] = service.settings.get(PINS, {})
    query = select(Deployment.id).where(
        Deployment.service_name == name, Deployment.configuration["release"].astext == release
    )
    gone = {str(each) for each in session.scalars(query)} | {key}
    left = {each: mark for each, mark in marks.items() if each not in gone}
    service.settings = {**service.settings, PINS: left}
    session.flush()


def _service(session: Session, name: str, *, lock: bool = True) -> Service:
    query = select(Service).where(Service.name == name)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(f"There is no service “{name[:80]}”.", "See jarvis status for the services there are.")
    return row


def _deployment(session: Session, name: str, key: str) -> Deployment:
    row = session.get(Deployment, UUID(key))
    if row is None or row.service_name != name:
        raise NotFound(f"“{name}” has no deployment {key}.", f"See jarvis releases {name}.")
    return row
