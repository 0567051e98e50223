"""The steps of a deploy that runs a program of its own. As in `steps`, each is safe to run twice."""

import http.client
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import config
from jarvis import control
from jarvis.builds import process as builds
from jarvis.builds import trash
from jarvis.builds.process import Built
from jarvis.builds.room import admit
from jarvis.deployments import record
from jarvis.deployments.variables import of_release, secrets_of
from jarvis.errors import NotProven
from jarvis.home import Home
from jarvis.proxy import front
from jarvis.runtimes import process, sandbox
from jarvis.runtimes.output import Output
from jarvis.runtimes.output import read as read_output
from jarvis.runtimes.process import Spec
from jarvis.workflows.redact import Redactor
from jarvis.workflows.segments import Lines

Json = dict[str, Any]

STEADY = 0.4
"""Seconds for which a program must have listened without a restart before visitors get it."""
LOOK_EVERY = 0.05
PATIENCE = 120.0
"""Seconds within which a program must listen."""
RESTARTS = 3
"""So often it may end before it is given up."""
DRAIN = 30.0
"""Seconds that requests of the version before have to end."""
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is looked for
"""Recipes say it, since in a container it is right. Here only the proxy is to reach the program."""
LAST = 20
"""Lines of the program's log that an error carries."""
ANSWER_WITHIN = 30.0
"""Seconds for the first answer: many programs do much at their first request."""


def _home() -> Home:
    return Home(config.settings().home)


def _release(facts: Json) -> str:
    """The deployment whose release this one serves: its own, or the one it goes back to."""
    return str(facts["configuration"].get("release") or facts["deployment_id"])


def app_of(facts: Json) -> Path:
    """The folder of the program that this deployment runs."""
    return _home().apps / facts["service"] / _release(facts)


def _built(facts: Json) -> Built | None:
    return builds.read(app_of(facts), _release(facts))


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
    home, redactor = _home(), Redactor(secrets_of(facts))
    with (
        Lines(facts["workflow_id"], "build", redactor) as lines,
        admit(home.root, home.run / "builds", say=lines.add),
    ):
        built = builds.make(
            tree,
            plan,
            app,
            deployment=facts["deployment_id"],
            workflow_id=facts["workflow_id"],
            environment=of_release(facts, at="build"),
            say=lines.add,
            cache=home.cache,
            outside=config.environment(),
            hide=redactor.text,
        )
    return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in built.seconds)


def is_made(facts: Json) -> bool:
    """Does the program lie there, whole, from an earlier life?"""
    return _built(facts) is not None


def spec_of(facts: Json) -> Spec:
    """How the program of this deployment is started.

    Raises:
        NotProven: It is not there.
    """
    app = app_of(facts)
    built = _built(facts)
    if built is None:
        raise NotProven(
            "The program of this deployment is not there or not whole.",
            "Deploy it again: the artifact is still kept.",
        )
    return Spec(
        key=facts["deployment_id"],
        words=(
            *sandbox.prefix(app, _home(), ("python3", "node", built.words[0])),
            *(word.replace(EVERYWHERE, "127.0.0.1") for word in built.words),
        ),
        env={**built.environment, **of_release(facts, at="run"), "HOME": str(built.home)},
        ports=built.port_environment,
        cwd=built.cwd,
        path=built.path,
    )


def is_started(facts: Json) -> bool:
    """Does the program still run that was started in an earlier life?"""
    seen = process.status(_home().instances, facts["deployment_id"])
    return seen is not None and seen.listening


def start(facts: Json) -> Json:
    """Start the program beside the version before, and see that it answers. Nobody visits it yet."""
    instances = _home().instances
    key = facts["deployment_id"]
    spec = spec_of(facts)
    process.start(instances, spec)
    began = time.monotonic()
    found = _steady(facts, began)
    path = _health(facts)
    status = _asked(process.socket_of(instances, key), facts["hosts"][0], path or "/")
    if status >= (400 if path else 500):
        raise _sick(facts, f"answers {status} at {path or '/'}")
    front.make(_front(facts), _front(facts).name, process.socket_of(instances, key))
    seconds = time.monotonic() - began
    return {"said": f"it listens on port {found} and answered {status} after {seconds:.1f} s"}


