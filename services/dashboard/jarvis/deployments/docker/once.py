"""A command that runs to its end in a container of its own beside the copies of a deployment."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from jarvis import control
from jarvis.deployments.docker import copies
from jarvis.errors import DeployFailed, JarvisError, Overdue
from jarvis.runtimes.docker import container, follow, network, state

log = logging.getLogger(__name__)

Json = dict[str, Any]

LOOK_EVERY = 0.1
LAST = 20
"""Lines that an error carries."""
LAST_LINES_WITHIN = 10.0
"""Seconds for what it said last to arrive, once it has ended."""


def run(
    facts: Json,
    words: Sequence[str],
    *,
    say: Callable[[str], None],
    seconds: float,
    hide: Callable[[str], str],
) -> None:
    """Run it with the image, variables, volumes, limits and network of the deployment.

    Args:
        facts: Of the deployment; `workflow_id` gives the container its name.
        words: The command; what the image says that is to be run is not.
        say: Gets every line that it says.
        seconds: Until it has ended.
        hide: Takes secrets out of the lines that go into an error.

    Raises:
        DeployFailed: It ended with an error.
        Overdue: It took too long.
        JarvisError: It cannot be started, or was called off.
    """
    found, net = copies.image_of(facts), network.make(facts["service"])
    spec = replace(
        copies.spec_of(facts, found, net, 0, ""),
        words=tuple(words),
        workflow=facts["workflow_id"],
        restart=False,
    )
    if (before := state.status(spec.called)) is not None and before.deployment == spec.deployment:
        container.remove(before.id)  # of a worker that was killed
    key = container.create(spec)
    last: deque[str] = deque(maxlen=LAST)

    def hear() -> None:
        try:
            for _, raw in follow.lines(key):
                line = raw.decode("utf-8", "replace").rstrip("\r")
                last.append(line)
                say(line)
        except JarvisError as error:
            log.warning("What %s said is not known to its end: %s", spec.called, error.message)

    hears = threading.Thread(target=hear, name="hear", daemon=True)
    try:
        container.start(key)
        hears.start()
        _ended(key, seconds)
        hears.join(LAST_LINES_WITHIN)
        seen = state.status(key)
        if seen is None or seen.exit_code or seen.out_of_memory:
            raise DeployFailed(
                f"“{words[0]}” {seen.ending if seen else 'was removed while it ran'}.",
                "Its last lines are with this error.",
                {"output": [hide(line) for line in last], "exit_code": seen.exit_code if seen else None},
            )
    finally:
        container.remove(key)


def _ended(key: str, seconds: float) -> None:
    """Wait until it has ended."""
    end = time.monotonic() + seconds
    while (seen := state.status(key)) is not None and seen.running:
        if time.monotonic() > end:
            raise Overdue(
                f"The command did not end within {seconds:g} seconds, and was killed.",
                "See its lines: it may wait for something. Long work is better done by a service of its own.",
            )
        control.check()
        time.sleep(LOOK_EVERY)
