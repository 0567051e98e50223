"""Workflows and steps, as the stories use them: names in, JSON out, errors as sentences."""

import errno
import logging
import random
from collections.abc import Callable
from functools import wraps
from typing import Any

from dbos import DBOS
from dbos._utils import GlobalParams

from jarvis.control import Control, within
from jarvis.engine.terms import row_of
from jarvis.errors import JarvisError, StorageFull, from_problem, problem, unexpected

log = logging.getLogger(__name__)

FULL = {errno.ENOSPC, errno.EDQUOT}
ATTEMPTS = 4
PAUSE = 0.2
"""Seconds before the second attempt of a step that failed in passing; doubled each time, with jitter."""
DEADLINE = 60.0
"""Seconds for a step with all its attempts, where its story does not say otherwise."""
RECOVERIES = 50
"""How often a workflow may be taken over from a dead worker before a person is asked."""

KINDS: set[str] = set()
"""The names of all registered workflows."""

Json = dict[str, Any]


class Suspended(Exception):
    """The workflow waits, was paused, or is no longer ours. Its story is not at its end."""


def workflow(name: str) -> Callable[[Callable[[str], Json]], Callable[[str], Json]]:
    """Register a function of one workflow id as the durable workflow `name`."""

    def register(function: Callable[[str], Json]) -> Callable[[str], Json]:
        KINDS.add(name)

        @wraps(function)
        def lived(workflow_id: str) -> Json:
            try:
                return function(workflow_id)
            except Suspended as why:
                return {"status": "suspended", "why": str(why)}

        return DBOS.workflow(name=name, max_recovery_attempts=RECOVERIES)(lived)

    return register


def _attempt(
    function: Callable[..., Any], arguments: tuple[Any, ...], promise: tuple[str, float, bool], attempts: int
) -> Json:
    """Run a step until it ends for good; its outcome, good or bad, is what the engine keeps."""
    name, deadline, shielded = promise
    with within(Control(row_of(str(DBOS.workflow_id)), name, deadline, shielded=shielded)) as control:
        for attempt in range(1, attempts + 1):
            try:
                return {"value": function(*arguments)}
            except Suspended as why:
                return {"suspended": str(why)}
            except JarvisError as error:
                if not error.transient or attempt == attempts or control.stopped_at is not None:
                    return {"problem": problem(error)}
                log.warning("Step %s will be tried again: %s", function.__name__, error)
            except Exception as error:  # a bug must end as a failed deployment, not as a stuck one
                log.exception("Step %s broke", function.__name__)
                if isinstance(error, OSError) and error.errno in FULL:
                    full = StorageFull("The disk is full.", "Free some space, then try again.")
                    return {"problem": problem(full)}
                return {"problem": problem(unexpected(error))}
            jitter = random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret
            try:
                control.pause(PAUSE * 2 ** (attempt - 1) * jitter)
            except JarvisError as error:
                return {"problem": problem(error)}
    raise AssertionError("unreachable")


def step(
    name: str,
    function: Callable[..., Any],
    *arguments: Any,
    deadline: float = DEADLINE,
    attempts: int = ATTEMPTS,
    shielded: bool = False,
) -> Any:
    """Run `function(*arguments)` once, durably: after a crash its kept outcome is returned instead.

    A step that was cut off in the middle is run again, so it must be safe to run twice.

    Args:
        name: Kept with the outcome.
        function: What to do.
        arguments: For it.
        deadline: Seconds for all attempts together; then it is called off.
        attempts: How often it is tried while its errors are transient.
        shielded: It is not stopped when the workflow is called off: it puts things in order.

    Raises:
        JarvisError: As the step raised it (also when it is read back after a crash).
        Suspended: As the step raised it.
    """
    outcome: Json = DBOS.run_step(
        {"name": name}, _attempt, function, arguments, (name, deadline, shielded), attempts
    )
    if "problem" in outcome:
        raise from_problem(outcome["problem"])
    if "suspended" in outcome:
        raise Suspended(outcome["suspended"])
    return outcome["value"]


def life() -> int:
    """Which life of its workflow the caller runs in, counted from 1."""
    _, _, number = str(DBOS.workflow_id).partition(".")
    return int(number) if number.isdigit() else 1


def worker() -> str:
    """The id of this process among the workers."""
    return GlobalParams.executor_id
