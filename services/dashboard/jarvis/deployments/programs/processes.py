"""The steps of a deploy that runs a program of its own. As in `steps`, each is safe to run twice."""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import config
from jarvis import control, telling
from jarvis.builds import process as builds
from jarvis.builds import trash
from jarvis.builds.room import admit
from jarvis.builds.run import Limits as Once
from jarvis.builds.run import run as once
from jarvis.deployments import answering, record, settings
from jarvis.deployments.build_limits import build_limits
from jarvis.deployments.programs import clash
from jarvis.deployments.programs.program import app_of, built_of, home, spec_of, unlimited
from jarvis.deployments.variables import of_release, secrets_of
from jarvis.errors import NotProven
from jarvis.proxy import front
from jarvis.proxy.site import publish
from jarvis.runtimes import memory, process, sandbox
from jarvis.runtimes.output import Output
from jarvis.runtimes.output import read as read_output
from jarvis.workflows.redact import Redactor
from jarvis.workflows.segments import Lines

Json = dict[str, Any]

STEADY = 0.4
"""Seconds for which a program must have listened without a restart before visitors get it."""
LOOK_EVERY = 0.05
RESTARTS = 3
"""So often it may end before it is given up."""
DRAIN = 30.0
"""Seconds that requests of a version that nobody needs any more have to end."""
LAST, SEARCHED = 20, 60
"""Lines of the program's log that an error carries, and those among which its reason is looked for."""


def build(facts: Json, tree: Path, plan: Mapping[str, Any]) -> Json:
    """The program with all it needs, in its place."""
    app = app_of(facts)
    took = make(facts, tree, plan, app)
    built = builds.read(app, facts["deployment_id"])
    files = built.files if built is not None else 0
    record.made(facts["deployment_id"], files)
    return {"said": f"program of {files:,} files{f' ({took})' if took else ''}"}


def make(facts: Json, tree: Path, plan: Mapping[str, Any], app: Path) -> str:
    """Run the steps of a plan in the folder `app`, told in the story; returns how long each took."""
    place, redactor = home(), Redactor(secrets_of(facts))
    place.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    programs: list[str] = plan["recipe"]["programs"] if plan["recipe"] else []
    within = sandbox.prefix(app, place, programs, folders=(builds.scratch_of(app), place.cache))
    with (
        Lines(facts["workflow_id"], "build", redactor) as lines,
        admit(place.root, place.run / "builds", say=lines.add),
    ):
        built = builds.make(
            tree,
            plan,
            app,
            deployment=facts["deployment_id"],
            workflow_id=facts["workflow_id"],
            environment=of_release(facts, at="build"),
            say=lines.add,
            cache=place.cache,
            outside=config.environment(),
            limits=build_limits(),
            hide=redactor.text,
            within=within,
        )
    return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in built.seconds)


def is_made(facts: Json) -> bool:
    """Does the program lie there, whole, from an earlier life?"""
    return built_of(facts) is not None


def run(
    facts: Json,
    words: Sequence[str],
    *,
    say: Callable[[str], None],
    seconds: float,
    hide: Callable[[str], str],
) -> None:
    """Run a command to its end beside the program: with its files, environment and user.

    Args:
        facts: Of the deployment.
        words: The command.
        say: Gets every line that it says.
        seconds: Until it has ended.
        hide: Takes secrets out of the lines that go into an error.

    Raises:
        DeployFailed: It ended with an error.
        JarvisError: It took too long, said too much, or was called off.
    """
    spec = spec_of(facts, words)
    with tempfile.TemporaryDirectory(prefix="jarvis-run-") as scratch:
        once(
            spec.words[-len(words) :],
            within=spec.words[: -len(words)],
            cwd=spec.cwd,
            env={**spec.env, "PATH": ":".join(spec.path), "TMPDIR": scratch},
            scratch=Path(scratch),
            say=say,
            hide=hide,
            limits=Once(seconds=seconds, nice=0, memory=settings.of(facts).limits.memory),
        )


def is_started(facts: Json) -> bool:
    """Does the program still run that was started in an earlier life?"""
    seen = process.status(home().instances, facts["deployment_id"])
    return seen is not None and seen.listening


def start(facts: Json) -> Json:
    """Start the program beside the version before, and see that it answers. Nobody visits it yet."""
    instances = home().instances
    key = facts["deployment_id"]
    spec = spec_of(facts)
    alone = clash.reason(settings.of(facts), clash.ports(facts))
    if alone:
        clash.make_way(facts)
    process.start(instances, spec)
    if alone:
        _switch_early(facts)
    began = time.monotonic()
    found = _steady(facts, began)
    status = _well(facts, began)
    clash.note(facts)
    front.make(_front(facts), _front(facts).name, process.socket_of(instances, key))
    seconds = time.monotonic() - began
    said = f"it listens on port {found} and answered {status} after {seconds:.1f} s"
    return {"said": said, "warnings": unlimited(facts)}


def _switch_early(facts: Json) -> None:
    """Nothing else answers: let visitors wait for the new version, at its keeper, rather than be refused."""
    release = _front(facts)
    front.make(release, release.name, process.socket_of(home().instances, facts["deployment_id"]))
    publish(home().www, service=facts["service"], hosts=facts["hosts"], release=release)


