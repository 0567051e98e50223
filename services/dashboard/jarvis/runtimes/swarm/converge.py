"""Whether the swarm has come to what was asked of it: all copies run, and go on running."""

import time
from collections.abc import Sequence
from typing import Any

from jarvis import control, telling
from jarvis.errors import DeployFailed
from jarvis.runtimes.swarm import service, tasks
from jarvis.runtimes.swarm.logs import last_lines
from jarvis.runtimes.swarm.nodes import Node
from jarvis.runtimes.swarm.service import Service
from jarvis.runtimes.swarm.tasks import FETCHES, Task

Json = dict[str, Any]

STEADY = 1.0
"""Seconds for which the same copies must have run before they count."""
LOOK_EVERY = 0.2
RESTARTS = 2
"""So often a copy may end before it is given up."""
NOWHERE = 5.0
"""Seconds after which a copy that finds no machine is believed to find none."""
FETCH_WITHIN = 900.0
"""Seconds for which machines may fetch the image; its start counts from then."""
LAST = 20
"""Lines of its log that an error carries."""
TAKEN_BACK = frozenset({"rollback_started", "rollback_completed", "rollback_paused", "paused"})
"""How a change in place went that Swarm gave up."""
GOES_ON = frozenset({"updating", "rollback_started"})
"""While it changes a service in place."""


def wait(key: str, nodes: Sequence[Node], *, patience: float, since: float = 0.0) -> list[Task]:
    """Wait until all copies run and stay; returns them.

    Args:
        key: The service in the swarm.
        nodes: Its machines, for their names.
        patience: Seconds from its start until it must run. To fetch the image takes none of them.
        since: Copies that ended before this moment (seconds since 1970) are not counted.

    Raises:
        DeployFailed: One ends again and again, finds no machine, or Swarm took a change back.
        JarvisError: The work was called off, or Docker does not answer.
    """
    began = fetched = time.monotonic()
    steady: tuple[frozenset[str], float] = (frozenset(), 0.0)
    before = service.find(key)  # a change of earlier days that was taken back says nothing of now
    past = before.changed_at if before is not None and before.update in TAKEN_BACK - GOES_ON else None
    while True:
        now = time.monotonic()
        one = service.find(key)
        if one is None:
            raise DeployFailed("The service is gone from the swarm.", "Somebody removed it: deploy it again.")
        there = tasks.of(one.id)
        if one.update in TAKEN_BACK - GOES_ON and one.changed_at != past:
            raise taken_back(one, there, nodes)
        ups = frozenset(task.id for task in there if task.runs)
        if len(ups) == one.replicas and one.update not in GOES_ON:
            steady = steady if steady[0] == ups else (ups, now)
            if now - steady[1] >= STEADY:
                return [task for task in there if task.id in ups]
        else:
            steady = (frozenset(), 0.0)
        if any(task.state in FETCHES and task.wanted == "running" for task in there):
            fetched = now
        if one.update not in GOES_ON and (
            why := hopeless([task for task in there if task.at >= since], nodes, now - began)
        ):
            raise sick(why, there)
        if now - fetched > patience or now - began > FETCH_WITHIN + patience:
            raise sick(late(there, one.replicas, now - began), there)
        control.check()
        time.sleep(LOOK_EVERY)


def hopeless(there: Sequence[Task], nodes: Sequence[Node], seconds: float) -> str:
    """Why it will never run, as the end of a sentence about it; empty while it may. Pure.

    Args:
        there: Its copies, those that ended too.
        nodes: The machines.
        seconds: Since it was begun.
    """
    waits = [one for one in there if one.state == "pending" and one.wanted == "running" and one.error]
    if waits and seconds > NOWHERE:
        return f"finds no machine: {waits[-1].error}"
    for slot in {one.slot for one in there}:
        ended = [one for one in there if one.slot == slot and one.failed]
        if len(ended) > RESTARTS:
            name = next((node.name for node in nodes if node.id == ended[-1].node), "a machine that is gone")
            return f"{ended[-1].ending} on {name}, {len(ended)} times"
    return ""


def late(there: Sequence[Task], replicas: int, seconds: float) -> str:
    """What is missing when its time is over. Pure."""
    count = sum(one.runs for one in there)
    said = next((one.ending for one in reversed(there) if one.error or one.failed), "")
    of = f"only {count} of {replicas} copies run" if replicas > 1 else "does not run"
    return f"{of} after {seconds:.0f} seconds{f' ({said})' if said else ''}"


def sick(what: str, there: Sequence[Task]) -> DeployFailed:
    """The error of a service that is not as it should be, with what its copies said last."""
    lines, hint = last_lines(there, LAST), "The last lines of its log are with this error."
    why = telling.line(lines)
    said = f": {why}" if why else "."
    if "No such image" in what:
        hint = (
            "That machine cannot fetch the image: see there docker pull, and whether its Docker trusts the "
            "registry (insecure-registries in /etc/docker/daemon.json) and reaches its port."
        )
    elif "finds no machine" in what:
        hint = "See docker node ls, the setting placement, and the limits of memory and processors."
    errors = [f"{one.state}: {one.ending}" for one in there if one.error or one.failed]
    return DeployFailed(
        f"The service in the swarm {what.rstrip('.')}{said}", hint, {"output": lines, "tasks": errors[-10:]}
    )


def taken_back(one: Service, there: Sequence[Task], nodes: Sequence[Node]) -> DeployFailed:
    """Swarm gave a change in place up and went back."""
    failed = [task for task in there if task.failed]
    name = next((node.name for node in nodes if failed and node.id == failed[-1].node), "")
    why = f"its new copy {failed[-1].ending}{f' on {name}' if name else ''}" if failed else one.said
    done = "took the change back" if one.update.startswith("rollback") else "stopped the change half-way"
    return DeployFailed(
        f"Swarm {done}: {why.rstrip('.')}.",
        f"See docker service ps {one.name}. What ran before runs on.",
        {"output": last_lines(failed, LAST), "update": one.update, "said": one.said},
    )
