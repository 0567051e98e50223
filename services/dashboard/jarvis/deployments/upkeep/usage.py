"""Keeps what services use of the machine: a sample about every minute, for a day.

The counters of the kernel are kept, too, so whichever worker comes next can compare with them, and a look
takes no time of its own between two readings.
"""

import logging
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from jarvis.deployments import way
from jarvis.deployments.upkeep import measure, repair
from jarvis.errors import JarvisError, NotFound
from jarvis.runtimes.groups import Used
from models import Deployment, Service, UsageSample
from services.db_service import DatabaseUnavailable, db_service

log = logging.getLogger(__name__)

Json = dict[str, Any]

LOOK_EVERY = 15.0
"""Seconds between two looks whether a sample is due."""
EVERY = timedelta(seconds=57)
"""The time from one sample to the next; a look may come a little early."""
SOON = timedelta(seconds=10)
"""The time to the second sample of a version: until then nobody knows how much of a processor it takes."""
RECENT = timedelta(minutes=5)
"""A sample that is older says nothing of now."""
KEPT = timedelta(hours=24)


def begin() -> None:
    """Take samples from now on, as long as this process lives."""
    threading.Thread(target=_run, name="usage", daemon=True).start()


def _run() -> None:
    while True:
        time.sleep(LOOK_EVERY)
        try:
            look()
        except (JarvisError, DatabaseUnavailable, OSError) as error:
            log.warning("What services use was not measured: %s", error)
        except Exception:  # what is wrong with one look must not end all later ones
            log.exception("What services use was not measured")


def look() -> int:
    """Take the samples that are due, and forget old ones; returns how many were taken."""
    with db_service.get_session() as session:
        rows = _due(session)
    if not rows:
        return 0
    found = measure.measure(rows)
    with db_service.get_session() as session:
        session.execute(delete(UsageSample).where(UsageSample.at < func.now() - KEPT))
        now, last = session.scalars(select(func.clock_timestamp())).one(), _last(session)
        for row in rows:
            if (used := found.get(row["service"])) is not None:
                _keep(session, row, used, now, last)
    return len(found)


def _last(session: Session) -> dict[UUID, UsageSample]:
    """Service → its newest sample."""
    query = select(UsageSample).ext(distinct_on(UsageSample.service_id))
    query = query.where(UsageSample.at > func.now() - RECENT)
    query = query.order_by(UsageSample.service_id, UsageSample.at.desc())
    return {row.service_id: row for row in session.scalars(query)}


def _due(session: Session) -> list[Json]:
    """The services that run, have something to measure, and were not measured lately."""
    now, last = session.scalars(select(func.now())).one(), _last(session)
    ids = dict(session.execute(select(Service.name, Service.id)).all())
    due: list[Json] = []
    for row in repair.running(session):
        if way.runs(row):
            before = last.get(ids[row["service"]])
            wait = SOON if before is not None and before.cpu is None else EVERY
            if (
                before is None
                or before.deployment_id != UUID(row["deployment_id"])
                or now - before.at >= wait
            ):
                due.append({**row, "service_id": ids[row["service"]]})
    return due


def _keep(session: Session, row: Json, used: Used, now: datetime, last: dict[UUID, UsageSample]) -> None:
    before = last.get(row["service_id"])
    if before is not None and before.deployment_id != UUID(row["deployment_id"]):
        before = None
    if before is not None and now - before.at < SOON / 2:
        return  # another worker was quicker
    seconds = used.cpu_seconds or 0.0
    session.execute(
        insert(UsageSample)
        .values(
            service_id=row["service_id"],
            at=now,
            deployment_id=UUID(row["deployment_id"]),
            cpu_seconds=seconds,
            cpu=percent(before.cpu_seconds, seconds, now - before.at) if before is not None else None,
            memory=used.memory or 0,
            memory_limit=used.limit,
        )
        .on_conflict_do_nothing()
    )


def percent(before: float, now: float, between: timedelta) -> float | None:
    """How much of one processor was used between two readings of a counter; None where it was set back.

    It is set back where a program is started again, and where one of its processes ended.
    """
    seconds = between.total_seconds()
    return round(100 * (now - before) / seconds, 2) if now >= before and seconds > 0 else None


def shown(session: Session, name: str, only: Sequence[ColumnElement[bool]] = ()) -> Json:
    """What a service uses now, and used during the last day, oldest first.

    Args:
        session: The transaction.
        name: Of the service.
        only: Which samples; all when empty.

    Raises:
        NotFound: There is no such service.
    """
    service = session.scalars(select(Service).where(Service.name == name)).one_or_none()
    if service is None:
        raise NotFound(f"There is no service “{name[:80]}”.", "See jarvis status for the services there are.")
    query = select(UsageSample).where(UsageSample.service_id == service.id, *only).order_by(UsageSample.at)
    runtime = select(Deployment.configuration["runtime"].astext).where(Deployment.id == service.deployment_id)
    now = _line(service, session.scalars(runtime).one_or_none(), _last(session).get(service.id))
    return {**now, "history": [_point(row) for row in session.scalars(query)]}


def all_now(session: Session) -> list[Json]:
    """What every service uses now, by name."""
    last = _last(session)
    query = (
        select(Service, Deployment.configuration["runtime"].astext)
        .outerjoin(Deployment, Deployment.id == Service.deployment_id)
        .order_by(Service.name)
    )
    return [_line(service, runtime, last.get(service.id)) for service, runtime in session.execute(query)]


def _line(service: Service, runtime: str | None, row: UsageSample | None) -> Json:
    """`now` is null for what does not run, was not measured yet, or has no program of its own."""
    running = service.deployment_id is not None
    valid = running and row is not None and row.deployment_id == service.deployment_id
    return {
        "service": service.name,
        "runtime": (runtime or "static") if running else None,
        "now": _point(row) if row is not None and valid else None,
    }


def _point(row: UsageSample) -> Json:
    return {
        "at": row.at.isoformat(),
        "cpu": row.cpu,
        "memory": row.memory,
        "memory_limit": row.memory_limit,
    }
