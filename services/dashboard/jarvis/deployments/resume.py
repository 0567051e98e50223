"""At a worker's start: programs that should run, run; those that nobody needs, do not.

Programs outlive Jarvis, so most of them run already. After the machine was restarted none does.
"""

import logging
import threading

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.deployments import way
from jarvis.deployments.pages import gate
from jarvis.deployments.programs import processes
from jarvis.deployments.record import ENDED
from jarvis.deployments.upkeep import repair
from jarvis.errors import JarvisError
from jarvis.workflows import ledger
from models import Deployment
from services.db_service import DatabaseUnavailable

log = logging.getLogger(__name__)


def begin() -> None:
    """Do it beside the other work: a machine with many programs takes a while."""
    threading.Thread(target=_run, name="resume", daemon=True).start()


def _run() -> None:
    try:
        gate.resume()
        resume()
    except (JarvisError, DatabaseUnavailable) as error:
        log.warning("Programs were not looked after: %s", error)


def resume() -> int:
    """Start what should run and does not; returns how many. The health check sees how they are."""
    wanted = [row for row in ledger.patiently(repair.running) if way.runs(row)]
    there = set(processes.running())
    begun = 0
    for row in wanted:
        if row["deployment_id"] in there:
            continue
        try:
            way.of(row).begin(row)
            begun += 1
        except JarvisError as error:
            log.warning("The program of %s cannot be started: %s", row["service"], error.message)
        except Exception:  # what is wrong with one program must not keep the others from running
            log.exception("The program of %s cannot be started", row["service"])
    for key in there - {row["deployment_id"] for row in wanted} - _worked_on():
        log.info("The program of deployment %s is not needed any more", key)
        processes.end(key)
    if begun:
        log.info("Started %d programs", begun)
    return begun


def _worked_on() -> set[str]:
    def work(session: Session) -> set[str]:
        query = select(Deployment.id).where(Deployment.status.not_in(ENDED))
        return {str(key) for key in session.scalars(query)}

    return ledger.patiently(work)
