"""The versions of a service's environment: which one counts, which ones are kept, how all of them go."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from models import Deployment, DeploymentStatus, EnvironmentVersion, ServiceVariable

KEY = "environment"
"""The member of a deployment's configuration that holds the number of its version."""


class Used(NamedTuple):
    """Where a version is still needed."""

    numbers: frozenset[int]

    def needs(self, since: int, until: int | None) -> bool:
        """Whether one of them has what counted from `since` until before `until`."""
        return until is None or any(since <= number < until for number in self.numbers)


def lock(session: Session, service: str) -> None:
    """Let nobody else change, note or purge the environment of `service` until this transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"environment {service}", 0))))


def newest(session: Session, service: str) -> EnvironmentVersion | None:
    """The version that counts; None before anything was set."""
    query = select(EnvironmentVersion).where(EnvironmentVersion.service == service)
    return session.scalars(query.order_by(EnvironmentVersion.number.desc()).limit(1)).one_or_none()


def used(session: Session, service: str, kept: Collection[str]) -> Used:
    """The versions that deployments can still run with, and the one that counts.

    Args:
        session: Any session.
        service: Whose.
        kept: The releases that can be gone back to.
    """
    number = Deployment.configuration[KEY].as_integer()
    query = select(number).where(
        Deployment.service_name == service,
        Deployment.status != DeploymentStatus.REMOVED,
        or_(
            Deployment.status.not_in((DeploymentStatus.STOPPED, DeploymentStatus.FAILED)),
            Deployment.configuration["release"].astext.in_(kept),
        ),
        number.is_not(None),
    )
    numbers = set(session.scalars(query))
    if (row := newest(session, service)) is not None:
        numbers.add(row.number)
    return Used(frozenset(numbers))


def purge(session: Session, service: str, kept: Collection[str]) -> int:
    """Delete the old values that no deployment can go back to.

    Args:
        session: The caller's transaction.
        service: Whose.
        kept: The releases that can be gone back to.

    Returns:
        How many values are gone.
    """
    lock(session, service)
    needed = used(session, service, kept)
    mine = ServiceVariable.service == service
    query = select(ServiceVariable.name, ServiceVariable.since, ServiceVariable.until).where(
        mine, ServiceVariable.until.is_not(None)
    )
    gone = [row for row in session.execute(query) if not needed.needs(row.since, row.until)]
    for row in gone:
        one = and_(mine, ServiceVariable.name == row.name, ServiceVariable.since == row.since)
        session.execute(delete(ServiceVariable).where(one))
    session.execute(
        delete(EnvironmentVersion).where(
            EnvironmentVersion.service == service, EnvironmentVersion.number.not_in(needed.numbers)
        )
    )
    return len(gone)


def forget(session: Session, service: str) -> None:
    """Delete all variables of a service that is removed, in every version."""
    lock(session, service)
    session.execute(delete(ServiceVariable).where(ServiceVariable.service == service))
    session.execute(delete(EnvironmentVersion).where(EnvironmentVersion.service == service))
