"""Looks after services of the swarm: where their copies are, what they say, and which nobody needs."""

import logging
import time
import zlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.deployments.docker import over
from jarvis.deployments.programs.program import home
from jarvis.runtimes import process
from jarvis.runtimes.docker import engine
from jarvis.runtimes.docker import follow as follower
from jarvis.runtimes.docker.follow import Source
from jarvis.runtimes.docker.state import Brief
from jarvis.runtimes.swarm import logs, nodes, service, tasks
from jarvis.runtimes.swarm.service import Service
from jarvis.runtimes.swarm.tasks import Task
from jarvis.workflows import ledger
from models import Deployment, DeploymentStatus
from models import Service as ServiceRow

log = logging.getLogger(__name__)

Json = dict[str, Any]

ASK_EVERY = 30.0
"""Seconds between two questions whether this Docker manages a swarm, while it does not."""
_asked: dict[str, float] = {}


def look() -> int:
    """Follow the copies, remove what nobody needs; returns how many services were removed."""
    if not _manages():
        return 0
    there = service.listed()
    if not there:
        return 0
    copies = [one for one in there if not one.workflow]
    follow_all(copies)
    ended = over.deployments({one.deployment for one in copies})
    gone = [one for one in copies if one.deployment in ended and not _drains(one.deployment)]
    done = over.workflows({one.workflow for one in there if one.workflow})
    gone += [one for one in there if one.workflow in done]
    for one in gone:
        service.remove(one.id)
    if gone:
        log.info("Removed %d services of the swarm that nobody needs", len(gone))
    return len(gone)


def _manages() -> bool:
    """Asked again now and then while it does not: most machines never are in a swarm."""
    place = engine.address()
    if time.monotonic() - _asked.get(place, -ASK_EVERY) < ASK_EVERY:
        return False
    if nodes.manages():
        return True
    _asked[place] = time.monotonic()
    return False


def _drains(deployment: str) -> bool:
    return process.status(home().instances, deployment) is not None


def follow(name: str, deployment: str) -> None:
    """Copy what the copies of a deployment say to where people read it."""
    for one in service.listed(name, deployment):
        if not one.workflow:
            _follow(one, tasks.of(one.id))


def follow_all(there: Sequence[Service]) -> None:
    """Tell every keeper where its copies are now, and copy what they say."""
    found = tasks.of(*(one.id for one in there))
    machines = nodes.listed()
    ports = _ports([one.deployment for one in there])
    for one in there:
        mine = [task for task in found if task.service == one.id]
        port = ports.get(one.deployment, 0)
        if port and one.replicas:
            process.aim(home().instances, one.deployment, tasks.targets(mine, machines, port))
        _follow(one, mine)


def _follow(one: Service, there: Sequence[Task]) -> None:
    folder = process.folder_of(home().instances, one.deployment)
    for task in there:
        if task.container:
            number = zlib.crc32(task.id.encode())
            brief = Brief(id=task.id, deployment=one.deployment, number=number, running=task.runs)
            follower.begin(brief, folder, f"{task.slot} | " if one.wanted > 1 else "", _SOURCE)


def _running(key: str) -> bool | None:
    return None if logs.is_over(key) else False


_SOURCE = Source(logs.lines, _running)


def _ports(keys: Sequence[str]) -> dict[str, int]:
    """Where the copies of these deployments were seen to listen."""

    def work(session: Session) -> dict[str, int]:
        query = select(Deployment.id, Deployment.configuration["port"]).where(
            Deployment.id.in_([UUID(key) for key in keys])
        )
        return {str(key): int(port or 0) for key, port in session.execute(query)}

    return ledger.patiently(work) if keys else {}


def is_needed(service: str = "", deployment: str = "") -> bool:
    """Does anything run in the swarm, or is it to, or can be gone back to?

    Args:
        service: All but what is of this service.
        deployment: All but this deployment.
    """

    def work(session: Session) -> bool:
        query = (
            select(Deployment.id)
            .join(ServiceRow, ServiceRow.name == Deployment.service_name)
            .where(
                Deployment.service_name != service,
                Deployment.configuration["runtime"].astext == "swarm",
                Deployment.status.not_in((DeploymentStatus.FAILED, DeploymentStatus.REMOVED)),
            )
        )
        if deployment:
            query = query.where(Deployment.id != UUID(deployment))
        return session.scalars(query.limit(1)).first() is not None

    return ledger.patiently(work)


def restarted(name: str, deployment: str, since: float) -> str:
    """Which copy ended by itself since then (seconds since 1970); empty when none did."""
    for one in service.listed(name, deployment):
        for task in tasks.of(one.id):
            if task.failed and task.at > since:
                return f"its copy {task.slot} ended by itself ({task.ending}) and was started again"
    return ""
