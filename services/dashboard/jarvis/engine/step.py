"""Workflows and steps, as the stories use them: names in, JSON out, errors as sentences."""

import errno
import logging
import random
import time
from collections.abc import Callable
from typing import Any

from dbos import DBOS

from jarvis.errors import JarvisError, StorageFull, from_problem, problem, unexpected

log = logging.getLogger(__name__)

FULL = {errno.ENOSPC, errno.EDQUOT}
ATTEMPTS = 4
PAUSE = 0.2
"""Seconds before the second attempt of a step that failed in passing; doubled each time, with jitter."""

Json = dict[str, Any]


def workflow(name: str) -> Callable[[Callable[[str], Json]], Callable[[str], Json]]:
    """Register a function of one workflow id as the durable workflow `name`."""
    return DBOS.workflow(name=name, max_recovery_attempts=50)


def _attempt(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Json:
    """Run a step until it ends for good; its outcome, good or bad, is what the engine keeps."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return {"value": function(*arguments)}
        except JarvisError as error:
            if not error.transient or attempt == ATTEMPTS:
                return {"problem": problem(error)}
            log.warning("Step %s will be tried again: %s", function.__name__, error)
        except Exception as error:  # a bug must end as a failed deployment, not as a stuck one
            log.exception("Step %s broke", function.__name__)
            if isinstance(error, OSError) and error.errno in FULL:
                return {
                    "problem": problem(StorageFull("The disk is full.", "Free some space, then try again."))
                }
            return {"problem": problem(unexpected(error))}
        time.sleep(PAUSE * 2 ** (attempt - 1) * random.uniform(0.75, 1.25))  # noqa: S311 - jitter, not a secret
    raise AssertionError("unreachable")


def step(name: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """Run `function(*arguments)` once, durably: after a crash its kept outcome is returned instead.

    A step that was cut off in the middle is run again, so it must be safe to run twice.

    Raises:
        JarvisError: As the step raised it (also when it is read back after a crash).
    """
    outcome: Json = DBOS.run_step({"name": name}, _attempt, function, arguments)
    if "problem" in outcome:
        raise from_problem(outcome["problem"])
    return outcome["value"]