def _front(facts: Json) -> Path:
    return home().releases / facts["service"] / facts["configuration"].get("release", facts["deployment_id"])


def _health(facts: Json) -> str:
    if said := settings.of(facts).health.path:
        return said
    built = built_of(facts)
    return str(built.health["path"]) if built is not None and built.health else ""


def _well(facts: Json, began: float) -> int:
    """Wait for a good answer; returns its status. Where nobody said what to ask for, the first counts."""
    path = _health(facts)
    socket = process.socket_of(home().instances, facts["deployment_id"])
    status, good = answering.wait(socket, facts["hosts"][0], settings.of(facts).health, path, began)
    if not good:
        raise _sick(facts, f"answers {status} at {path or '/'}")
    return status


def _steady(facts: Json, began: float) -> int:
    """Wait until it has listened for a while without a restart; returns its port."""
    instances, key = home().instances, facts["deployment_id"]
    patience = settings.of(facts).health.patience
    since: float | None = None
    starts = 0
    while True:
        seen = process.status(instances, key)
        now = time.monotonic()
        if seen is None:
            raise _sick(facts, "is gone right after it was started")
        if seen.starts > RESTARTS:
            raise _sick(facts, f"{seen.last_exit or 'ended'}, {seen.starts - 1} times")
        if not seen.listening or seen.starts != starts:
            since, starts = None, seen.starts
        if seen.listening:
            since = since or now
            if now - since >= STEADY:
                return seen.port
        if now - began > patience:
            raise _sick(facts, f"does not listen on any port after {patience:g} seconds")
        control.check()
        time.sleep(LOOK_EVERY)


def _sick(facts: Json, what: str) -> NotProven:
    lines = process.logs(home().instances, facts["deployment_id"], last=SEARCHED)
    why = telling.line(lines)
    said = f": {why}" if why else "."
    limit = settings.of(facts).limits.memory
    return NotProven(
        f"The program {memory.limited(what, limit)}{said}",
        memory.hint(what, limit, facts["service"]) or answering.hint(what, why),
        {"output": lines[-LAST:]},
    )


def prove(facts: Json, status: int) -> str:
    """See that the program that answered through the proxy is still the same run of it."""
    seen = process.status(home().instances, facts["deployment_id"])
    if seen is None or not seen.listening:
        raise _sick(facts, "does not listen any more")
    if status >= 500:
        raise _sick(facts, f"answers {status} through the proxy")
    return f"port {seen.port}"


def wrong(facts: Json, status: int) -> str:
    """What is wrong with a program that should run; empty when all is well."""
    seen = process.status(home().instances, facts["deployment_id"])
    if seen is None:
        return "its program does not run"
    if not seen.listening:
        return f"its program does not listen ({seen.last_exit or 'it runs'})"
    return f"it answers {status}" if status >= 500 else ""


def running() -> list[str]:
    """The deployments whose programs run on this machine."""
    return process.running(home().instances)


def begin(facts: Json) -> None:
    """Start the program, without waiting for it."""
    process.start(home().instances, spec_of(facts))


def end(key: str) -> None:
    """Let the program of a deployment end its requests, and end it."""
    process.stop(home().instances, key, drain=DRAIN)


def output(key: str, last: int, after: int | None) -> Output:
    """What the program of a deployment says; see `jarvis.runtimes.output.read`."""
    return read_output(process.socket_of(home().instances, key).with_name("log"), last=last, after=after)


def again(facts: Json) -> None:
    """End the program at once, and start it again: it runs, and does not answer as it should."""
    process.kill(home().instances, facts["deployment_id"])
    begin(facts)
    _steady(facts, time.monotonic())


def ensure(facts: Json) -> bool:
    """Let the program run if it does not; True when it had to be started."""
    if process.status(home().instances, facts["deployment_id"]) is not None:
        return False
    begin(facts)
    _steady(facts, time.monotonic())
    return True


def stop_others(facts: Json) -> None:
    """Let the versions before end their requests, and end them."""
    instances = home().instances
    for key in record.instances_to_end(facts["service"], process.running(instances)):
        process.stop(instances, key, drain=settings.of(facts).drain)


def stop_all(service: str) -> None:
    """End every program of the service at once, and throw their folders away."""
    instances = home().instances
    for key in record.instances_of(service, process.running(instances)):
        process.kill(instances, key)
    trash.throw(home().apps / service, home().trash)


def socket_of(facts: Json) -> Path:
    """Where the program of this deployment is reached."""
    return process.socket_of(home().instances, facts["deployment_id"])


def forget(service: str, release: str) -> None:
    """Delete a program that nobody goes back to."""
    _remove(home().apps / service / release)


def _remove(app: Path) -> None:
    if app.is_dir():
        builds.remove(app, lambda folder: trash.throw(folder, home().trash))


def undo(facts: Json) -> None:
    """Nothing of a deployment that failed runs or lies around; a version that ran before stays whole."""
    process.kill(home().instances, facts["deployment_id"])
    if "release" not in facts["configuration"]:
        _remove(app_of(facts))
