"""A command that runs to its end in the swarm, where and with what the copies of a deployment run."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from jarvis import control
from jarvis.deployments import settings
from jarvis.deployments.cluster import registered, swarmed
from jarvis.deployments.docker import once
from jarvis.errors import DeployFailed, JarvisError, Overdue
from jarvis.runtimes.swarm import converge, logs, network, nodes, service, tasks
from jarvis.runtimes.swarm.tasks import OVER, Task

Json = dict[str, Any]

LOOK_EVERY = 0.3


def run(
    facts: Json,
    words: Sequence[str],
    *,
    say: Callable[[str], None],
    seconds: float,
    hide: Callable[[str], str],
) -> None:
    """Run it with the image, variables, volumes, limits, network and placement of the deployment.

    Args:
        facts: Of the deployment; `workflow_id` gives it its name.
        words: The command; what the image says that is to be run is not.
        say: Gets every line that it says.
        seconds: Until it has ended.
        hide: Takes secrets out of the lines that go into an error.

    Raises:
        DeployFailed: It ended with an error, or finds no machine.
        Overdue: It took too long.
        JarvisError: It cannot be started, or was called off.
    """
    found = registered.image_of(facts)
    swarmed.check(settings.of(facts), found.volumes)
    reference, net = registered.published(facts), network.make(facts["service"])
    spec = replace(
        swarmed.spec_of(facts, found, reference, net),
        words=tuple(words),
        workflow=facts["workflow_id"],
        replicas=1,
        checked=False,
    )
    before = service.find(spec.called)
    if before is not None and before.deployment == spec.deployment:
        service.remove(before.id)  # of a worker that was killed
    key = service.ensure(spec, registered.place().account)
    last: deque[str] = deque(maxlen=once.LAST)

    def tell(raw: bytes) -> None:
        line = raw.decode("utf-8", "replace").rstrip("\r")
        last.append(line)
        say(line)

    try:
        done = _ended(key, seconds, ear := _Ear(tell))
        ear.finish(done.id)
        if done.state != "complete" or done.ended_with:
            raise DeployFailed(
                f"“{words[0]}” {done.ending}.",
                "Its last lines are with this error.",
                {"output": [hide(line) for line in last], "exit_code": done.ended_with},
            )
    finally:
        service.remove(key)


class _Ear:
    """Hears what it says while it runs; the log as a whole has the last word.

    Args:
        tell: Gets each line.
    """

    def __init__(self, tell: Callable[[bytes], None]) -> None:
        self._tell = tell
        self._heard = 0
        self._over = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, key: str) -> None:
        """Hear that task from now on."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, args=(key,), name="hear", daemon=True)
            self._thread.start()

    def _run(self, key: str) -> None:
        with suppress(JarvisError):  # what is missed now is told at the end
            for _, raw in logs.lines(key):
                with self._lock:
                    if self._over:
                        return
                    self._heard += 1
                    self._tell(raw)

    def finish(self, key: str) -> None:
        """It has ended: tell the rest."""
        with self._lock:
            self._over = True
            for _, raw in list(logs.lines(key, follow=False))[self._heard :]:
                self._tell(raw)


def _ended(key: str, seconds: float, ear: _Ear) -> Task:
    """Wait until it has ended."""
    end, began = time.monotonic() + seconds, time.monotonic()
    while True:
        there = tasks.of(key)
        if there and there[-1].state in OVER:
            return there[-1]
        if there and there[-1].container:
            ear.begin(there[-1].id)
        if why := converge.hopeless(there, nodes.listed(), time.monotonic() - began):
            raise converge.sick(why, there)
        if time.monotonic() > end:
            raise Overdue(
                f"The command did not end within {seconds:g} seconds, and was killed.",
                "See its lines: it may wait for something. Long work is better done by a service of its own.",
            )
        control.check()
        time.sleep(LOOK_EVERY)
