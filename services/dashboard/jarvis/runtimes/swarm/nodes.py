"""The machines of the swarm, and which of them may run something."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jarvis.errors import InvalidInput
from jarvis.runtimes.docker import engine
from jarvis.runtimes.docker.engine import part
from jarvis.runtimes.swarm import rule, wire

Json = dict[str, Any]

_NOWHERE = frozenset({"", "0.0.0.0", "::", "127.0.0.1"})  # noqa: S104 - what is looked for


@dataclass(frozen=True)
class Node:
    """One machine.

    Attributes:
        id: In the swarm.
        name: Of the host.
        address: Where the others reach it.
        ready: It answers.
        active: It takes new copies.
        facts: What rules may ask for: `node.role`, `node.labels.disk` …
    """

    id: str
    name: str
    address: str
    ready: bool = True
    active: bool = True
    facts: Mapping[str, str] = field(default_factory=dict[str, str])

    def fits(self, rules: Iterable[str]) -> bool:
        """Do all rules hold for it?"""
        return rule.hold(rules, self.facts)


def listed() -> list[Node]:
    """All of them, by name.

    Raises:
        InvalidInput: This Docker manages no swarm.
        Unavailable: It does not answer.
    """
    with wire.asked("list the nodes of its swarm"):
        rows: list[Json] = wire.send("GET", "/nodes")
    return sorted((read(row) for row in rows), key=lambda one: (one.name, one.id))


def read(row: Json) -> Node:
    """A node as Docker tells of it. Pure."""
    spec, about = part(row, "Spec"), part(row, "Description")
    engine_labels, labels = part(about, "Engine", "Labels"), part(spec, "Labels")
    platform = part(about, "Platform")
    facts = {
        "node.id": str(row["ID"]),
        "node.hostname": str(about.get("Hostname") or ""),
        "node.role": str(spec.get("Role") or ""),
        "node.platform.os": str(platform.get("OS") or ""),
        "node.platform.arch": str(platform.get("Architecture") or ""),
        **{f"node.labels.{name}": str(value) for name, value in labels.items()},
        **{f"engine.labels.{name}": str(value) for name, value in engine_labels.items()},
    }
    address = str(part(row, "Status").get("Addr") or "")
    if address in _NOWHERE:  # a manager that was not told which of its addresses is meant
        address = str(part(row, "ManagerStatus").get("Addr") or address).rpartition(":")[0] or address
    return Node(
        id=facts["node.id"],
        name=facts["node.hostname"],
        address=address.strip("[]"),
        ready=part(row, "Status").get("State") == "ready",
        active=spec.get("Availability", "active") == "active",
        facts=facts,
    )


def manages() -> bool:
    """Does the Docker of this machine manage a swarm?

    Raises:
        Unavailable: It does not answer.
    """
    with engine.asked("tell of itself"):
        return bool(part(engine.api().info(), "Swarm").get("ControlAvailable"))


def myself() -> Node:
    """The machine whose Docker we ask.

    Raises:
        InvalidInput: It manages no swarm.
        Unavailable: It does not answer.
    """
    with engine.asked("tell of itself"):
        key = part(engine.api().info(), "Swarm").get("NodeID")
    found = next((one for one in listed() if one.id == key), None)
    if found is None:
        raise InvalidInput(wire.NO_MANAGER, wire.MAKE_ONE)
    return found


def fitting(rules: Iterable[str], there: Iterable[Node]) -> list[Node]:
    """Those that answer, take copies and fit all rules. Pure.

    Raises:
        InvalidInput: None does.
    """
    wanted, known = list(rules), list(there)
    found = [one for one in known if one.fits(wanted) and one.ready and one.active]
    if found:
        return found
    asleep = [one.name for one in known if one.fits(wanted)]
    if asleep:
        raise InvalidInput(
            f"No machine of the swarm that fits takes copies now: {', '.join(asleep)}.",
            "See docker node ls; docker node update --availability active NODE lets one take them again.",
            {"nodes": asleep},
        )
    raise InvalidInput(
        f"No machine of the swarm fits {' and '.join(wanted)}.",
        "Label one: docker node update --label-add NAME=VALUE NODE. Or change the setting placement.",
        {"field": "placement", "nodes": [one.name for one in known]},
    )
