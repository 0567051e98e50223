"""Workflows and their steps, as the stories use them: names in, JSON out, errors as sentences."""

import errno
import logging
import random
from collections.abc import Callable
from functools import wraps
from typing import Any

from dbos import DBOS
from dbos._context import current_owner_xid
from dbos._utils import GlobalParams

from jarvis.control import Control, within
from jarvis.engine.terms import row_of
from jarvis.errors import JarvisError, StorageFull, unexpected

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


def bounded(
    name: str,
    function: Callable[..., Any],
    *arguments: Any,
    deadline: float = DEADLINE,
    attempts: int = ATTEMPTS,
    shielded: bool = False,
) -> Any:
    """Run `function(*arguments)` until it ends for good: within its deadline, again while its errors pass.

    Nothing is kept: after a crash it runs again, unless the caller knows better.

    Args:
        name: For messages.
        function: What to do.
        arguments: For it.
        deadline: Seconds for all attempts together; then it is called off.
        attempts: How often it is tried while its errors are transient.
        shielded: It is not stopped when the workflow is called off: it puts things in order.

    Raises:
        JarvisError: As the function raised it; a bug as a sentence.
        Suspended: As the function raised it.
    """
    with within(Control(row_of(str(DBOS.workflow_id)), name, deadline, shielded=shielded)) as control:
        for attempt in range(1, attempts + 1):
            try:
                return function(*arguments)
            except Suspended:
                raise
            except JarvisError as error:
                if not error.transient or attempt == attempts or control.stopped_at is not None:
                    raise
                log.warning("Step %s will be tried again: %s", function.__name__, error)
            except Exception as error:  # a bug must end as a failed deployment, not as a stuck one
                log.exception("Step %s broke", function.__name__)
                if isinstance(error, OSError) and error.errno in FULL:
                    raise StorageFull("The disk is full.", "Free some space, then try again.") from error
                raise unexpected(error) from error
            jitter = random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret
            control.pause(PAUSE * 2 ** (attempt - 1) * jitter)
    raise AssertionError("unreachable")


def life() -> int:
    """Which life of its workflow the caller runs in, counted from 1."""
    _, _, number = str(DBOS.workflow_id).partition(".")
    return int(number) if number.isdigit() else 1


def claim() -> tuple[str, str] | None:
    """The engine's id of the caller's life, and the sign under which it was claimed; None outside of one.

    Whoever takes the work over writes another sign: a worker that stood still meanwhile no longer owns it.
    """
    key = DBOS.workflow_id
    owner = current_owner_xid(key) if key else None
    return (key, owner) if key and owner else None


def worker() -> str:
    """The id of this process among the workers."""
    return GlobalParams.executor_id
