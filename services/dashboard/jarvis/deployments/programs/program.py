"""A program without Docker, as it is started: with its folders, environment, user and limits."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import config
from jarvis.builds import process as builds
from jarvis.builds.process import Built
from jarvis.deployments import settings
from jarvis.deployments.programs import volumes
from jarvis.deployments.variables import of_release
from jarvis.errors import NotProven
from jarvis.home import Home
from jarvis.limits import Limits, available
from jarvis.runtimes import sandbox, users
from jarvis.runtimes.process import Spec
from jarvis.runtimes.users import User

Json = dict[str, Any]

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is looked for
"""Recipes say it, since in a container it is right. Here only the proxy is to reach the program."""


def home() -> Home:
    return Home(config.settings().home)


def _release(facts: Json) -> str:
    """The deployment whose release this one serves: its own, or the one it goes back to."""
    return str(facts["configuration"].get("release") or facts["deployment_id"])


def app_of(facts: Json) -> Path:
    """The folder of the program that this deployment runs."""
    return home().apps / facts["service"] / _release(facts)


def built_of(facts: Json) -> Built | None:
    return builds.read(app_of(facts), _release(facts))


def _user(facts: Json, programs: Sequence[str]) -> User | None:
    """Whom it runs as: a user of its own where Jarvis is root and can keep it within its folder."""
    if not (users.possible() and sandbox.program() and sandbox.readable(home(), programs)):
        return None
    return users.of(home().users, facts["service"])


def spec_of(facts: Json, words: Sequence[str] = ()) -> Spec:
    """How the program of this deployment is started.

    Args:
        facts: Of the deployment.
        words: What is started in its place, with all that it has; none for the program itself.

    Raises:
        NotProven: It is not there.
        InvalidInput: A volume lies where none can be.
    """
    app, wanted = app_of(facts), settings.of(facts)
    built = built_of(facts)
    if built is None:
        raise NotProven(
            "The program of this deployment is not there or not whole.",
            "Deploy it again: the artifact is still kept.",
        )
    started = tuple(words) or built.words
    programs = ("python3", "node", started[0])
    user = _user(facts, programs)
    folders = volumes.join(home().volumes / facts["service"], built.cwd, wanted.volumes, user)
    if user is not None:
        app.chmod(0o711)
        for folder in (app / "tree", built.home):
            users.give(folder, user)
    return Spec(
        key=facts["deployment_id"],
        words=(
            *sandbox.prefix(app, home(), programs, folders=folders, user=user),
            *(word.replace(EVERYWHERE, "127.0.0.1") for word in started),
        ),
        env={**built.environment, **of_release(facts, at="run"), "HOME": str(built.home)},
        ports=built.port_environment,
        cwd=built.cwd,
        path=built.path,
        port=wanted.port or None,
        limits=_limits(facts),
    )


def _limits(facts: Json) -> Limits:
    wanted = settings.of(facts).limits
    return Limits(memory=wanted.memory or None, pids=wanted.processes or None, cpus=wanted.cpus or None)


def unlimited(facts: Json) -> list[str]:
    """What was to be limited and cannot be on this machine."""
    limits = _limits(facts)
    wanted = {"memory": limits.memory, "pids": limits.pids, "cpu": limits.cpus}
    names = [name for name, value in wanted.items() if value is not None]
    there = available() if names else set[str]()
    missing = [name for name in names if name not in there]
    said = "This machine does not let Jarvis limit what programs take ({}): it needs control groups."
    return [said.format(", ".join(missing))] if missing else []
