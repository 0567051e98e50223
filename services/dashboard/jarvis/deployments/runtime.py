"""Which runtime a deployment gets. Pure."""

from collections.abc import Collection
from typing import Any, Literal

from jarvis.artifacts.title import title
from jarvis.deployments.served import served
from jarvis.errors import InvalidInput, NothingToServe
from jarvis.proxy.front import LONGEST_HOST

Json = dict[str, Any]
Runtime = Literal["static", "process"]

VISITED = frozenset({"web", "dockerfile"})
"""Kinds of program that people can visit."""


def chosen(verdict: Json, plan: Json, files: Collection[str], hosts: Collection[str]) -> tuple[Runtime, str]:
    """How it will run, and for finished pages the folder that is served.

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
        return "static", served(verdict, files)
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
    return "process", ""
