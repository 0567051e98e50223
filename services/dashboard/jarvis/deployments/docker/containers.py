"""The steps of a deploy that runs containers. As in `steps`, each is safe to run twice.

Each deployment has a keeper of its own, as a program without Docker has: here it only passes connections on.
So the switch, the draining and the log are the same.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import config
from jarvis.builds.image.make import LIMITS, make
from jarvis.builds.room import admit
from jarvis.deployments import answering, lasting, record, settings
from jarvis.deployments.build_limits import build_limits
from jarvis.deployments.docker import absence, copies, once, reaper, steady
from jarvis.deployments.docker.logins import logins
from jarvis.deployments.programs.program import home
from jarvis.deployments.variables import of_release, secrets_of
from jarvis.errors import NotProven
from jarvis.proxy import front
from jarvis.runtimes import process
from jarvis.runtimes.docker import container, engine, image, network, state, volume
from jarvis.runtimes.docker.state import State
from jarvis.runtimes.process import Spec
from jarvis.workflows.redact import Redactor
from jarvis.workflows.segments import Lines

log = logging.getLogger(__name__)

Json = dict[str, Any]


def build(facts: Json, tree: Path, plan: Mapping[str, Any]) -> Json:
    """The image, with a tag of the deployment."""
    place, redactor, images = home(), Redactor(secrets_of(facts)), absence.bridged(facts, engine.folder)
    tag = engine.image_tag(facts["service"], facts["deployment_id"])
    with (
        Lines(facts["workflow_id"], "build", redactor) as lines,
        admit(place.root, place.run / "builds", say=lines.add, images=images),
    ):
        made = absence.bridged(
            facts,
            lambda: make(
                tree,
                plan,
                tag,
                client=engine.client(),
                environment=of_release(facts, at="build"),
                labels={
                    **engine.labels(facts["service"], facts["deployment_id"]),
                    **copies.labels_of(plan),
                },
                say=lines.add,
                hide=redactor.text,
                limits=build_limits(LIMITS.seconds),
                address=engine.address(),
                outside=config.environment(),
                logins=logins(),
                images=images,
            ),
            _start_previous,
        )
    record.imaged(facts["deployment_id"], made.id, made.size)
    return {"said": f"image of {made.size / 1024**2:,.0f} MiB, {made.id.removeprefix('sha256:')[:12]}"}


def is_made(facts: Json) -> bool:
    """Is the image there from an earlier life?"""
    return image.release(facts["service"], copies.release_of(facts)) is not None


def is_started(facts: Json) -> bool:
    """Do the containers still run that were started in an earlier life?"""
    seen = process.status(home().instances, facts["deployment_id"])
    return seen is not None and seen.listening and not _down(facts)


def _down(facts: Json) -> str:
    """Which of its copies do not run; empty when all do."""
    there = {one.number: one for one in state.listed(facts["service"], facts["deployment_id"])}
    for number in range(1, settings.of(facts).replicas + 1):
        one = there.get(number)
        if one is None:
            return "its container is gone"
        if not one.running:
            return f"its container does not run ({one.ending})"
    return ""


def start(facts: Json) -> Json:
    """Start the containers beside the version before, and see that they answer. Nobody visits them yet."""
    return absence.bridged(facts, lambda: _started(facts), _start_previous)


def _start_previous(facts: Json) -> None:
    """Docker came back, maybe without the containers that visitors get while this goes on."""
    service, previous = facts["service"], facts.get("previous")
    begun = state.brief(service, facts["deployment_id"])
    alone = begun and copies.needs_stop_first(settings.of(facts), {}, copies.image_of(facts).volumes)
    if previous and not alone:
        copies.start_again(service, previous)


def _started(facts: Json) -> Json:
    began = time.monotonic()
    found = copies.image_of(facts)
    states = copies.ensure(facts)
    if told := copies.told(facts, found):
        _keep(facts, states, told)  # the keeper begins while the program does: each takes a while
    port = steady.wait(facts, found, states, began)
    record.listens(facts["deployment_id"], port)
    _keep(facts, states, port)
    _follow(facts)
    steady.healthy(facts, found, states, began)
    socket = process.socket_of(home().instances, facts["deployment_id"])
    wanted = settings.of(facts).health
    path = wanted.path or str(copies.known_of(found)["path"])
    status, good = answering.wait(socket, facts["hosts"][0], wanted, path, began)
    if not good:
        raise steady.sick(states[0], f"answers {status} at {path or '/'}")
    release = home().releases / facts["service"] / copies.release_of(facts)
    front.make(release, release.name, socket)
    many = f"{len(states)} containers listen" if len(states) > 1 else "the container listens"
    seconds = time.monotonic() - began
    lost: list[str] = [] if found.volumes else facts["configuration"].get(lasting.LOST, [])
    said = f"{many} on port {port} and answered {status} after {seconds:.1f} s"
    return {"said": said, "warnings": lost}


def _keep(facts: Json, states: list[State], port: int) -> None:
    """Let a keeper pass connections on to the copies; one that leads elsewhere is replaced."""
    instances, key = home().instances, facts["deployment_id"]
    targets = tuple((one.address, port) for one in states)
    if process.status(instances, key) is not None and _targets(key) != targets:
        process.kill(instances, key)
    process.start(instances, Spec(key=key, words=(), cwd=home().root, targets=targets))


def _targets(key: str) -> tuple[tuple[str, int], ...]:
    file = process.folder_of(home().instances, key) / "spec.json"
    try:
        said: list[list[Any]] = json.loads(file.read_text(encoding="utf-8"))["targets"]
    except (OSError, ValueError, KeyError):
        return ()
    return tuple((str(host), int(port)) for host, port in said)


def _follow(facts: Json) -> None:
    reaper.follow(state.brief(facts["service"], facts["deployment_id"]))


def prove(facts: Json, status: int) -> str:
    """See that the containers that answered through the proxy still run."""
    seen = process.status(home().instances, facts["deployment_id"])
    there = state.listed(facts["service"], facts["deployment_id"])
    down = _down(facts)
    if there and (down or seen is None or not seen.listening):
        raise steady.sick(
            there[0], f"does not listen any more ({down})" if down else "does not listen any more"
        )
    if seen is None or not there:
        raise NotProven("The container is gone.", "Deploy it again.")
    if status >= 500:
        raise steady.sick(there[0], f"answers {status} through the proxy")
    return f"port {seen.port}"


def wrong(facts: Json, status: int) -> str:
    """What is wrong with containers that should run; empty when all is well."""
    if down := _down(facts):
        return down
    seen = process.status(home().instances, facts["deployment_id"])
    return answering.wrong(
        seen,
        status,
        nobody="nothing passes connections on to its container",
        deaf="its container does not listen",
    )


def begin(facts: Json) -> None:
    """Start the containers and their keeper, without waiting for them."""
    states = copies.ensure(facts)
    port = int(facts["configuration"].get("port") or 0)
    if port:
        _keep(facts, states, port)
        _follow(facts)
    else:  # nobody ever saw where they listen
        start(facts)


def ensure(facts: Json) -> bool:
    """Let the containers run if they do not; True when something had to be started."""
    keeper = process.status(home().instances, facts["deployment_id"])
    if keeper is not None and not _down(facts):
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
    """Run a command to its end beside the containers; as `once.run`."""
    once.run(facts, words, say=say, seconds=seconds, hide=hide)


def stop_others(facts: Json) -> None:  # noqa: ARG001 - as all ways
    """Let the containers of versions before end once their keepers have: the reaper does it."""
    reaper.soon()


def stop_all(service: str) -> None:
    """Remove the containers, the network and the images of the service. Its volumes stay."""
    if not _used(service):
        return
    for one in state.brief(service):
        container.remove(one.id)
    network.remove(service)
    image.remove_all(service)


def _used(service: str) -> bool:
    """Did Docker ever run something of it? Where not, nobody needs Docker to be there."""
    return home().owner.is_file() and (engine.available() or record.ran_as(service, "container"))


def remove_volumes(service: str) -> list[str]:
    """Delete the volumes of a service with all that is in them; returns their names. Nothing else ever does.

    Raises:
        InvalidInput: A container still uses one.
        Unavailable: Docker does not answer.
    """
    return volume.remove_all(service) if home().owner.is_file() else []


def forget(service: str, release: str) -> None:
    """Remove the image of a release that nobody goes back to."""
    if home().owner.is_file() and engine.available():
        image.remove(service, release)


def undo(facts: Json) -> None:
    """Nothing of a deployment that failed stays; a version that was stopped for it runs again."""
    if not _used(facts["service"]):
        return
    service, key = facts["service"], facts["deployment_id"]
    if not engine.available():  # the reaper removes it when Docker is back
        log.warning("What deployment %s left in Docker stays until that answers again", key)
        return
    copies.remove(service, key)
    if facts.get("previous"):
        copies.start_again(service, facts["previous"])
    else:
        network.remove(service)
    if "release" not in facts["configuration"]:
        image.remove(service, key)
