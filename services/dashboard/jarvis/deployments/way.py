"""The ways in which a deployment can run, each a module with the same functions. Pages need none of them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from jarvis.deployments.cluster import swarm
from jarvis.deployments.compose import stacks
from jarvis.deployments.docker import containers
from jarvis.deployments.programs import processes

Json = dict[str, Any]


class Way(Protocol):
    """What each of them can do. `facts` are those of a deployment; every function may run twice."""

    def build(self, facts: Json, tree: Path, plan: Mapping[str, Any]) -> Json:
        """Make what will run, from the unpacked artifact; returns what is said of it."""
        ...

    def is_made(self, facts: Json) -> bool:
        """Is it there, whole, from an earlier life?"""
        ...

    def start(self, facts: Json) -> Json:
        """Let it run beside the version before, and see that it answers. Nobody visits it yet."""
        ...

    def is_started(self, facts: Json) -> bool:
        """Does it still run that was started in an earlier life?"""
        ...

    def prove(self, facts: Json, status: int) -> str:
        """See that what answered `status` through the proxy is this one."""
        ...

    def wrong(self, facts: Json, status: int) -> str:
        """What is wrong with one that should run; empty when all is well."""
        ...

    def begin(self, facts: Json) -> None:
        """Let it run, without waiting for it."""
        ...

    def ensure(self, facts: Json) -> bool:
        """Let it run if it does not, and wait for it; True when it had to be started."""
        ...

    def run(
        self,
        facts: Json,
        words: Sequence[str],
        *,
        say: Callable[[str], None],
        seconds: float,
        hide: Callable[[str], str],
    ) -> None:
        """Run a command to its end beside it, with its files, environment and user; `say` gets its lines."""
        ...

    def stop_others(self, facts: Json) -> None:
        """Let the versions before end their requests, and end them."""
        ...

    def stop_all(self, service: str) -> None:
        """End all versions of the service at once, and forget what they were made of."""
        ...

    def forget(self, service: str, release: str) -> None:
        """Delete a release that nobody goes back to."""
        ...

    def undo(self, facts: Json) -> None:
        """Nothing of a deployment that failed runs or lies around; a version that ran before stays whole."""
        ...


WAYS: dict[str, Way] = {"compose": stacks, "process": processes, "swarm": swarm, "container": containers}
"""By the name of the runtime. Stacks come first: a release's folder tells them what to remove in Docker, and
programs throw that folder away. The swarm comes before containers: their images tell what to remove in its
registry."""


def of(facts: Json) -> Way:
    """The way that this deployment runs.

    Raises:
        KeyError: It is made of pages.
    """
    return WAYS[facts["configuration"]["runtime"]]


def runs(facts: Json) -> bool:
    """Is there a program to start?"""
    return facts["configuration"].get("runtime") in WAYS


def is_started(facts: Json) -> bool:
    """Does it still run that was started in an earlier life?"""
    return of(facts).is_started(facts)


def stop_others(facts: Json) -> None:
    """End the versions before, whatever way they ran."""
    for way in WAYS.values():
        way.stop_others(facts)


def stop_all(service: str) -> None:
    """End all versions of the service, whatever way they run."""
    for way in WAYS.values():
        way.stop_all(service)


def forget(service: str, release: str) -> None:
    """Delete a release, whatever way it ran."""
    for way in WAYS.values():
        way.forget(service, release)


def undo(facts: Json) -> None:
    """Nothing of a deployment that failed stays, whatever way it should have run."""
    for way in WAYS.values():
        way.undo(facts)
