"""A deployment in the swarm as its settings want it: where it may run, what it gets, where it listens."""

import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from jarvis import control
from jarvis.deployments import settings
from jarvis.deployments.cluster import registered
from jarvis.deployments.docker import copies
from jarvis.errors import InvalidInput
from jarvis.runtimes.docker import engine, image
from jarvis.runtimes.docker.image import Image
from jarvis.runtimes.docker.volume import named
from jarvis.runtimes.swarm import converge, network, nodes, service, tasks
from jarvis.runtimes.swarm.service import Spec
from jarvis.runtimes.swarm.tasks import Task
from jarvis.settings.service import ServiceSettings

Json = dict[str, Any]

SKEW = 5
"""Seconds by which the clocks of machines may differ."""
CONNECT_WITHIN = 2.0
LOOK_EVERY = 0.2
END_WITHIN = 30.0
"""Seconds for copies that were told to end."""


def spec_of(facts: Json, found: Image, reference: str, net: str) -> Spec:
    """How it is run."""
    wanted = settings.of(facts)
    return Spec(
        service=facts["service"],
        deployment=facts["deployment_id"],
        image=reference,
        network=net,
        ports=candidates(facts, found),
        replicas=wanted.replicas,
        environment=copies.environment(facts, found),
        volumes={
            engine.volume_name(facts["service"], name): path for path, name in _volumes(wanted, found).items()
        },
        limits=copies.limits_of(wanted),
        placement=wanted.placement,
        is_root=found.is_root,
        read_only=found.labels.get(image.READ_ONLY) == "true",
        checked=bool(found.health) and not wanted.health.path,
    )


def _volumes(wanted: ServiceSettings, found: Image) -> dict[str, str]:
    """Path → name, with what the image says must outlive it."""
    said = {one.path: one.name for one in wanted.volumes}
    return {**{path: named(path) for path in found.volumes if path not in said}, **said}


def candidates(facts: Json, found: Image) -> tuple[int, ...]:
    """The ports that it may listen on, the likeliest first; from afar nobody sees which it opens."""
    wanted = settings.of(facts).port
    told = copies.environment(facts, found)["PORT"]
    first = wanted or (int(told) if told.isdigit() else 0)
    ports = (first,) if wanted else (first, *found.ports)
    return tuple(dict.fromkeys(port for port in ports if port))


def check(wanted: ServiceSettings, volumes: Sequence[str] = ()) -> None:
    """Can the swarm run it?

    Args:
        wanted: The settings of the service.
        volumes: Paths that its image says must outlive it, where that is known.

    Raises:
        InvalidInput: No machine fits, or its volumes would lie on several.
        Unavailable: Docker does not answer.
    """
    fit = nodes.fitting(wanted.placement, nodes.listed())
    kept = [one.path for one in wanted.volumes] or list(volumes)
    if kept and len(fit) > 1:
        names = ", ".join(one.name for one in fit[:5])
        raise InvalidInput(
            f"What is in {kept[0]} lies on one machine, and {len(fit)} may run it: {names}.",
            f'Say which one: placement = ["node.hostname=={fit[0].name}"].',
            {"field": "placement"},
        )


def ensure(facts: Json, found: Image) -> str:
    """Let its service be there; the id. It is not waited for its copies.

    Raises:
        JarvisError: The registry has not its image, no machine fits, or Docker does not answer.
    """
    check(settings.of(facts), found.volumes)
    reference = registered.published(facts)
    net = network.make(facts["service"])
    _stop_before(facts, found)
    return service.ensure(spec_of(facts, found, reference, net), registered.place().account)


def _stop_before(facts: Json, found: Image) -> None:
    """End the copies of versions before where two must not run at once."""
    if not copies.needs_stop_first(settings.of(facts), {}, found.volumes):
        return
    others = [
        one
        for one in service.listed(facts["service"])
        if one.deployment != facts["deployment_id"] and not one.workflow
    ]
    for one in others:
        if one.replicas:
            service.scale(one, 0)
    tasks.gone([one.id for one in others], END_WITHIN)


def start_again(name: str, deployment: str) -> None:
    """Let the copies of a version run again that were stopped for a newer one."""
    for one in service.listed(name, deployment):
        if not one.workflow and one.replicas < one.wanted:
            service.scale(one, one.wanted)


def listens(facts: Json, found: Image, there: Sequence[Task], began: float) -> int:
    """The port at which all copies take connections, once they do.

    Raises:
        DeployFailed: They do not.
        JarvisError: The work was called off, or Docker does not answer.
    """
    ports, patience = candidates(facts, found), settings.of(facts).health.patience
    machines = nodes.listed()
    while True:
        for port in ports:
            places = tasks.targets(there, machines, port)
            if len(places) == len(there) and all(_accepts(place) for place in places):
                return port
        if time.monotonic() - began > patience:
            words = " or ".join(map(str, ports))
            raise converge.sick(
                f"takes no connections on port {words} after {patience} seconds; from here that is asked at "
                f"{', '.join(f'{host}:{port}' for host, port in tasks.targets(there, machines, ports[0]))}",
                there,
            )
        control.check()
        time.sleep(LOOK_EVERY)


def _accepts(place: tasks.Address) -> bool:
    with suppress(OSError), socket.create_connection(place, CONNECT_WITHIN):
        return True
    return False
