"""After Docker was away: a repair of each service whose containers did not come back with it.

Docker starts what ran when it was restarted in good order; when it was killed, it often does not. The health
check would see that, too, but only at its next look at the service.
"""

import logging

from jarvis.deployments import way
from jarvis.deployments.upkeep import repair, routine
from jarvis.workflows import ledger

log = logging.getLogger(__name__)

OF_DOCKER = frozenset({"container", "compose"})


def revive() -> list[str]:
    """Ask for the repairs, each in the line of its service; returns the names."""
    asked: list[str] = []
    for row in ledger.patiently(repair.running):
        if row["configuration"]["runtime"] not in OF_DOCKER or not (why := way.of(row).wrong(row, 0)):
            continue
        name = str(row["service"])
        log.info("Docker is back, and %s is not: %s", name, why)
        _, gone = ledger.patiently(lambda session, name=name: repair.ask(session, name, routine.BY))
        with routine.patient():
            routine.forget(gone)
        asked.append(name)
    return asked
