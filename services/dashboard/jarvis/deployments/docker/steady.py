"""Whether containers that were started stay up and listen, and where."""

import time
from dataclasses import dataclass, field
from typing import Any

from jarvis import control, telling
from jarvis.deployments import answering, settings
from jarvis.deployments.docker import copies
from jarvis.errors import DeployFailed
from jarvis.runtimes import memory
from jarvis.runtimes.docker import check, listen, state
from jarvis.runtimes.docker.image import Image
from jarvis.runtimes.docker.state import State
from jarvis.runtimes.shim import side

Json = dict[str, Any]

STEADY = 0.4
"""Seconds for which all copies must have listened without a restart before visitors get them."""
LOOK_EVERY = 0.05
TABLES_EVERY = 0.25
"""Seconds between two looks into the tables of the kernel. They cost up to 0.05 s of a processor, which the
program needs itself to begin."""
RESTARTS = 3
"""So often one may end before it is given up."""
UNSURE = 1.0
"""Seconds for which it is waited that it listens where it was told to, when it listens elsewhere."""
SHUT_IN = 10.0
"""Seconds after which one that listens for itself alone is believed to do so for ever."""
LAST, SEARCHED = 20, 60
"""Lines of its log that an error carries, and those among which its reason is looked for."""


def wait(facts: Json, found: Image, states: list[State], began: float) -> int:
    """Wait until all copies have listened for a while without a restart; returns their port.

    Args:
        facts: Of the deployment.
        found: Its image.
        states: Its copies, as they were when they were started.
        began: When that was, by the monotonic clock.

    Raises:
        DeployFailed: One ends, or does not listen.
        JarvisError: The work was called off, or Docker does not answer.
    """
    patience, aim = settings.of(facts).health.patience, _aim(facts, found)
    since: float | None = None
    ears = {one.id: _Ear(aim) for one in states}
    runs: dict[str, str] = {one.id: one.started_at for one in states}
    endings: dict[str, str] = {}
    while True:
        now = time.monotonic()
        ports: set[int] = set()
        for before in states:
            one = state.status(before.id)
            if one is None:
                raise sick(before, "is gone right after it was started")
            if not one.running:
                endings[one.id] = one.ending
            # How it ended is seen between two runs only: a busy machine may miss that a few times.
            if one.restarts > RESTARTS and (one.id in endings or one.restarts > 2 * RESTARTS):
                raise sick(one, f"{endings.get(one.id, 'ended')}, {one.restarts} times")
            if one.started_at != runs[one.id]:
                since, runs[one.id] = None, one.started_at
                ears[one.id] = _Ear(aim)
            ports.add(ears[one.id].port(one, now) if one.running else 0)
        if len(ports) == 1 and 0 not in ports:
            since = since or now
            if now - since >= STEADY:
                return ports.pop()
        else:
            since = None
        if now - began > patience:
            port = f" port {aim.told}" if aim.only else " any port"
            ended = next(iter(endings.values()), f"does not listen on{port} after {patience:g} seconds")
            raise sick(states[0], ended)
        control.check()
        time.sleep(LOOK_EVERY)


@dataclass(frozen=True)
class _Aim:
    """Where it is to listen.

    Attributes:
        told: The port that it was told.
        only: No other will do.
        said: What its image says.
    """

    told: int
    only: bool
    said: tuple[int, ...]


def _aim(facts: Json, found: Image) -> _Aim:
    return _Aim(copies.told(facts, found), bool(settings.of(facts).port), found.ports)


@dataclass
class _Ear:
    """Finds out where one run of a copy listens.

    Attributes:
        aim: Where it is to listen.
        other: Where it listens instead.
        first: When it was first seen to listen anywhere.
        looked: When the tables of the kernel were looked at last.
    """

    aim: _Aim
    other: int = 0
    first: float = 0.0
    looked: float = field(default=float("-inf"))

    def port(self, one: State, now: float) -> int:
        """The port on which it takes connections; 0 while it does not."""
        aim = self.aim
        if aim.told and listen.accepts(one.address, aim.told):
            return aim.told
        if self.other:
            return self.other if listen.accepts(one.address, self.other) else 0
        if now - self.looked < TABLES_EVERY:
            return 0
        self.looked = now
        seen = listen.ports(one)
        if seen is None:  # then all that can be done is to try
            tried = () if aim.only else aim.said
            return next((port for port in tried if listen.accepts(one.address, port)), 0)
        if aim.told in seen.reached or not (seen.reached or seen.inside):
            return 0
        self.first = self.first or now
        waited = now - self.first
        if seen.inside and not seen.reached and waited > SHUT_IN:
            raise _shut_in(one, min(seen.inside))
        port = next((port for port in aim.said if port in seen.reached), side.main(seen.reached))
        unsure = side.WAIT if port in side.PORTS and port not in aim.said else UNSURE
        if aim.only or not seen.reached or waited < unsure:
            return 0
        if listen.accepts(one.address, port):
            self.other = port
        return self.other


def _shut_in(one: State, port: int) -> DeployFailed:
    return DeployFailed(
        f"The program listens on 127.0.0.1:{port}, where only its own container reaches it.",
        "Let it listen on 0.0.0.0: many programs take --host 0.0.0.0 or HOST=0.0.0.0.",
        {"output": state.logs(one.id, LAST), "port": port},
    )


def healthy(facts: Json, found: Image, states: list[State], began: float) -> None:
    """Wait until it is as its image says one sees that it is well; asked here, since Docker waits for long.

    Raises:
        DeployFailed: It is not well.
        JarvisError: The work was called off, or Docker does not answer.
    """
    wanted = settings.of(facts).health
    if not found.health or wanted.path:
        return
    for one in states:
        while wrong := check.run(one.id, found.health):
            now = state.status(one.id)
            if now is None or not now.running:
                raise sick(one, now.ending if now else "is gone right after it was started")
            if now.health == "unhealthy" or time.monotonic() - began > wanted.patience:
                words = " ".join(found.health)[:200]
                said = f" and says “{now.health_said[-200:]}”" if now.health_said else ""
                raise sick(one, f"is not well: its HEALTHCHECK ({words}) {wrong}{said}")
            control.check()
            time.sleep(answering.AGAIN)


def sick(one: State, what: str) -> DeployFailed:
    """The error of a container that is not as it should be, with the last lines that it said."""
    lines = state.logs(one.id, SEARCHED)
    why = telling.line(lines)
    said = f": {why}" if why else "."
    return DeployFailed(
        f"The container {memory.limited(what, one.memory)}{said}",
        memory.hint(what, one.memory, one.service) or answering.hint(what, why),
        {"output": lines[-LAST:], "container": one.name},
    )
