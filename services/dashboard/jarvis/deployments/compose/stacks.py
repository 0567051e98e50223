"""The steps of a deploy that runs the compose file of a project. As in `steps`, each is safe to run twice.

What keeps data is kept over deploys, and changed in place; everything else is made anew beside the version
before. Visitors reach the public service through a keeper of the deployment, as with every other program.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jarvis import control
from jarvis.builds import trash
from jarvis.builds.room import admit
from jarvis.builds.run import Limits as Once
from jarvis.builds.run import run as run_once
from jarvis.deployments import answering, record, settings
from jarvis.deployments.compose import assembly, ending, lift, stack_images
from jarvis.deployments.docker import absence, reaper
from jarvis.deployments.programs.program import home
from jarvis.deployments.variables import secrets_of
from jarvis.errors import NotProven
from jarvis.proxy import front
from jarvis.runtimes import process
from jarvis.runtimes.compose import command, files, member, override, public, stack, up
from jarvis.runtimes.compose.member import Member
from jarvis.runtimes.compose.override import KEPT, Names
from jarvis.runtimes.compose.stack import Stack
from jarvis.runtimes.docker import engine, listen, network
from jarvis.runtimes.docker.state import State
from jarvis.runtimes.process import Spec
from jarvis.workflows.redact import Redactor
from jarvis.workflows.segments import Lines

Json = dict[str, Any]

BEGUN = ".compose"
"""Says in the folder of a release that it is a stack's, also when it was never finished."""
LOOK_EVERY = 0.1
UNSURE = 2.0
"""Seconds for which it is waited that the public service listens where it should, when it does elsewhere."""


