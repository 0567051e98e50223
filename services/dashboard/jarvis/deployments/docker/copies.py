"""The containers of one deployment: as many as its settings say, each at an address that it keeps."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jarvis.deployments import settings
from jarvis.deployments.variables import of_release
from jarvis.errors import NotProven, Unavailable
from jarvis.limits import Limits
from jarvis.runtimes.docker import container, engine, image, network, state, volume
from jarvis.runtimes.docker.container import AddressTaken, Spec
from jarvis.runtimes.docker.image import Image
from jarvis.runtimes.docker.network import Network
from jarvis.runtimes.docker.state import State
from jarvis.settings.service import ServiceSettings

Json = dict[str, Any]

PLAN = "jarvis.plan"
"""A label of an image: what the plan knew of it, kept where it cannot get lost without the image."""
USUAL_PORT = 8080
ANYWHERE = "0.0.0.0"  # noqa: S104 - within the container, which only the proxy's side reaches
ATTEMPTS = 10
"""So many addresses are tried where somebody is always quicker."""


def release_of(facts: Json) -> str:
    """The deployment whose image this one runs: its own, or the one it goes back to."""
    return str(facts["configuration"].get("release") or facts["deployment_id"])


def image_of(facts: Json) -> Image:
    """The image of this deployment.

    Raises:
        NotProven: It is not there.
    """
    found = image.release(facts["service"], release_of(facts))
    if found is None:
        raise NotProven(
            "The image of this deployment is not in Docker any more.",
            "Deploy it again: the artifact is still kept.",
            {"image": engine.image_tag(facts["service"], release_of(facts))},
        )
    return found


def labels_of(plan: Mapping[str, Any]) -> dict[str, str]:
    """What an image is to keep of its plan; in one label, as each of them costs a step of the build."""
    port, health = plan.get("port"), plan.get("health")
    known: Json = {
        "port": port["number"] if port else 0,
        "told": port["environment"] if port else {},
        "path": health["path"] if health else "",
    }
    return {PLAN: json.dumps(known, sort_keys=True)}


def known_of(found: Image) -> Json:
    """What the plan knew: `port`, `told` (names by which the program is told it) and `path` of its health."""
    try:
        return {"port": 0, "told": {}, "path": "", **json.loads(found.labels.get(PLAN) or "{}")}
    except ValueError:
        return {"port": 0, "told": {}, "path": ""}


def environment(facts: Json, found: Image) -> dict[str, str]:
    """What the program gets: where to listen, and its variables, which may say it otherwise."""
    known, wanted = known_of(found), settings.of(facts).port
    planned = int(known["port"])
    if found.ports and planned not in found.ports:
        planned = found.ports[0]
    port = str(wanted or planned or USUAL_PORT)
    filled = {
        name: str(text).replace("{port}", port).replace("{host}", ANYWHERE)
        for name, text in known["told"].items()
    }
    return {**filled, "PORT": port, **of_release(facts, at="run")}


def told(facts: Json, found: Image) -> int:
    """The port on which it is told to listen; 0 where its variables say something else."""
    said = settings.of(facts).port or environment(facts, found)["PORT"]
    return int(said) if str(said).isdigit() else 0


def mounts(facts: Json, found: Image) -> dict[str, str]:
    """Its volumes, made if they are not there: name in Docker → path. What the image declares is kept, too.

    Raises:
        Conflict: Somebody else has a volume of that name.
    """
    wanted = {one.path: one.name for one in settings.of(facts).volumes}
    declared = {path: volume.named(path) for path in found.volumes if path not in wanted}
    return {
        volume.make(facts["service"], name): path for path, name in sorted({**declared, **wanted}.items())
    }


def limits_of(wanted: ServiceSettings) -> Limits:
    """What one copy may take."""
    limits = wanted.limits
    return Limits(memory=limits.memory or None, pids=limits.processes or None, cpus=limits.cpus or None)


def spec_of(facts: Json, found: Image, net: Network, number: int, address: str) -> Spec:
    """How one copy is run."""
    return Spec(
        service=facts["service"],
        deployment=facts["deployment_id"],
        number=number,
        image=found.id,
        network=net.name,
        address=address,
        environment=environment(facts, found),
        volumes=mounts(facts, found),
        limits=limits_of(settings.of(facts)),
        is_root=found.is_root,
        read_only=found.labels.get(image.READ_ONLY) == "true",
    )


def needs_stop_first(wanted: ServiceSettings, plan: Mapping[str, Any], declared: tuple[str, ...] = ()) -> str:
    """Why the version before has to end before the new one begins; empty when both may run at once. Pure.

    Args:
        wanted: The settings of the service.
        plan: How it is built.
        declared: Paths that its image says must outlive it, where that is known.
    """
    if wanted.replicas > 1:  # whoever wants several copies of it knows that they share its files
        return ""
    names = [one.path for one in wanted.volumes] or list(declared)
    names = names or [one["path"] for one in plan.get("volumes") or ()]
    if not names:
        return ""
    return f"two versions must not write to {', '.join(sorted(names))} at the same time"


def ensure(facts: Json) -> list[State]:
    """Let all copies run, as far as they do not; those that are too many go. It is not waited for them.

    Raises:
        NotProven: The image is gone, or cannot be started.
        Conflict: A container or volume of that name is not ours.
        Unavailable: Docker does not answer.
    """
    found, wanted = image_of(facts), settings.of(facts)
    net = network.make(facts["service"])
    there = state.listed(facts["service"])
    mine = {one.number: one for one in there if one.deployment == facts["deployment_id"]}
    for number, one in mine.items():
        if number > wanted.replicas or one.image != found.id:
            container.remove(one.id)
    free = _stopped_before(facts, found, there)
    keys: list[str] = []
    taken = {one.address for one in there}
    for number in range(1, wanted.replicas + 1):
        one = mine.get(number)
        if one is not None and one.image == found.id:
            container.start(one.id)
            keys.append(one.id)
        else:
            keys.append(_begun(spec_of(facts, found, net, number, ""), net, free, taken))
    states = [state.status(key) for key in keys]
    return [one for one in states if one is not None]


def _stopped_before(facts: Json, found: Image, there: list[State]) -> list[str]:
    """End the copies of versions before where that has to be; returns their addresses.

    The new copies get these: whoever waits at the keeper of the version before is answered by the new one.
    """
    if not needs_stop_first(settings.of(facts), {}, found.volumes):
        return []
    others = [one for one in there if one.deployment != facts["deployment_id"] and one.number]
    for one in others:
        if one.running:
            container.stop(one.id)
    return [one.address for one in others if one.running and one.address]


def _begun(spec: Spec, net: Network, free: list[str], taken: set[str]) -> str:
    """Make one copy and start it, at an address that nobody has; that is taken from then on."""
    for _ in range(ATTEMPTS):
        address = free.pop(0) if free else net.free(taken)
        taken.add(address)
        key = container.create(replace(spec, address=address))
        try:
            container.start(key)
        except AddressTaken:
            container.remove(key)
        else:
            return key
    raise Unavailable(f"No address is free in the network {net.name}.", "Try again.")


def start_again(service: str, deployment: str) -> None:
    """Let the copies of a version run again that were stopped for a newer one."""
    for one in state.listed(service, deployment):
        if not one.running:
            container.start(one.id)


def remove(service: str, deployment: str) -> None:
    """Remove the containers of a deployment."""
    for one in state.brief(service, deployment):
        container.remove(one.id)