def _front(facts: Json) -> Path:
    return _home().releases / facts["service"] / facts["configuration"].get("release", facts["deployment_id"])


def _health(facts: Json) -> str:
    built = _built(facts)
    return str(built.health["path"]) if built is not None and built.health else ""


def _steady(facts: Json, began: float) -> int:
    """Wait until it has listened for a while without a restart; returns its port."""
    instances, key = _home().instances, facts["deployment_id"]
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
        if now - began > PATIENCE:
            raise _sick(facts, f"does not listen on any port after {PATIENCE:g} seconds")
        control.check()
        time.sleep(LOOK_EVERY)


def _asked(socket: Path, host: str, path: str) -> int:
    """The status of one answer, asked for as the proxy does."""
    connection = front.Connection(socket, host, ANSWER_WITHIN)
    try:
        connection.request("GET", path, headers={"Host": host, "User-Agent": "jarvis-probe"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotProven(
            f"The program took the connection and gave no answer at {path}: {error or type(error).__name__}.",
            "See its log in this story; it must speak HTTP on the port it listens on.",
        ) from error
    finally:
        connection.close()


def _sick(facts: Json, what: str) -> NotProven:
    lines = process.logs(_home().instances, facts["deployment_id"], last=LAST)
    said = f": {lines[-1]}" if lines else "."
    return NotProven(
        f"The program {what}{said}",
        "What answered before still answers. The last lines of its log are with this error.",
        {"output": lines},
    )


def prove(facts: Json, status: int) -> str:
    """See that the program that answered through the proxy is still the same run of it."""
    seen = process.status(_home().instances, facts["deployment_id"])
    if seen is None or not seen.listening:
        raise _sick(facts, "does not listen any more")
    if status >= 500:
        raise _sick(facts, f"answers {status} through the proxy")
    return f"port {seen.port}"


def wrong(facts: Json, status: int) -> str:
    """What is wrong with a program that should run; empty when all is well."""
    seen = process.status(_home().instances, facts["deployment_id"])
    if seen is None:
        return "its program does not run"
    if not seen.listening:
        return f"its program does not listen ({seen.last_exit or 'it runs'})"
    return f"it answers {status}" if status >= 500 else ""


def running() -> list[str]:
    """The deployments whose programs run on this machine."""
    return process.running(_home().instances)


def begin(facts: Json) -> None:
    """Start the program, without waiting for it."""
    process.start(_home().instances, spec_of(facts))


def end(key: str) -> None:
    """Let the program of a deployment end its requests, and end it."""
    process.stop(_home().instances, key, drain=DRAIN)


def output(key: str, last: int, after: int | None) -> Output:
    """What the program of a deployment says; see `jarvis.runtimes.output.read`."""
    return read_output(process.socket_of(_home().instances, key).with_name("log"), last=last, after=after)


def ensure(facts: Json) -> bool:
    """Let the program run if it does not; True when it had to be started."""
    if process.status(_home().instances, facts["deployment_id"]) is not None:
        return False
    begin(facts)
    _steady(facts, time.monotonic())
    return True


def stop_others(facts: Json) -> None:
    """Let the versions before end their requests, and end them."""
    instances = _home().instances
    for key in record.instances_to_end(facts["service"], process.running(instances)):
        process.stop(instances, key, drain=DRAIN)


def stop_all(service: str) -> None:
    """End every program of the service at once, and throw their folders away."""
    instances = _home().instances
    for key in record.instances_of(service, process.running(instances)):
        process.kill(instances, key)
    trash.throw(_home().apps / service, _home().trash)


def socket_of(facts: Json) -> Path:
    """Where the program of this deployment is reached."""
    return process.socket_of(_home().instances, facts["deployment_id"])


def forget(service: str, release: str) -> None:
    """Delete a program that nobody goes back to."""
    _remove(_home().apps / service / release)


def _remove(app: Path) -> None:
    if app.is_dir():
        builds.remove(app, lambda folder: trash.throw(folder, _home().trash))


def undo(facts: Json) -> None:
    """Nothing of a deployment that failed runs or lies around; a version that ran before stays whole."""
    process.kill(_home().instances, facts["deployment_id"])
    if "release" not in facts["configuration"]:
        _remove(app_of(facts))
