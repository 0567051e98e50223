"""How long a service will not answer while it is replaced, and why. Each runtime says it for itself. Pure."""

from collections.abc import Callable
from typing import Any, NamedTuple

from jarvis.deployments.docker import copies
from jarvis.deployments.programs import clash
from jarvis.runtimes.compose import groups
from jarvis.settings.service import read

Json = dict[str, Any]


class Downtime(NamedTuple):
    """What is to be expected.

    Attributes:
        seconds: About so many; None where nobody can say.
        why: In a sentence.
    """

    seconds: float | None
    why: str


Reasons = Callable[[Json, Json], list[str]]
"""From the configurations of what comes and of what runs now: why something has to be stopped for it."""

BESIDE = "The new version starts beside the one that runs; the switch is one rename."
FIRST = "Nothing runs yet, so nothing stops."
STATIC = "Pages are switched by one rename."


def _process(new: Json, now: Json) -> list[str]:
    why = clash.reason(read(new.get("settings")), now.get("fixed_ports") or ())
    return [why] if why else []


def _container(new: Json, _now: Json) -> list[str]:
    why = copies.needs_stop_first(read(new.get("settings")), new.get("plan") or {})
    return [why] if why else []


def _compose(new: Json, now: Json) -> list[str]:
    return groups.downtime(new.get("stack") or {}, now.get("stack") or {})


REASONS: dict[str, Reasons] = {
    "process": _process,
    "container": _container,
    "compose": _compose,
    "swarm": _container,
}
"""By the name of the runtime. Who adds a runtime adds a line; without one nothing is promised."""


def expected(new: Json, now: Json | None) -> Downtime:
    """What to expect when `new` takes the place of `now`.

    Args:
        new: The configuration of what comes.
        now: Of what runs; None where nothing does.
    """
    if now is None:
        return Downtime(0.0, FIRST)
    runtime = str(new.get("runtime") or "static")
    if runtime == "static":
        return Downtime(0.0, STATIC)
    if runtime not in REASONS:
        return Downtime(None, f"Nobody has said how “{runtime}” is replaced.")
    reasons = REASONS[runtime](new, now)
    if not reasons:
        return Downtime(0.0, BESIDE)
    if runtime == "compose":  # of several services some go on
        return Downtime(None, " ".join(reasons))
    return Downtime(None, "The version that runs is ended first: " + "; ".join(reasons).rstrip(".") + ".")
