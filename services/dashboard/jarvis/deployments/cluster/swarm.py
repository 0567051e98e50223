"""The steps of a deploy that runs on several machines: each deployment is a service of Docker's swarm.

Its copies lie behind a keeper on this machine, as containers do: the new version is seen to answer before
anybody visits it, and the switch, the draining and the way back are the same as everywhere. Swarm starts
copies again, moves them when a machine goes, and does changes in place new copies first.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jarvis.deployments import answering, record, settings
from jarvis.deployments.cluster import errand, fleet, registered, swarmed
from jarvis.deployments.docker import containers, copies, reaper
from jarvis.deployments.programs.program import home
from jarvis.deployments.variables import secrets_of
from jarvis.errors import NotProven
from jarvis.proxy import front
from jarvis.runtimes import process
from jarvis.runtimes.docker import engine, image
from jarvis.runtimes.process import Spec
from jarvis.runtimes.swarm import converge, network, nodes, registry, tasks
from jarvis.runtimes.swarm import service as services
from jarvis.runtimes.swarm.service import Service
from jarvis.runtimes.swarm.tasks import Task
from jarvis.workflows.redact import Redactor
from jarvis.workflows.segments import Lines

Json = dict[str, Any]


def build(facts: Json, tree: Path, plan: Mapping[str, Any]) -> Json:
    """The image, made here and given to the registry of the swarm."""
    made = containers.build(facts, tree, plan)
    redactor = Redactor(secrets_of(facts))
    with Lines(facts["workflow_id"], "build", redactor) as lines:
        at = engine.patiently(lambda: registered.published(facts, say=lines.add))
    return {**made, "said": f"{made['said']}, in the registry {at.partition('/')[0]}"}


def is_made(facts: Json) -> bool:
    """Is the image there from an earlier life?"""
    return containers.is_made(facts) and bool(registered.there(facts))


def is_started(facts: Json) -> bool:
    """Do the copies still run that were started in an earlier life?"""
    seen = process.status(home().instances, facts["deployment_id"])
    return seen is not None and seen.listening and not _down(facts)


def _service(facts: Json) -> Service | None:
    found = services.listed(facts["service"], facts["deployment_id"])
    return next((one for one in found if not one.workflow), None)


def _down(facts: Json) -> str:
    """Which of its copies do not run; empty when all do."""
    one = _service(facts)
    if one is None:
        return "its service is gone from the swarm"
    there = tasks.of(one.id)
    count = sum(task.runs for task in there)
    wanted = settings.of(facts).replicas
    if count >= wanted or (count and one.update in converge.GOES_ON):
        return ""
    said = next((task.ending for task in reversed(there) if task.failed or task.error), "")
    of = f"{count} of its {wanted} copies run" if wanted > 1 else "its copy in the swarm does not run"
    return f"{of} ({said})" if said else of


def start(facts: Json) -> Json:
    """Start the copies beside the version before, and see that they answer. Nobody visits them yet."""
    return engine.patiently(lambda: _started(facts))


def _started(facts: Json) -> Json:
    began, moment = time.monotonic(), time.time()
    found, wanted = registered.image_of(facts), settings.of(facts)
    with registry.using():
        key = swarmed.ensure(facts, found)
        fleet.follow(facts["service"], facts["deployment_id"])
        there = converge.wait(
            key, nodes.listed(), patience=wanted.health.patience, since=int(moment) - swarmed.SKEW
        )
    port = swarmed.listens(facts, found, there, began)
    record.listens(facts["deployment_id"], port)
    targets = _keep(facts, there, port)
    fleet.follow(facts["service"], facts["deployment_id"])
    socket = process.socket_of(home().instances, facts["deployment_id"])
    path = wanted.health.path or str(copies.known_of(found)["path"])
    status = _answers(facts, socket, path, there, began)
    release = home().releases / facts["service"] / copies.release_of(facts)
    front.make(release, release.name, socket)
    machines = len({host for host, _ in targets})
    many = f"{len(there)} copies on {machines} machines" if len(there) > 1 else f"a copy on {targets[0][0]}"
    listen = "listen" if len(there) > 1 else "listens"
    return {
        "said": f"{many} {listen} on port {port} and answered {status} after {time.monotonic() - began:.1f} s"
    }


def _answers(facts: Json, socket: Path, path: str, there: Sequence[Task], began: float) -> int:
    """The status of a good answer; each copy is asked, as connections go to them in turn."""
    status = 0
    for _ in there:
        try:
            status, good = answering.wait(socket, facts["hosts"][0], settings.of(facts).health, path, began)
        except NotProven as error:
            raise converge.sick(error.message.removeprefix("The program ").rstrip("."), there) from error
        if not good:
            raise converge.sick(f"answers {status} at {path or '/'}", there)
    return status


def _keep(facts: Json, there: Sequence[Task], port: int) -> tuple[tasks.Address, ...]:
    """Let a keeper pass connections on to the copies, wherever they are."""
    instances, key = home().instances, facts["deployment_id"]
    targets = tasks.targets(there, nodes.listed(), port)
    if not process.aim(instances, key, targets):
        process.start(instances, Spec(key=key, words=(), cwd=home().root, targets=targets))
        process.aim(instances, key, targets)  # one that was just then on its way up may know older ones
    return targets


def prove(facts: Json, status: int) -> str:
    """See that the copies that answered through the proxy still run."""
    seen, one = process.status(home().instances, facts["deployment_id"]), _service(facts)
    down = _down(facts)
    if one is not None and (down or seen is None or not seen.listening):
        raise converge.sick(f"does not answer any more{f': {down}' if down else ''}", tasks.of(one.id))
    if seen is None or one is None:
        raise NotProven("The service is gone from the swarm.", "Deploy it again.")
    if status >= 500:
        raise converge.sick(f"answers {status} through the proxy", tasks.of(one.id))
    return f"port {seen.port}"


def wrong(facts: Json, status: int) -> str:
    """What is wrong with copies that should run; empty when all is well."""
    if down := _down(facts):
        return down
    seen = process.status(home().instances, facts["deployment_id"])
    return answering.wrong(
        seen,
        status,
        nobody="nothing passes connections on to its copies",
        deaf="its copies do not listen",
    )


def begin(facts: Json) -> None:
    """Let the copies and their keeper run, without waiting for them."""
    port = int(facts["configuration"].get("port") or 0)
    one = _service(facts)
    if not port or one is None:  # nobody ever saw where they listen, or they have to be made
        start(facts)
        return
    _keep(facts, tasks.of(one.id), port)
    fleet.follow(facts["service"], facts["deployment_id"])


def ensure(facts: Json) -> bool:
    """Let the copies run if they do not; True when something had to be started."""
    keeper = process.status(home().instances, facts["deployment_id"])
    if keeper is not None and not _down(facts):
        fleet.follow_all([one for one in (_service(facts),) if one is not None])
        return False
    start(facts)
    return True


def run(
    facts: Json,
    words: Sequence[str],
    *,
    say: Callable[[str], None],
    seconds: float,
    hide: Callable[[str], str],
) -> None:
    """Run a command to its end in the swarm; as `errand.run`."""
    errand.run(facts, words, say=say, seconds=seconds, hide=hide)


def stop_others(facts: Json) -> None:  # noqa: ARG001 - as all ways
    """Let the services of versions before end once their keepers have: the reaper does it."""
    reaper.soon()


def stop_all(service: str) -> None:
    """Remove the services, the network and the images of the service. Its volumes stay."""
    if not _used(service):
        return
    _remove(services.listed(service))
    network.remove(service)
    for _, release in image.releases(service):
        registry.forget(service, release)
    registered.clear(service)
    registry.tidy()
    if not fleet.is_needed(service):
        registry.retire()


def _remove(there: Sequence[Service]) -> None:
    """Remove them, and wait until their copies have ended."""
    for one in there:
        services.remove(one.id)
    tasks.gone([one.id for one in there], swarmed.END_WITHIN)


def _used(service: str) -> bool:
    """Did anything of it ever run in a swarm? Where not, nobody needs one to be there."""
    return home().owner.is_file() and record.ran_as(service, "swarm")


def forget(service: str, release: str) -> None:
    """Remove the image of a release that nobody goes back to."""
    if _used(service) and engine.available() and nodes.manages():
        registry.forget(service, release)
        registered.clear(service, release)
        registry.tidy()


def undo(facts: Json) -> None:
    """Nothing of a deployment that failed stays; a version that was stopped for it runs again."""
    name = facts["service"]
    if facts["configuration"].get("runtime") != "swarm" and not _used(name):
        return
    if not (engine.available() and nodes.manages()):
        return
    _remove(services.listed(name, facts["deployment_id"]))
    if facts.get("previous"):
        swarmed.start_again(name, facts["previous"])
    if not services.listed(name):
        network.remove(name)
    if "release" not in facts["configuration"]:
        registry.forget(name, facts["deployment_id"])
        registered.clear(name, facts["deployment_id"])
    if not fleet.is_needed(deployment=facts["deployment_id"]):
        registry.retire()
