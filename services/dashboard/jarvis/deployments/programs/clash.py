"""What two versions of a program cannot share: then one ends before the other begins."""

import time
from collections.abc import Sequence
from typing import Any

from jarvis import control
from jarvis.deployments import record, settings
from jarvis.deployments.programs.program import home
from jarvis.runtimes import process
from jarvis.settings.service import ServiceSettings

Json = dict[str, Any]

LOOK_EVERY = 0.05
SHORT_DRAIN = 5.0
"""Seconds that requests have to end where the new version cannot begin before: all others wait for it."""
GRACE = 15.0
"""Seconds that a program may take to end."""


def reason(wanted: ServiceSettings, fixed: Sequence[int] = ()) -> str:
    """Why the version before has to end before the new one begins; empty when both may run at once. Pure.

    Args:
        wanted: The settings of the service.
        fixed: Ports that the version before listens on, whatever it is told.
    """
    ports = [wanted.port] if wanted.port else list(fixed)
    if ports:
        return f"two versions cannot both listen on port {' and '.join(map(str, ports))}"
    names = sorted(one.path for one in wanted.volumes)
    return f"two versions must not write to {', '.join(names)} at the same time" if names else ""


def ports(facts: Json) -> list[int]:
    """Ports that the version before wants for itself: as was seen when it began, and as it is now."""
    found = set(record.taken(facts["previous"])) if facts.get("previous") else set[int]()
    for key in _others(facts):
        seen = process.status(home().instances, key)
        found.update(seen.fixed if seen is not None else ())
    return sorted(found)


def note(facts: Json) -> None:
    """Write down which ports the program wants for itself: the plan of the next deploy says so."""
    seen = process.status(home().instances, facts["deployment_id"])
    fixed = [] if seen is None or settings.of(facts).port else seen.fixed
    if fixed:
        record.takes(facts["deployment_id"], fixed)


def make_way(facts: Json) -> None:
    """End the versions before, and wait until they have ended."""
    instances = home().instances
    drain = min(settings.of(facts).drain, SHORT_DRAIN)
    others = _others(facts)
    for other in others:
        process.stop(instances, other, drain=drain)
    end = time.monotonic() + drain + GRACE
    while any(process.folder_of(instances, other).is_dir() for other in others):
        if time.monotonic() > end:
            for other in others:
                process.kill(instances, other)
        control.check()
        time.sleep(LOOK_EVERY)


def _others(facts: Json) -> list[str]:
    running = record.instances_of(facts["service"], process.running(home().instances))
    return [one for one in running if one != facts["deployment_id"]]
