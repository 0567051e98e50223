"""Which deployments need an artifact: those that run, wait, or are kept to go back to."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.deployments.record import ENDED, releases_to_keep
from models import Deployment, DeploymentStatus

NAMED = 5


def who_needs(session: Session, artifact_id: UUID) -> list[Deployment]:
    """The deployments, newest first."""
    query = (
        select(Deployment).where(Deployment.artifact_id == artifact_id).order_by(Deployment.created_at.desc())
    )
    found = list(session.scalars(query))
    stopped = {row.service_name for row in found if row.status is DeploymentStatus.STOPPED}
    kept = {release for name in stopped for release in releases_to_keep(name)}
    return [
        row
        for row in found
        if row.status not in ENDED
        or (row.status is DeploymentStatus.STOPPED and row.configuration.get("release") in kept)
    ]


def told(users: Sequence[Deployment]) -> str:
    """The deployments in words."""
    words = {
        DeploymentStatus.STOPPED: "kept to go back to",
        DeploymentStatus.RUNNING: "running",
        DeploymentStatus.PENDING: "waiting",
    }
    shown = [
        f"deployment {str(row.id)[:8]} of “{row.service_name}” ({words.get(row.status, row.status.value)})"
        for row in users[:NAMED]
    ]
    more = len(users) - NAMED
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
