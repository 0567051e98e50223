"""Which services of a stack have to stay the same over deploys, and in what order all are started. Pure.

What keeps data cannot run twice at once: it is kept, and changed in place only when its definition changed.
Everything else is made anew beside the version before.
"""

import hmac
import json
from collections.abc import Collection, Mapping
from typing import Any, cast

from jarvis.errors import InvalidInput
from jarvis.runtimes.compose.rules import items, part

Json = dict[str, Any]

UNSEEN = ("build", "container_name", "depends_on", "labels", "logging", "ports", "profiles", "networks")
"""What does not change a container of ours, or is ours to say."""


def reasons(
    document: Json, databases: Collection[str] = (), published: Collection[str] = ()
) -> dict[str, str]:
    """Name → why a service cannot run twice at once, for those that cannot; the others are not in it.

    Args:
        document: The stack.
        databases: Services whose image is known to be a database or a queue.
        published: Services that have a port of the machine.
    """
    found: dict[str, str] = {}
    for name, raw in part(document, "services").items():
        places = [
            str(mount.get("source") or mount.get("target"))
            for mount in items(raw, "volumes")
            if mount.get("type") in {"volume", "bind"} and mount.get("source") and not mount.get("read_only")
        ]
        if places:
            found[name] = f"it writes to {', '.join(sorted(set(places)))}"
        elif name in databases:
            found[name] = "it is a database"
        elif name in published:
            found[name] = "it has a port of this machine"
    waiting = sorted(found)
    while waiting:
        name = waiting.pop()
        for other in _bound(document, name):
            if other not in found:
                found[other] = f"{name} needs it"
                waiting.append(other)
        for other, raw in part(document, "services").items():
            if other not in found and raw.get("network_mode") == f"service:{name}":
                found[other] = f"it shares the network of {name}"
                waiting.append(other)
    return dict(sorted(found.items()))


def needs(document: Json, name: str) -> dict[str, str]:
    """The services that have to be there before this one: name → in what state."""
    raw = part(part(document, "services"), name)
    found = {
        other: str(cast("Json", how).get("condition") or "service_started")
        for other, how in part(raw, "depends_on").items()
    }
    for link in items(raw, "links"):
        found.setdefault(str(link).partition(":")[0], "service_started")
    mode = str(raw.get("network_mode") or "")
    if mode.startswith("service:"):
        found.setdefault(mode.removeprefix("service:"), "service_started")
    there = part(document, "services")
    return {other: how for other, how in found.items() if other in there}


def _bound(document: Json, name: str) -> list[str]:
    return list(needs(document, name))


def levels(document: Json, names: Collection[str]) -> list[list[str]]:
    """The services of `names` so that each comes after those that it needs; those together begin at once.

    Raises:
        InvalidInput: They need one another in a circle.
    """
    left: dict[str, set[str]] = {
        name: {other for other in needs(document, name) if other in names} for name in names
    }
    found: list[list[str]] = []
    while left:
        ready = sorted(name for name, waits in left.items() if not waits & left.keys())
        if not ready:
            raise InvalidInput(
                f"The services {', '.join(sorted(left))} need one another in a circle.",
                "Take one depends_on out.",
            )
        found.append(ready)
        left = {name: waits for name, waits in left.items() if name not in ready}
    return found


def once(document: Json) -> list[str]:
    """Services that run to their end and are not started again: migrations, for example."""
    services = part(document, "services")
    awaited = {
        other
        for name in services
        for other, how in needs(document, name).items()
        if how == "service_completed_successfully"
    }
    return sorted(
        name
        for name, raw in services.items()
        if name in awaited or str(raw.get("restart") or "") == "no" or _ends(part(raw, "deploy"))
    )


def _ends(deploy: Mapping[str, Any]) -> bool:
    policy = deploy.get("restart_policy")
    return isinstance(policy, dict) and cast("Json", policy).get("condition") == "none"


def definition(raw: Json) -> Json:
    """What of a service makes its container what it is, its image apart where that is built."""
    hidden = (*UNSEEN, "image") if raw.get("build") else UNSEEN
    return {key: value for key, value in raw.items() if key not in hidden and value not in (None, {}, [], "")}


def outline(document: Json, kept: Mapping[str, str], key: bytes) -> Json:
    """What a plan has to know of a stack, and may show: no values of it.

    Args:
        document: The stack, after `files.own`.
        kept: As `reasons` gave it.
        key: Makes checksums from which nobody can guess passwords.
    """
    services = part(document, "services")
    return {
        "services": sorted(services),
        "kept": {
            name: {"why": why, "mark": _mark(services[name], key), "built": bool(services[name].get("build"))}
            for name, why in sorted(kept.items())
        },
    }


def _mark(raw: Json, key: bytes) -> str:
    text = json.dumps(definition(raw), sort_keys=True)
    return hmac.new(key, text.encode(), "sha256").hexdigest()[:32]


def downtime(new: Json, now: Json) -> list[str]:
    """What does not answer for a moment in a deploy, and why: for the plan, before anything is done.

    Args:
        new: The outline of the stack that comes.
        now: Of the one that runs; empty when that is no stack.
    """
    before, coming = part(now, "kept"), part(new, "kept")
    said: list[str] = []
    for name, one in sorted(coming.items()):
        if name not in before:
            continue
        if one["mark"] != before[name]["mark"]:
            said.append(f"{name} is stopped and started again: it changed, and {one['why']}.")
        elif one["built"]:
            said.append(
                f"{name} is stopped and started again if its image comes out new, since {one['why']}."
            )
    gone = sorted(before.keys() - coming.keys())
    said += [f"{name} is ended: it is not kept any more. Its volumes stay." for name in gone]
    return said
