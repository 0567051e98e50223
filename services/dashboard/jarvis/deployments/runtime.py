"""Which runtime a deployment gets, and why. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from jarvis.artifacts.title import title
from jarvis.deployments.pages.served import served
from jarvis.errors import InvalidInput, NothingToServe
from jarvis.proxy.front import LONGEST_HOST

Json = dict[str, Any]
Runtime = Literal["static", "process", "container", "compose", "swarm"]

VISITED = frozenset({"web", "dockerfile"})
"""Kinds of program that people can visit."""
IMAGES = frozenset({"own-dockerfile", "generated-dockerfile"})
"""Ways of building by which an image is made."""
NEEDS = {"container": IMAGES, "swarm": IMAGES, "compose": frozenset({"compose"})}
"""Runtimes that take Docker, and the ways of building that each can run."""
RUNTIMES: dict[str, Runtime] = {"container": "container", "swarm": "swarm", "compose": "compose"}
GET_DOCKER = "Or install Docker (apt install docker.io): then it runs in a container."


@dataclass(frozen=True)
class Machine:
    """What the machine that it is to run on can do.

    Attributes:
        docker: Docker answers there.
        missing: Programs that its recipe needs and that are not there.
        manages: Docker manages a swarm there.
    """

    docker: bool = False
    missing: tuple[str, ...] = ()
    manages: bool = False


@dataclass(frozen=True)
class Chosen:
    """How a deployment will run.

    Attributes:
        runtime: What runs it.
        root: For pages, the folder that is served.
        made: The pages have to be made first; `root` is there afterwards.
        why: In words for a person.
    """

    runtime: Runtime
    root: str = ""
    made: bool = False
    why: str = ""


def chosen(
    verdict: Json,
    plan: Json,
    files: Collection[str],
    hosts: Collection[str],
    *,
    wanted: str = "",
    machine: Machine | None = None,
) -> Chosen:
    """How it will run, and for pages the folder that is served.

    Args:
        verdict: What the artifact is.
        plan: How it would be made.
        files: The paths in it.
        hosts: Its public names.
        wanted: The runtime that its settings ask for; empty when they do not.
        machine: What there is to run it; nothing but the languages of the machine when missing.

    Raises:
        NothingToServe: It cannot be run here; the sentence says why.
        InvalidInput: A program cannot answer under a name as long as this, or what is wanted is impossible.
    """
    machine = machine or Machine()
    found = (
        _wanted(wanted, verdict, plan, files, machine) if wanted else _found(verdict, plan, files, machine)
    )
    long = [host for host in hosts if len(host) > LONGEST_HOST]
    if long and found.runtime != "static":
        raise InvalidInput(
            f"{long[0]} is too long for a program: at most {LONGEST_HOST} signs.",
            "Choose a shorter --domain.",
            {"field": "domain"},
        )
    return found


def _found(verdict: Json, plan: Json, files: Collection[str], machine: Machine) -> Chosen:
    """What fits best: images that the project asks for, then what the machine can do by itself."""
    uses = plan.get("uses")
    if uses == "compose" and machine.docker:
        return Chosen("compose", why=f"The project has a compose file, {plan['file']}.")
    if uses == "own-dockerfile" and machine.docker:
        return Chosen("container", why=f"The project has its own Dockerfile, {plan['file']}.")
    lacks = bool(machine.missing) and uses in IMAGES and machine.docker
    if verdict["kind"] not in VISITED:
        return _pages_or_container(verdict, plan, files, lacks=lacks, machine=machine)
    if lacks:
        return _in_container(machine)
    if _starts(plan):
        return Chosen("process", why="The machine has what it is written in, so it needs no container.")
    if uses in IMAGES and machine.docker:
        return Chosen("container", why="What starts it is only to be had in an image.")
    raise _unknown(verdict, plan, machine)


def _in_container(machine: Machine) -> Chosen:
    names = ", ".join(machine.missing)
    return Chosen("container", why=f"It needs {names}, which is not on the machine: its image has it.")


def _pages_or_container(
    verdict: Json, plan: Json, files: Collection[str], *, lacks: bool, machine: Machine
) -> Chosen:
    try:
        pages = _pages(verdict, plan, files)
    except NothingToServe as error:
        if plan.get("uses") == "compose" and not machine.docker:
            raise NothingToServe(error.message, f"{error.hint} {GET_DOCKER}", error.facts) from error
        raise
    # Pages that lie there finished need nothing; those that are made need what makes them.
    return _in_container(machine) if pages.made and lacks else pages


def _starts(plan: Json) -> bool:
    recipe = plan.get("recipe")
    return bool(recipe and recipe["start"])


def _unknown(verdict: Json, plan: Json, machine: Machine) -> NothingToServe:
    why = plan.get("why") or "Nobody knows what starts it."
    hint = plan.get("hint") or "Say it: --start-command."
    if plan.get("uses") in IMAGES and not machine.docker:
        hint = f"{hint} {GET_DOCKER}"
    return NothingToServe(
        f"This is {title(verdict)}, and it is not known how it is started here. {why}",
        hint,
        {"kind": verdict["kind"], "language": verdict["language"], "framework": verdict["framework"]},
    )


def _wanted(wanted: str, verdict: Json, plan: Json, files: Collection[str], machine: Machine) -> Chosen:
    """What the settings ask for, if that is possible."""
    why = "The settings of the service say so."
    if wanted == "static":
        pages = _pages(verdict, plan, files)
        return Chosen(pages.runtime, pages.root, pages.made, why)
    if wanted == "process":
        if not _starts(plan):
            raise _unknown(verdict, plan, Machine(docker=True))
        return Chosen("process", why=why)
    if plan.get("uses") not in NEEDS[wanted]:
        image = "a Dockerfile, and this has none and gets none"
        needs = {"container": image, "swarm": image, "compose": "a compose file"}
        raise InvalidInput(
            f"This cannot run as “{wanted}”, as its settings say: that takes {needs[wanted]}.",
            "Change the setting runtime, or leave it out.",
            {"field": "runtime"},
        )
    if not machine.docker:
        raise InvalidInput(
            f"This is to run as “{wanted}”, and Docker does not answer.",
            "Install it (apt install docker.io) or start it, and see JARVIS_DOCKER_HOST.",
            {"field": "runtime"},
        )
    if wanted == "swarm" and not machine.manages:
        raise InvalidInput(
            "This is to run as “swarm”, and the Docker of this machine does not manage one.",
            "Make one (docker swarm init), or let it join one as a manager "
            "(docker swarm join-token manager there).",
            {"field": "runtime"},
        )
    return Chosen(RUNTIMES[wanted], why=why)


def _pages(verdict: Json, plan: Json, files: Collection[str]) -> Chosen:
    """Finished ones that lie there already, else those that a build makes."""
    try:
        return Chosen("static", served(verdict, files), why="These are finished pages.")
    except NothingToServe:
        recipe = plan.get("recipe")
        if verdict["kind"] != "static" or not recipe or not recipe["steps"] or not plan.get("static"):
            raise
    place = PurePosixPath(plan["root"], plan["static"]["root"])
    root = "" if str(place) == "." else str(place)
    return Chosen("static", root, made=True, why="Its build makes pages, and nothing of it runs afterwards.")