def build(facts: Json, tree: Path, plan: Mapping[str, Any]) -> Json:
    """The release: the compose file as it is run, its files, and all images."""
    place, redactor, images_at = home(), Redactor(secrets_of(facts)), absence.bridged(facts, engine.folder)
    folder = lift.folder_of(facts["service"], facts["deployment_id"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / BEGUN).touch()
    with (
        Lines(facts["workflow_id"], "build", redactor) as lines,
        admit(place.root, place.run / "builds", say=lines.add, images=images_at),
    ):
        seen = assembly.look(facts, tree, dict(plan), make=True)
        images = absence.bridged(
            facts,
            lambda: stack_images.make(facts, seen, say=lines.add, hide=redactor.text, disk=images_at),
            lift.start_again,
        )
    made, said = assembly.stack_of(facts, seen, images)
    stack.write(folder, made)
    record.made(facts["deployment_id"], len(made.images), images=made.images)
    names = ", ".join(sorted(made.images))
    what = f"{len(made.images)} services ({names})" if len(made.images) > 1 else f"one service ({names})"
    return {"said": f"{what}; visitors reach {made.public}", "warnings": said}


def is_made(facts: Json) -> bool:
    """Is the release there, whole, from an earlier life?"""
    return stack.read(lift.folder_of(facts["service"], lift.release_of(facts))) is not None


def is_started(facts: Json) -> bool:
    """Does it still run that was started in an earlier life?"""
    seen = process.status(home().instances, facts["deployment_id"])
    return seen is not None and seen.listening and not _down(facts)


def start(facts: Json) -> Json:
    """Start it beside the version before, and see that it answers. Nobody visits it yet."""
    return absence.bridged(facts, lambda: _started(facts), lift.start_again)


def _started(facts: Json) -> Json:
    began = time.monotonic()
    redactor = Redactor(secrets_of(facts))
    with Lines(facts["workflow_id"], "start", redactor) as lines:
        names = lift.lift(facts, say=lines.add)
    made = lift.stack_of(facts)
    port = _keep(facts, made, names)
    wanted = settings.of(facts).health
    socket = process.socket_of(home().instances, facts["deployment_id"])
    status, good = answering.wait(socket, facts["hosts"][0], wanted, wanted.path, began)
    if not good:
        raise up.sick(made.public, _public(facts, made), f"answers {status} at {wanted.path or '/'}")
    release = home().releases / facts["service"] / made.release
    front.make(release, release.name, socket)
    seconds = time.monotonic() - began
    return {"said": f"{made.public} listens on port {port} and answered {status} after {seconds:.1f} s"}


def _public(facts: Json, made: Stack) -> list[State]:
    return [
        seen
        for one in member.of(made.service, facts["deployment_id"])
        if one.part == made.public and (seen := member.seen(one)) is not None
    ]


def _keep(facts: Json, made: Stack, names: Names) -> int:
    """Let a keeper pass connections on to the public service, once that listens; returns its port."""
    address = names.addresses.get(made.public, "127.0.0.1")
    port = _listens(facts, made, address)
    instances, key, targets = home().instances, facts["deployment_id"], ((address, port),)
    record.listens(key, port)
    if process.status(instances, key) is not None and process.targets(instances, key) != targets:
        process.kill(instances, key)
    process.start(instances, Spec(key=key, words=(), cwd=home().root, targets=targets))
    ending.follow(facts["service"], key)
    return port


def _listens(facts: Json, made: Stack, address: str) -> int:
    """Wait until the public service takes connections; returns its port.

    Raises:
        NotProven: It does not.
    """
    began = time.monotonic()
    patience = settings.of(facts).health.patience
    other = 0.0
    while True:
        there = _public(facts, made)
        if not there or there[0].restarts > up.RESTARTS:
            raise up.sick(
                made.public, there, there[0].ending if there else "is gone right after it was started"
            )
        ports = listen.ports(there[0])
        if made.port and listen.accepts(address, made.port):
            return made.port
        if ports is not None and ports.reached:
            now = time.monotonic()
            other = other or now
            found = public.likeliest(ports.reached)
            if (not made.port or now - other > UNSURE) and listen.accepts(address, found):
                if made.port and settings.of(facts).port:
                    raise up.sick(
                        made.public, there, f"listens on {found}, not on {made.port} as its settings say"
                    )
                return found
        if time.monotonic() - began > patience:
            what = f"port {made.port}" if made.port else "any port that others reach"
            raise up.sick(made.public, there, f"does not listen on {what} after {patience:g} seconds")
        control.check()
        time.sleep(LOOK_EVERY)


def _down(facts: Json) -> str:
    """Which of its services is not as it should be; empty when all are."""
    made = lift.stack_of(facts)
    there: dict[str, list[Member]] = {}
    for one in member.of(made.service, facts["deployment_id"]):
        there.setdefault(one.part, []).append(one)
    for name in sorted(made.images):
        states = [seen for one in there.get(name, ()) if (seen := member.seen(one)) is not None]
        if not states and name not in made.once:
            return f"the container of {name} is gone"
        for state in states:
            if name not in made.once and not state.running:
                return f"{name} does not run ({state.ending})"
            if state.health == "unhealthy":
                return f"{name} is not well, says its healthcheck"
    return ""


def prove(facts: Json, status: int) -> str:
    """See that the stack that answered through the proxy still runs."""
    made = lift.stack_of(facts)
    if down := _down(facts):
        raise up.sick(made.public, _public(facts, made), f"answered, but {down}")
    seen = process.status(home().instances, facts["deployment_id"])
    if seen is None or not seen.listening:
        raise up.sick(made.public, _public(facts, made), "does not listen any more")
    if status >= 500:
        raise up.sick(made.public, _public(facts, made), f"answers {status} through the proxy")
    return f"{made.public}, port {seen.port}"


def wrong(facts: Json, status: int) -> str:
    """What is wrong with a stack that should run; empty when all is well."""
    if down := _down(facts):
        return down
    seen = process.status(home().instances, facts["deployment_id"])
    return answering.wrong(
        seen,
        status,
        nobody="nothing passes connections on to it",
        deaf=f"{lift.stack_of(facts).public} does not listen",
    )


def begin(facts: Json) -> None:
    """Let it run; its services wait for one another, so this takes as long as they do."""
    made = lift.stack_of(facts)
    _keep(facts, made, lift.lift(facts, say=_quiet))


def _quiet(_text: str) -> None:
    """Nobody reads along."""


def ensure(facts: Json) -> bool:
    """Let it run if it does not; True when something had to be started."""
    if process.status(home().instances, facts["deployment_id"]) is not None and not _down(facts):
        return False
    begin(facts)
    return True


def run(
    facts: Json,
    words: Sequence[str],
    *,
    say: Callable[[str], None],
    seconds: float,
    hide: Callable[[str], str],
) -> None:
    """Run a command to its end in a container of its own, with all that the public service has.

    Raises:
        DeployFailed: It ended with an error.
        JarvisError: It took too long, said too much, or was called off.
    """
    made = lift.stack_of(facts)
    names = lift.names_of(facts, made)
    called = f"jarvis-{made.service}-run-{facts['workflow_id'][:8]}"
    file = lift.written(made, names, "once", override.once(made, names, tuple(words), called))
    scratch = file.parent / f".run-{facts['workflow_id'][:8]}"
    scratch.mkdir(mode=0o700, exist_ok=True)
    ending.one(called)  # of a worker that was killed
    try:
        run_once(
            command.words(
                names.fresh, file, "run", "--rm", "--no-TTY", "--no-deps", "--name", called, "once"
            ),
            cwd=scratch,
            env={**command.environment(), "TMPDIR": str(scratch)},
            scratch=scratch,
            say=say,
            hide=hide,
            limits=Once(seconds=seconds, nice=0),
        )
    finally:
        ending.one(called)
        trash.throw(scratch, home().trash)
        file.unlink(missing_ok=True)


def stop_others(facts: Json) -> None:  # noqa: ARG001 - as all ways
    """Let the containers of versions before end once their keepers have: the reaper does it."""
    reaper.soon()


def stop_all(service: str) -> None:
    """Remove the containers, networks and images of the service. Its volumes stay."""
    if not _used(service):
        return
    member.end(member.listed(service))
    member.end_networks(service)
    network.remove(service)
    for folder in _releases(service):
        stack_images.remove(service, folder.name)
    trash.throw(home().apps / service, home().trash)


def _used(service: str) -> bool:
    """Did a compose file of it ever run? Where none did, nobody needs Docker to be there."""
    return home().owner.is_file() and record.ran_as(service, "compose")


def _releases(service: str) -> list[Path]:
    place = home().apps / service
    return sorted(path.parent for path in place.glob(f"*/{BEGUN}"))


def forget(service: str, release: str) -> None:
    """Remove a release that nobody goes back to, with its images and files."""
    folder = lift.folder_of(service, release)
    if not (folder / BEGUN).is_file():
        return
    if engine.available():
        stack_images.remove(service, release)
    trash.throw(folder, home().trash)
    documents = [made.document for one in _releases(service) if (made := stack.read(one)) is not None]
    if len(documents) == len(_releases(service)):  # one that is being made names its files last
        for path in files.unused(lift.copies_of(service), documents):
            trash.throw(path, home().trash)


def undo(facts: Json) -> None:
    """Nothing of a deployment that failed stays; what is kept is as the version before wants it."""
    service, key = facts["service"], facts["deployment_id"]
    own = lift.folder_of(service, key)
    if (
        not (lift.folder_of(service, lift.release_of(facts)) / BEGUN).is_file()
        and not (own / BEGUN).is_file()
    ):
        return
    process.kill(home().instances, key)
    if _used(service) and engine.available():  # else the reaper removes it when Docker is back
        member.end([one for one in member.listed(service) if one.group != KEPT and one.deployment == key], 0)
        member.end_networks(service, key)
        _restore(facts)
    if "release" not in facts["configuration"]:
        if engine.available():
            stack_images.remove(service, key)
        trash.throw(own, home().trash)


def _restore(facts: Json) -> None:
    """What is kept, as the version before has it; without one, nothing is."""
    service, previous = facts["service"], facts.get("previous")
    release = facts.get("before") or ""
    old = stack.read(lift.folder_of(service, release)) if previous and release else None
    member.end(lift.kept_beyond(service, old.kept if old is not None else ()))
    if old is None:
        network.remove(service)
        return
    before = {**facts, "deployment_id": previous}
    try:
        lift.raise_kept(old, lift.names_of(before, old), settings.of(facts).health.patience, _quiet)
    except NotProven as error:
        raise NotProven(
            f"What is kept of {service} could not be put back: {error.message}", error.hint
        ) from error
