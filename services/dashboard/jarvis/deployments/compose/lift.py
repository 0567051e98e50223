"""Let the containers of a stack run, whether it is new or an older one that is gone back to."""

import json
from collections.abc import Callable, Collection
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from jarvis.deployments import settings
from jarvis.deployments.compose import allowed
from jarvis.deployments.compose.assembly import COPIES
from jarvis.deployments.programs.program import home
from jarvis.errors import Forbidden, NotProven, Unavailable
from jarvis.private import write_private
from jarvis.runtimes.compose import groups, member, override, read, stack
from jarvis.runtimes.compose.override import FRESH, KEPT, Names
from jarvis.runtimes.compose.stack import Stack
from jarvis.runtimes.compose.up import up
from jarvis.runtimes.docker import container, engine, network, volume

Json = dict[str, Any]
Say = Callable[[str], None]

HOLDERS = 16
"""Addresses at the end of the network that are for public services; docker-compose gives the first ones."""


def folder_of(service: str, release: str) -> Path:
    """Where a release of a stack lies."""
    return home().apps / service / release


def release_of(facts: Json) -> str:
    """The deployment whose release this one runs: its own, or the one it goes back to."""
    return str(facts["configuration"].get("release") or facts["deployment_id"])


def stack_of(facts: Json) -> Stack:
    """The release of this deployment.

    Raises:
        NotProven: It is not there.
    """
    found = stack.read(folder_of(facts["service"], release_of(facts)))
    if found is None:
        raise NotProven(
            "The release of this deployment is not there or not whole.",
            "Deploy it again: the artifact is still kept.",
        )
    return found


def lift(facts: Json, *, say: Say) -> Names:
    """Let all its containers run: first what is kept, one after the other, then what is new.

    Args:
        facts: Of the deployment.
        say: Is told what happens.

    Raises:
        Forbidden: It needs what is not allowed any more.
        NotProven: A service does not become well.
        JarvisError: The work was called off, or Docker does not answer.
    """
    made, patience = stack_of(facts), settings.of(facts).health.patience
    lost = sorted(set(made.uses) - set(allowed.now(made.service)))
    if lost:
        raise Forbidden(
            f"This version needs what is not allowed any more: {', '.join(lost)}.",
            f"An administrator can allow it: jarvis allow {made.service} {' '.join(lost)}",
            {"permissions": lost},
        )
    before = facts.get("before")
    old = stack.read(folder_of(made.service, str(before))) if before else None
    for sentence in changes(made, old):
        say(sentence)
    names = names_of(facts, made)
    raise_kept(made, names, patience, say)
    if made.fresh:
        file = _file(made, names, FRESH)
        up(made, names, file, made.fresh, patience=patience, say=say)
    return names


def raise_kept(made: Stack, names: Names, patience: float, say: Say) -> None:
    """Let what is kept be as this release says. Only what differs is made anew, one after the other."""
    if made.kept:
        file = _file(made, names, KEPT)
        for level in override.order(made, made.kept):
            for name in level:
                up(made, names, file, [name], patience=patience, say=say)


def start_again(facts: Json) -> None:
    """Docker came back, maybe without the containers of the version that visitors get: let them run again."""
    service, previous, before = facts["service"], facts.get("previous"), facts.get("before")
    old = stack.read(folder_of(service, str(before))) if previous and before else None
    if old is not None:
        for one in member.of(service, str(previous)):
            if not one.running and one.part not in old.once:
                container.start(one.id)


def changes(made: Stack, old: Stack | None) -> list[str]:
    """What does not answer for a moment, said before it happens. Pure."""
    if old is None:
        return []
    said: list[str] = []
    for name, why in made.kept.items():
        if name not in old.kept:
            continue
        now, before = made.document["services"][name], old.document["services"][name]
        same = groups.definition(now) == groups.definition(before)
        if not same or made.images[name] != old.images[name]:
            said.append(f"{name} is stopped and started again: it changed, and {why}.")
    return said


def names_of(facts: Json, made: Stack) -> Names:
    """How all of it is called in Docker; the network and the volumes are there then.

    Raises:
        Conflict: Somebody else has a volume of that name.
        Unavailable: Docker does not answer.
    """
    service = made.service
    net = network.make(service)
    volumes = {
        name: foreign or volume.make(service, name)
        for name, foreign in override.volumes(made.document).items()
    }
    address = _address(facts, made, net.name, net.subnet)
    return Names(
        project=member.project_of(service),
        deployment=facts["deployment_id"],
        network=net.name,
        volumes=volumes,
        labels=engine.labels(service),
        addresses={made.public: address} if address else {},
        ports="ports" in made.uses,
    )


def _address(facts: Json, made: Stack, name: str, subnet: IPv4Network) -> str:
    """The address of the public service: the one that it has, else a free one at the end of the range."""
    mode = str(made.document["services"][made.public].get("network_mode") or "")
    if mode in {"host", "none"} or mode.startswith("service:"):
        return ""
    for one in member.of(made.service, facts["deployment_id"]):
        if one.part == made.public and (found := member.seen(one)) is not None and found.address:
            return found.address
    used = set(member.taken(name))
    used |= {state.address for one in member.listed(made.service) if (state := member.seen(one)) is not None}
    for address in list(subnet.hosts())[: -HOLDERS - 1 : -1]:
        if str(address) not in used:
            return str(address)
    raise Unavailable(f"The network {name} has no free address.", "Try again when older versions have ended.")


def _file(made: Stack, names: Names, group: str) -> Path:
    """Write the file that is run; it holds secrets."""
    document = override.kept(made, names) if group == KEPT else override.fresh(made, names)
    return written(made, names, group, document)


def written(made: Stack, names: Names, name: str, document: Json) -> Path:
    """Write a compose file of a deployment; it holds secrets."""
    file = folder_of(made.service, made.release) / f"{name}-{names.deployment[:8]}.json"
    write_private(file, json.dumps(read.escaped(document)))
    return file


def copies_of(service: str) -> Path:
    """Where the files lie that the containers of a service see."""
    return home().apps / service / COPIES


def kept_beyond(service: str, wanted: Collection[str]) -> list[member.Member]:
    """Containers that the service kept and that no release wants any more."""
    return [one for one in member.listed(service) if one.group == KEPT and one.part not in wanted]
