"""Ask for routine work when it is time: once, however many workers there are, and one run after the other.

Every worker calls `tick` often. Whoever gets the lock looks when the newest run of each kind was asked for.
The row of the next one is written in the transaction that holds the lock, so whoever comes then sees it. A
paused run keeps its kind from being asked for: to pause it is to pause its schedule.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jarvis.deployments.addresses import certificates, dnssync
from jarvis.deployments.upkeep import cleanup, cron, health, routine
from jarvis.errors import JarvisError
from jarvis.workflows.ledger import FINAL
from services.db_service import DatabaseUnavailable, db_service

log = logging.getLogger(__name__)

LOCK = (7422, 2)
"""Held by the worker that looks at the schedule, until the end of its transaction."""


@dataclass(frozen=True)
class Routine:
    """Work that comes again.

    Attributes:
        kind: The workflow.
        title: What it does, for people.
        queue: Its runs are done one after the other. No service has such a name.
        every: The time from one asking to the next, at the least.
        wanted: Whether there may be anything to do.
    """

    kind: str
    title: str
    queue: str
    every: timedelta
    wanted: Callable[[Session], bool]


def _always(_session: Session) -> bool:
    return True


ROUTINES = (
    Routine("health_check", "Ask for every service", "jarvis:health", timedelta(seconds=10), health.wanted),
    Routine("dns_sync", "Look up the names", "jarvis:dns", timedelta(seconds=30), dnssync.wanted),
    Routine(
        "certificates",
        "Look after certificates",
        certificates.QUEUE,
        timedelta(seconds=60),
        certificates.wanted,
    ),
    Routine("cleanup", "Clean up", cleanup.QUEUE, timedelta(hours=1), _always),
)
"""A new one is one line here, and its workflow."""


def tick(now: datetime | None = None) -> list[str]:
    """Ask for what is due; call it every few seconds. It never raises: what failed is tried at the next call.

    Args:
        now: The time; that of the database when missing.

    Returns:
        The kinds that were asked for.
    """
    gone: list[str] = []
    try:
        with db_service.get_session() as session:
            mine = _mine(session)
            asked = [one.kind for one in _due(session, now)] if mine else []
            gone += cron.due(session, now or session.scalars(select(func.now())).one()) if mine else []
            for one in ROUTINES:
                if one.kind in asked:
                    gone += routine.ask(session, one.kind, title=one.title, queue=one.queue)[1]
        routine.forget(gone)
    except (JarvisError, DatabaseUnavailable) as error:
        log.warning("Routine work could not be asked for: %s", error)
        return []
    return asked


def _mine(session: Session) -> bool:
    """Did this worker get the lock?"""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(*LOCK))))


def _due(session: Session, now: datetime | None) -> list[Routine]:
    moment = now or session.scalars(select(func.now())).one()
    return [one for one in ROUTINES if _is_due(session, one, moment) and one.wanted(session)]


def _is_due(session: Session, one: Routine, moment: datetime) -> bool:
    before = routine.last(session, one.kind)
    return before is None or (before.status in FINAL and before.created_at + one.every <= moment)
