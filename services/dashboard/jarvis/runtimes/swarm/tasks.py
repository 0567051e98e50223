"""The copies of a service in the swarm: where they are, how they are, how they ended."""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jarvis import control
from jarvis.runtimes.docker.engine import part
from jarvis.runtimes.swarm import nodes, wire
from jarvis.runtimes.swarm.nodes import Node

Json = dict[str, Any]
Address = tuple[str, int]

OVER = frozenset({"complete", "shutdown", "failed", "rejected", "remove", "orphaned"})
"""States that nothing follows on."""
LOOK_EVERY = 0.2
FETCHES = frozenset({"preparing"})
"""The machine gets the image."""


@dataclass(frozen=True)
class Task:
    """One copy, or one that was.

    Attributes:
        id: In the swarm.
        service: The id of its service.
        slot: Which of the copies, from 1; it keeps that when it is started anew.
        node: The id of its machine; empty while none was found.
        state: Its state.
        wanted: The one it is to have.
        error: Why it failed, or waits.
        ended_with: The exit code; None while it runs.
        at: When it came to its state (seconds since 1970).
        ports: Port in the container → port of the machine.
        container: The id of its container on its machine; empty before there is one.
    """

    id: str
    service: str
    slot: int
    node: str
    state: str
    wanted: str
    error: str = ""
    ended_with: int | None = None
    at: float = 0.0
    ports: Mapping[int, int] = field(default_factory=dict[int, int])
    container: str = ""

    @property
    def runs(self) -> bool:
        """It runs, and is to."""
        return self.state == "running" and self.wanted == "running"

    @property
    def failed(self) -> bool:
        """It ended, or could not begin, and nobody asked for that."""
        return self.state in {"failed", "rejected"} or (self.state == "complete" and self.ended_with == 0)

    @property
    def ending(self) -> str:
        """How, as the end of a sentence."""
        if self.error.startswith("task: non-zero exit") or (not self.error and self.ended_with is not None):
            return f"ended with code {self.ended_with}"
        return self.error.removeprefix("task: ").strip() or f"is {self.state}"


def read(row: Json) -> Task:
    """A task as Docker tells of it. Pure."""
    status = part(row, "Status")
    rows: list[Json] = part(status, "PortStatus").get("Ports") or []
    code = part(status, "ContainerStatus").get("ExitCode")
    state = str(status.get("State") or "new")
    return Task(
        id=str(row["ID"]),
        service=str(row["ServiceID"]),
        slot=int(row.get("Slot") or 0),
        node=str(row.get("NodeID") or ""),
        state=state,
        wanted=str(row.get("DesiredState") or ""),
        error=str(status.get("Err") or ""),
        ended_with=int(code or 0) if state in OVER and (code is not None or state == "complete") else None,
        at=_moment(str(status.get("Timestamp") or "")),
        ports={int(one["TargetPort"]): int(one["PublishedPort"]) for one in rows if one.get("PublishedPort")},
        container=str(part(status, "ContainerStatus").get("ContainerID") or ""),
    )


def _moment(text: str) -> float:
    """RFC 3339 with nanoseconds."""
    return datetime.fromisoformat(f"{text[:19]}+00:00").timestamp() if len(text) >= 19 else 0.0


def of(*services: str) -> list[Task]:
    """All copies of these services (ids), those that ended too as far as Swarm remembers them."""
    import docker.errors

    rows: list[Json] = []
    with wire.asked("list its tasks"):
        try:
            if services:
                rows = wire.send("GET", "/tasks", filters={"service": list(services)})
        except docker.errors.NotFound:  # one of them is gone: then the others are asked one by one
            return [task for one in services for task in of(one)] if len(services) > 1 else []
    return sorted((read(row) for row in rows), key=lambda one: (one.slot, one.at, one.id))


def gone(services: Collection[str], within: float) -> bool:
    """Wait until no copy of these services (ids) runs where a machine answers, also if they were removed.

    False when they do not end.
    """
    end = time.monotonic() + within
    while True:
        with wire.asked("list its tasks"):
            rows: list[Json] = wire.send("GET", "/tasks") if services else []
        left = [one for one in map(read, rows) if one.service in services and one.state not in OVER]
        alive = {one.id for one in nodes.listed() if one.ready} if left else set[str]()
        if not any(one.node in alive for one in left):
            return True
        if time.monotonic() > end:
            return False
        control.check()
        time.sleep(LOOK_EVERY)


def targets(there: Iterable[Task], machines: Iterable[Node], port: int) -> tuple[Address, ...]:
    """Where copies take connections. Those on a machine that does not answer are left out. Pure."""
    reached = {one.id: one.address for one in machines if one.ready}
    found = [
        (reached[one.node], one.ports[port])
        for one in there
        if one.runs and one.node in reached and port in one.ports
    ]
    return tuple(sorted(found))
