"""Looks after containers beside the other work: copies what they say, and removes those that nobody needs.

A version that was replaced keeps its containers while its keeper lets requests end. Whoever switched may be
dead by then, so it is not he who removes them: every worker looks now and again, and at its start.
"""

import logging
import threading
import time
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.builds.image.remove import prune
from jarvis.deployments import ending
from jarvis.deployments.program import home
from jarvis.deployments.record import ENDED
from jarvis.errors import JarvisError
from jarvis.runtimes import process
from jarvis.runtimes.docker import container, engine, image, state
from jarvis.runtimes.docker import follow as follower
from jarvis.runtimes.docker.state import Brief
from jarvis.workflows import ledger
from models import Deployment, Workflow
from services.db_service import DatabaseUnavailable

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0
IMAGES_EVERY = 600.0
_SOON = threading.Event()


def begin() -> None:
    """Look from now on, as long as this process lives."""
    threading.Thread(target=_run, name="reaper", daemon=True).start()


def soon() -> None:
    """Look now rather than in a while."""
    _SOON.set()


def _run() -> None:
    images_at = 0.0
    while True:
        try:
            if engine.available() and home().owner.is_file():
                look()
                ending.look()
                if time.monotonic() >= images_at:
                    images_at = time.monotonic() + IMAGES_EVERY
                    images()
        except (JarvisError, DatabaseUnavailable, OSError) as error:
            log.warning("Containers were not looked after: %s", error)
        except Exception:  # what is wrong with one look must not end all later ones
            log.exception("Containers were not looked after")
        _SOON.wait(LOOK_EVERY)
        _SOON.clear()


def look() -> int:
    """Copy logs, remove what nobody needs; returns how many containers were removed."""
    there = state.brief()
    follow(there)
    ended = _ended({one.deployment for one in there if one.number})
    gone = [one for one in there if one.number and one.deployment in ended and not _drains(one.deployment)]
    over = _over({one.workflow for one in there if one.workflow})
    gone += [one for one in there if one.workflow in over]
    for one in gone:
        container.stop(one.id)
        container.remove(one.id)
    if gone:
        log.info("Removed %d containers that nobody needs", len(gone))
    return len(gone)


def follow(there: Sequence[Brief]) -> None:
    """Copy what containers say to where people read it; of several copies, with the number of each."""
    many = {one.deployment for one in there if one.number > 1}
    for one in there:
        if one.number:
            prefix = f"{one.number} | " if one.deployment in many else ""
            follower.begin(one, process.folder_of(home().instances, one.deployment), prefix)


def _drains(deployment: str) -> bool:
    return process.status(home().instances, deployment) is not None


def _ended(keys: set[str]) -> set[str]:
    """Those that are known and over. What is unknown stays: the database may be an older one."""

    def work(session: Session) -> set[str]:
        query = select(Deployment.id).where(
            Deployment.id.in_([UUID(key) for key in keys]), Deployment.status.in_(ENDED)
        )
        return {str(key) for key in session.scalars(query)}

    return ledger.patiently(work) if keys else set()


def _over(keys: set[str]) -> set[str]:
    """The workflows among them that have ended: whoever ran a command for them was killed."""

    def work(session: Session) -> set[str]:
        query = select(Workflow.id).where(
            Workflow.id.in_([UUID(key) for key in keys]), Workflow.status.in_(ledger.FINAL)
        )
        return {str(key) for key in session.scalars(query)}

    return ledger.patiently(work) if keys else set()


def images() -> int:
    """Remove images whose release is gone, and what old builds left; returns how many."""
    releases = home().releases
    there = [one for one in image.releases() if not (releases / one[0] / one[1]).is_dir()]
    ended = _ended({release for _, release in there})
    gone = [one for one in there if one[1] in ended]
    for service, release in gone:
        image.remove(service, release)
    return len(gone) + prune(engine.client(), engine.owner())
