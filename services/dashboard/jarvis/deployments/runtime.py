"""Which runtime a deployment gets. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from jarvis.artifacts.title import title
from jarvis.deployments.served import served
from jarvis.errors import InvalidInput, NothingToServe
from jarvis.proxy.front import LONGEST_HOST

Json = dict[str, Any]
Runtime = Literal["static", "process"]

VISITED = frozenset({"web", "dockerfile"})
"""Kinds of program that people can visit."""


@dataclass(frozen=True)
class Chosen:
    """How a deployment will run.

    Attributes:
        runtime: What runs it.
        root: For pages, the folder that is served.
        made: The pages have to be made first; `root` is there afterwards.
    """

    runtime: Runtime
    root: str = ""
    made: bool = False


def chosen(verdict: Json, plan: Json, files: Collection[str], hosts: Collection[str]) -> Chosen:
    """How it will run, and for pages the folder that is served.

    Args:
        verdict: What the artifact is.
        plan: How it would be made.
        files: The paths in it.
        hosts: Its public names.

    Raises:
        NothingToServe: It cannot be run here; the sentence says why.
        InvalidInput: A program cannot answer under a name as long as this.
    """
    if verdict["kind"] not in VISITED:
        return _pages(verdict, plan, files)
    recipe = plan.get("recipe")
    if not recipe or not recipe["start"]:
        why = plan.get("why") or "Nobody knows what starts it."
        raise NothingToServe(
            f"This is {title(verdict)}, and it is not known how it is started here. {why}",
            plan.get("hint") or "Say it: --start-command.",
            {"kind": verdict["kind"], "language": verdict["language"], "framework": verdict["framework"]},
        )
    long = [host for host in hosts if len(host) > LONGEST_HOST]
    if long:
        raise InvalidInput(
            f"{long[0]} is too long for a program: at most {LONGEST_HOST} signs.",
            "Choose a shorter --domain.",
            {"field": "domain"},
        )
    return Chosen("process")


def _pages(verdict: Json, plan: Json, files: Collection[str]) -> Chosen:
    """Finished ones that lie there already, else those that a build makes."""
    try:
        return Chosen("static", served(verdict, files))
    except NothingToServe:
        recipe = plan.get("recipe")
        if verdict["kind"] != "static" or not recipe or not recipe["steps"] or not plan.get("static"):
            raise
    place = PurePosixPath(plan["root"], plan["static"]["root"])
    return Chosen("static", "" if str(place) == "." else str(place), made=True)
