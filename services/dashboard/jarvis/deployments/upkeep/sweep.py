"""At a worker's start: delete what a crash left in the staging folder and nobody will come back to."""

import logging
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from jarvis.builds import trash
from jarvis.deployments.record import ENDED
from jarvis.home import Home
from jarvis.workflows import ledger
from models import Deployment, Workflow

log = logging.getLogger(__name__)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def sweep() -> int:
    """Delete staging folders whose deployment or workflow has ended or is unknown; returns how many."""
    staging = Home(config.settings().home).staging
    if not staging.is_dir():
        return 0
    found = {entry.name for entry in staging.iterdir() if _is_id(entry.name)}

    def work(session: Session) -> set[str]:
        ids = [UUID(name) for name in found]
        deploys = select(Deployment.id).where(Deployment.id.in_(ids), Deployment.status.not_in(ENDED))
        others = select(Workflow.id).where(Workflow.id.in_(ids), Workflow.status.not_in(ledger.FINAL))
        return {str(key) for query in (deploys, others) for key in session.scalars(query)}

    gone = found - ledger.patiently(work) if found else set[str]()
    for name in gone:
        trash.throw(staging / name, Home(config.settings().home).trash)
    if gone:
        log.info("Deleted %d staging folders of deployments that have ended", len(gone))
    return len(gone)
