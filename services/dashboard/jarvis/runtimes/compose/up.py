"""Let the services of a stack run, and see that each is well before those that need it begin."""

import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from jarvis import control, telling
from jarvis.errors import InvalidInput, NotProven
from jarvis.runtimes import memory
from jarvis.runtimes.compose import command, member
from jarvis.runtimes.compose.override import FRESH, Names, called, copies, order
from jarvis.runtimes.compose.stack import Stack
from jarvis.runtimes.docker import check, engine, state
from jarvis.runtimes.docker.state import State
from jarvis.shell import CommandFailed

Json = dict[str, Any]
Say = Callable[[str], None]

STEADY = 1.0
"""Seconds for which a service without a healthcheck must run before it counts as well."""
LOOK_EVERY = 0.1
RESTARTS = 3
"""So often a container may end before it is given up."""
LAST = 20
"""Lines of its log that an error carries."""
CHANGE_WITHIN = 300.0
"""Seconds that docker-compose may take to change containers; it ends the old ones first."""
UNSURE = "…is not healthy yet"
NEVER = "0001-"
"""How the time begins at which a container was started that never was."""


def up(stack: Stack, names: Names, file: Path, wanted: Collection[str], *, patience: float, say: Say) -> None:
    """Start the services of one file, level by level, and wait for each level.

    Args:
        stack: The release.
        names: How things are called.
        file: The compose file that is run; it names all of `wanted`.
        wanted: Services of the stack.
        patience: Seconds in which each level must be well.
        say: Is told what happens.

    Raises:
        NotProven: A service does not become well; with the last lines that it said.
        JarvisError: The work was called off, or Docker does not answer.
    """
    project = names.project if set(wanted) <= set(stack.kept) else names.fresh
    done = _done(stack, names)
    for level in order(stack, [name for name in wanted if name not in done]):
        _start(stack, names, project, file, level)
        _wait(stack, names, level, patience, say)


def _done(stack: Stack, names: Names) -> set[str]:
    """What runs to its end and did so for this deployment, in an earlier life."""
    mine = [one for one in member.of(stack.service, names.deployment) if one.group == FRESH]
    ended = [one for one in mine if one.part in stack.once and not one.running]
    return {
        one.part
        for one in ended
        if (seen := member.seen(one)) is not None
        and not seen.exit_code
        and not seen.started_at.startswith(NEVER)
    }


def _start(stack: Stack, names: Names, project: str, file: Path, level: list[str]) -> None:
    services = [called(stack, names, name) for name in level]
    words = ("up", "--detach", "--no-deps", "--no-build", "--quiet-pull", *services)
    try:
        command.run(project, file, *words, timeout=CHANGE_WITHIN)
    except CommandFailed as error:
        if engine.is_gone(error.output):
            raise engine.silent(error.output.strip()) from error
        lines = [line for line in error.output.splitlines() if not line.startswith(("time=", " "))]
        why = (lines[-1] if lines else error.message).rstrip(".")
        raise NotProven(
            f"{' and '.join(level)} cannot be started: {why.removeprefix('Error response from daemon: ')}.",
            "Look at its command, image and ports in the compose file.",
            {"output": error.output.splitlines()[-LAST:], "services": level},
        ) from error


def _of(stack: Stack, names: Names, level: Collection[str]) -> list[member.Member]:
    return [one for one in member.of(stack.service, names.deployment) if one.part in level]


def _wait(stack: Stack, names: Names, level: list[str], patience: float, say: Say) -> None:
    began = time.monotonic()
    waiting = dict.fromkeys(level, "")
    while waiting:
        there = _of(stack, names, waiting)
        for name in list(waiting):
            mine = [seen for one in there if one.part == name if (seen := member.seen(one)) is not None]
            # Of the public service it is seen afterwards that it listens and answers.
            seconds = STEADY if name == stack.public else time.monotonic() - began
            how = _how(stack, name, mine, seconds)
            if how == UNSURE and _is_well(mine):
                how = "is healthy"
            if how.startswith("!"):
                raise sick(name, mine, how[1:])
            if how and not how.startswith("…"):
                say(f"{name} {how}")
                del waiting[name]
            elif how != waiting.get(name):
                waiting[name] = how
                if how:
                    say(f"{name} {how.removeprefix('…')} …")
        if waiting and time.monotonic() - began > patience:
            name = next(iter(waiting))
            mine = [seen for one in there if one.part == name if (seen := member.seen(one)) is not None]
            raise sick(name, mine, f"is not well after {patience:g} seconds")
        control.check()
        if waiting:
            time.sleep(LOOK_EVERY)


def _is_well(mine: list[State]) -> bool:
    """Ask the containers themselves: Docker looks only after an interval, which is often half a minute."""
    for one in mine:
        words = member.check_of(one.id)
        try:
            if not words or check.run(one.id, words):
                return False
        except InvalidInput:  # it does not run just now
            return False
    return True


def _how(stack: Stack, name: str, mine: list[State], seconds: float) -> str:
    """How a service is: with `!` ill for ever, with `…` not well yet, else well; empty for nothing to say."""
    raw: Json = stack.document["services"][name]
    wanted = 1 if name == stack.public else copies(raw)
    if len(mine) < min(wanted, 1):
        return "!is gone right after it was started"
    worst = ""
    for one in mine:
        how = _one(one, name in stack.once, seconds)
        if how.startswith("!"):
            return how
        if how.startswith("…") or not how:
            worst = how or "…begins"
    return worst or _one(mine[0], name in stack.once, seconds)


def _one(one: State, once: bool, seconds: float) -> str:
    ended = not one.running and not one.started_at.startswith(NEVER) and not one.restarts
    if one.error:
        return f"!{one.ending}"
    if once and not one.running:
        if one.restarts > RESTARTS:
            return f"!{one.ending}"
        return "…begins" if not ended else ("has ended well" if not one.exit_code else f"!{one.ending}")
    if once:
        return "…runs to its end"
    if one.restarts > RESTARTS:
        told = ", as often as it is started. If it is to end, say restart: “no”" if not one.exit_code else ""
        return f"!{one.ending}{told}"
    if not one.running:
        return "…begins"
    if one.health == "healthy":
        return "is healthy"
    if one.health == "unhealthy":
        return f"!is not well, says its healthcheck ({one.health_said or 'without a word'})"
    if one.health:
        return UNSURE
    return "runs" if seconds >= STEADY and not one.restarts else "…runs"


def sick(name: str, mine: list[State], what: str) -> NotProven:
    """The error of a service that is not as it should be, with the last lines that it said."""
    lines = [f"{name} | {line}" for one in mine[:1] for line in state.logs(one.id, LAST)]
    why = telling.line(line.partition(" | ")[2] for line in lines)
    said = f": {why}" if why else "."
    return NotProven(
        f"The service {name} {memory.limited(what, mine[0].memory if mine else 0)}{said}",
        "The last lines of its log are with this error.",
        {"output": lines, "service": name},
    )
