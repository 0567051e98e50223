"""The compose files that are run: the project's own words, with our names, labels, networks and limits. Pure.

There are two. What is kept over deploys belongs to one project for ever; what each deploy makes anew, to a
project of that deployment. In the second, services are named after the deployment, because docker-compose
gives each container the name of its service in every network: so both versions can be in the shared network
at once, and none of them answers for the other. In the network of their own they have their usual names.
"""

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from jarvis.runtimes.compose import groups
from jarvis.runtimes.compose.rules import items, part
from jarvis.runtimes.compose.stack import Stack

Json = dict[str, Any]

PART, GROUP = "jarvis.stack", "jarvis.group"
"""Labels: which service of the file a container is, and whether it is kept."""
KEPT, FRESH, ONCE = "kept", "fresh", "once"
SHARED, OWN, FOREIGN_NETWORK = "shared", "own", "foreign-"
OURS = ("build", "container_name", "depends_on", "develop", "labels", "links", "logging", "network_mode",
        "networks", "ports", "profiles", "pull_policy", "image")  # fmt: skip
"""What is never taken over as it stands."""
LOGGING: Json = {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}}
FOREIGN = ("jarvis.", "com.docker.compose.")
"""How the names of labels begin that only we and docker-compose may give."""


@dataclass(frozen=True)
class Names:
    """How things are called in Docker.

    Attributes:
        project: Of what is kept.
        deployment: The deployment that runs.
        network: The one that all of the service share; it is there.
        volumes: Volume in the file → volume in Docker; they are there.
        labels: Of everything that we make for the service.
        addresses: Service → its fixed address in the shared network.
        ports: Whether ports of the machine lead into containers.
    """

    project: str
    deployment: str
    network: str
    volumes: Mapping[str, str]
    labels: Mapping[str, str]
    addresses: Mapping[str, str] = field(default_factory=dict[str, str])
    ports: bool = False

    @property
    def fresh(self) -> str:
        """The project of the deployment."""
        return f"{self.project}-{self.deployment[:8]}"


def kept(stack: Stack, names: Names) -> Json:
    """The file of what stays the same. It says nothing of the deployment, or each would change it."""
    services = {name: _service(stack, names, name, KEPT) for name in sorted(stack.kept)}
    return _file(stack, names, names.project, services, own=False)


def fresh(stack: Stack, names: Names) -> Json:
    """The file of what each deploy makes anew."""
    services = {called(stack, names, name): _service(stack, names, name, FRESH) for name in stack.fresh}
    return _file(stack, names, names.fresh, services, own=_has_own(stack))


def once(stack: Stack, names: Names, words: tuple[str, ...], name: str) -> Json:
    """A file of the public service alone, for a command that runs beside it in a container `name`."""
    group = KEPT if stack.public in stack.kept else FRESH
    service = _service(stack, names, stack.public, group)
    for key in ("container_name", "healthcheck", "ports", "deploy", "scale"):
        service.pop(key, None)
    for network in part(service, "networks").values():
        for key in ("aliases", "ipv4_address"):
            network.pop(key, None)
    labels = {**names.labels, GROUP: ONCE, PART: name}
    service |= {"restart": "no", "labels": labels, "entrypoint": [], "command": list(words)}
    return _file(stack, names, names.fresh, {"once": service}, own=group == FRESH and _has_own(stack))


def called(stack: Stack, names: Names, name: str) -> str:
    """What a service is called in the file that is run."""
    return name if name in stack.kept else f"{name}-{names.deployment[:8]}"


def _has_own(stack: Stack) -> bool:
    """One service alone needs no network in which others find it, and Docker has few networks to give."""
    return len(stack.fresh) > 1


def _service(stack: Stack, names: Names, name: str, group: str) -> Json:
    raw: Json = stack.document["services"][name]
    done = {key: copy.deepcopy(value) for key, value in raw.items() if key not in OURS and value is not None}
    labels = {key: value for key, value in part(raw, "labels").items() if not str(key).startswith(FOREIGN)}
    mine = {PART: name, GROUP: group, **({"jarvis.deployment": names.deployment} if group == FRESH else {})}
    done |= {"labels": {**labels, **names.labels, **mine}, "logging": LOGGING, "pull_policy": "never"}
    done["image"] = stack.images[name]
    if not raw.get("privileged"):
        done["security_opt"] = [
            *(one for one in items(raw, "security_opt") if "no-new-privileges" not in str(one)),
            "no-new-privileges:true",
        ]
    if "restart" not in raw and not part(part(raw, "deploy"), "restart_policy"):
        done["restart"] = "no" if name in stack.once else "unless-stopped"
    if copies(raw) == 1 or name == stack.public:
        done["container_name"] = f"{names.project if group == KEPT else names.fresh}-{name}"
        done.pop("scale", None)
        part(done, "deploy").pop("replicas", None)
    if names.ports and raw.get("ports"):
        done["ports"] = [one for one in items(raw, "ports") if not _is_routed(stack, name, one)]
    done |= _networks(stack, names, name, group)
    return done


