"""Commands of services that run at their times: what is due is asked for, one run of a job at a time.

A run that was missed (Jarvis was down, or the one before took too long) is made up for once, not once for
each time that passed.
"""

import logging
import shlex
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.deployments import command
from jarvis.engine.terms import life_id
from jarvis.errors import JarvisError
from jarvis.settings.cron import next_after
from jarvis.settings.service import Cron, read
from jarvis.workflows.ledger import FINAL
from models import Deployment, Service, Workflow

log = logging.getLogger(__name__)

BY = "schedule"
WHEN = "when"
"""In the metadata of a run: the moment at which it was due."""
KEPT = 50
"""Runs of one job whose story is kept."""


def due(session: Session, moment: datetime) -> list[str]:
    """Ask for every run whose time has come, in the caller's transaction; the caller is the only one.

    Args:
        session: The transaction.
        moment: Now.

    Returns:
        The engine's ids of old runs whose rows are deleted: to be forgotten after the commit.
    """
    gone: list[str] = []
    for service, since, job in _jobs(session):
        last = session.scalars(_runs(service, job.name).limit(1)).first()
        if last is not None and last.status not in FINAL:
            continue
        if next_after(job.schedule, max(since, _when(last)) if last else since) > moment:
            continue
        try:
            with session.begin_nested():
                asked = command.ask(session, service, shlex.split(job.command), by=BY, cron=job.name)
                asked.workflow_metadata = {**asked.workflow_metadata, WHEN: moment.isoformat()}
        except JarvisError as error:
            log.warning("%s of %s is not run: %s", job.name, service, error.message)
            continue
        for old in session.scalars(_runs(service, job.name).offset(KEPT)):
            gone += [life_id(str(old.id), life) for life in range(1, old.life + 1)]
            session.delete(old)
    return gone


def _when(run: Workflow) -> datetime:
    """The moment for which it was asked, by the clock that decided so."""
    said = run.workflow_metadata.get(WHEN)
    return datetime.fromisoformat(said) if said else run.created_at


def _jobs(session: Session) -> Iterator[tuple[str, datetime, Cron]]:
    """Those of services that run, with the time since which they count."""
    settings: Any = Deployment.configuration["settings"]
    query = (
        select(Service.name, Deployment.deployed_at, settings)
        .join(Deployment, Deployment.id == Service.deployment_id)
        .where(settings.has_key("cron"), Deployment.deployed_at.is_not(None))
    )
    for name, since, members in session.execute(query):
        if since is None:
            continue
        for job in read(members).cron:
            yield name, since, job


def _runs(service: str, job: str) -> Any:
    return (
        select(Workflow)
        .where(
            Workflow.workflow_type == command.KIND,
            Workflow.service == service,
            Workflow.workflow_metadata["cron"].astext == job,
        )
        .order_by(Workflow.created_at.desc())
    )
