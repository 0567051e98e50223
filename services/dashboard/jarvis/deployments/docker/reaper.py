"""Looks after containers beside the other work: copies what they say, and removes those that nobody needs.

A version that was replaced keeps its containers while its keeper lets requests end. Whoever switched may be
dead by then, so it is not he who removes them: every worker looks now and again, and at its start.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from jarvis.builds.image.remove import prune
from jarvis.deployments.cluster import fleet
from jarvis.deployments.compose import ending
from jarvis.deployments.docker import over
from jarvis.deployments.programs.program import home
from jarvis.errors import JarvisError
from jarvis.runtimes import process
from jarvis.runtimes.docker import container, engine, image, state
from jarvis.runtimes.docker import follow as follower
from jarvis.runtimes.docker.state import Brief
from services.db_service import DatabaseUnavailable

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0
IMAGES_EVERY = 600.0
_SOON = threading.Event()


def begin(back: Callable[[], object]) -> None:
    """Look from now on, as long as this process lives.

    Args:
        back: Is called when Docker answers again after it was away.
    """
    threading.Thread(target=_run, args=(back,), name="reaper", daemon=True).start()


def soon() -> None:
    """Look now rather than in a while."""
    _SOON.set()


def _run(back: Callable[[], object]) -> None:
    images_at, away = 0.0, False
    while True:
        try:
            if not home().owner.is_file() or not engine.address():
                pass
            elif not engine.available():
                away = True
            else:
                if away:
                    back()
                    away = False
                look()
                ending.look()
                fleet.look()
                if time.monotonic() >= images_at:
                    images_at = time.monotonic() + IMAGES_EVERY
                    images()
        except (JarvisError, DatabaseUnavailable, OSError) as error:
            away = True  # it may be back before the next look
            log.warning("Containers were not looked after: %s", error)
        except Exception:  # what is wrong with one look must not end all later ones
            log.exception("Containers were not looked after")
        _SOON.wait(LOOK_EVERY)
        _SOON.clear()


def look() -> int:
    """Copy logs, remove what nobody needs; returns how many containers were removed."""
    there = state.brief()
    follow(there)
    ended = over.deployments({one.deployment for one in there if one.number})
    gone = [one for one in there if one.number and one.deployment in ended and not _drains(one.deployment)]
    done = over.workflows({one.workflow for one in there if one.workflow})
    gone += [one for one in there if one.workflow in done]
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


def images() -> int:
    """Remove images whose release is gone, and what old builds left; returns how many."""
    releases = home().releases
    there = [one for one in image.releases() if not (releases / one[0] / one[1]).is_dir()]
    ended = over.deployments({release for _, release in there})
    gone = [one for one in there if one[1] in ended]
    for service, release in gone:
        image.remove(service, release)
    return len(gone) + prune(engine.client(), engine.owner())