def _is_routed(stack: Stack, name: str, port: Json) -> bool:
    return name == stack.public and port.get("target") == stack.port


def copies(raw: Json) -> int:
    """How many containers of a service the file wants."""
    return int(raw.get("scale") or part(raw, "deploy").get("replicas") or 1)


def _networks(stack: Stack, names: Names, name: str, group: str) -> Json:
    raw: Json = stack.document["services"][name]
    mode = str(raw.get("network_mode") or "")
    if mode.startswith("service:"):
        return {"network_mode": f"service:{called(stack, names, mode.removeprefix('service:'))}"}
    if mode in {"none", "host"}:
        return {"network_mode": mode}
    known = {"aliases": sorted({name, *_aliases(stack.document, name)})}
    address = {"ipv4_address": names.addresses[name]} if name in names.addresses else {}
    joined = [one for one in _foreign(stack.document) if one in part(raw, "networks")]
    others: Json = {f"{FOREIGN_NETWORK}{one}": {"aliases": [name]} for one in joined}
    if group == KEPT:
        return {"networks": {SHARED: {**known, **address}, **others}}
    if not _has_own(stack):
        return {"networks": {SHARED: address, **others}}
    joins = {SHARED: address} if stack.kept or address else {}
    return {"networks": {OWN: known, **joins, **others}}


def _foreign(document: Json) -> dict[str, str]:
    """Networks of the file that the service did not make: name in the file → name in Docker."""
    known = part(document, "networks")
    return {name: str(raw.get("name") or name) for name, raw in known.items() if raw and raw.get("external")}


def _aliases(document: Json, name: str) -> Collection[str]:
    """Other names by which services of the stack call it."""
    services = part(document, "services")
    found = {
        str(alias)
        for one in part(services[name], "networks").values()
        for alias in items(one or {}, "aliases")
    }
    for raw in services.values():
        for link in items(raw, "links"):
            target, colon, alias = str(link).partition(":")
            if target == name and colon:
                found.add(alias)
    return found


def _file(stack: Stack, names: Names, project: str, services: Json, *, own: bool) -> Json:
    document = stack.document
    networks: Json = {SHARED: {"name": names.network, "external": True}}
    networks |= {
        f"{FOREIGN_NETWORK}{name}": {"name": called_, "external": True}
        for name, called_ in _foreign(document).items()
    }
    if own:
        labels = {**names.labels, "jarvis.deployment": names.deployment, GROUP: FRESH}
        networks[OWN] = {"name": names.fresh, "labels": labels}
    used = {
        str(mount["source"])
        for raw in services.values()
        for mount in items(raw, "volumes")
        if mount.get("type") == "volume" and mount.get("source")
    }
    return {
        "name": project,
        "services": services,
        "networks": networks,
        "volumes": {name: {"name": names.volumes[name], "external": True} for name in sorted(used)},
        **{
            kind: copy.deepcopy(part(document, kind))
            for kind in ("configs", "secrets")
            if part(document, kind)
        },
    }


def volumes(document: Json) -> dict[str, str]:
    """The volumes of a stack: name in the file → name in Docker of one that is not ours; empty for ours."""
    known = part(document, "volumes")
    used = {
        str(mount["source"])
        for raw in part(document, "services").values()
        for mount in items(raw, "volumes")
        if mount.get("type") == "volume" and mount.get("source")
    }
    foreign = {
        name: str(raw.get("name") or name) for name, raw in known.items() if raw and raw.get("external")
    }
    return {name: foreign.get(name, "") for name in sorted(used)}


def notes(stack: Stack, *, ports: bool) -> list[str]:
    """What of the file is done otherwise than it says, for people."""
    said: list[str] = []
    for name, raw in sorted(part(stack.document, "services").items()):
        for port in items(raw, "ports"):
            if not _is_routed(stack, name, port) and not ports and port.get("published"):
                shown = f"{port['published']}/{port.get('protocol', 'tcp')}"
                said.append(
                    f"{name}: the port {shown} of this machine does not lead to it; within the stack it is "
                    f"reached at {name}:{port['target']}. An administrator can allow it: jarvis allow "
                    f"{stack.service} ports"
                )
        if name == stack.public and copies(raw) > 1:
            said.append(f"{name}: one container of it runs, not {copies(raw)}, since visitors reach it.")
        logging = part(raw, "logging").get("driver")
        if logging and logging != "json-file":
            said.append(
                f"{name}: its log stays on this machine, where jarvis logs finds it, not in {logging}."
            )
    apart = sorted(
        name
        for name in part(stack.document, "networks")
        if name not in {"default", *_foreign(stack.document)}
    )
    if len(apart) > 1:
        said.append(f"The networks {', '.join(apart)} are one here: all services of the stack share it.")
    return said


def order(stack: Stack, names: Collection[str]) -> list[list[str]]:
    """As `groups.levels`, for the services of one file."""
    return groups.levels(stack.document, names)
