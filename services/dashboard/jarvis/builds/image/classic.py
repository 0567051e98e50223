"""Docker's old builder, which every Docker has: it keeps only layers, and can give no secret."""

import json
import re
import time
from collections import deque
from contextlib import closing
from typing import Any

from jarvis import control
from jarvis.builds import bounds
from jarvis.builds.image import adapt
from jarvis.builds.image.context import SENT_AS, Context
from jarvis.builds.image.failure import Failure, explained, overdue, too_full, too_loud
from jarvis.builds.image.instructions import parse
from jarvis.builds.image.order import Order
from jarvis.builds.image.wire import Build
from jarvis.builds.output import LAST_LINES
from jarvis.builds.run import least_free
from jarvis.errors import JarvisError

OWNER = "jarvis.owner"
"""The label that also every step gets."""
_SHARES = bounds.WEIGHT * 1024 // 100
"""Of the processors, where a container has 1024."""
_PERIOD = 100_000
"""Microseconds in which a share of the processors is counted."""
_STEP = re.compile(r"Step (\d+)/(\d+) : (.*)", re.DOTALL)
_QUIET = re.compile(r" ---> |Removing intermediate container |$")
_OURS = "LABEL jarvis."
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_PULLED = ("Pulling from", "Digest", "Status", "Pull complete")


def build(order: Order, version: str, memory: int) -> None:
    """Build the image and give it its tag.

    Args:
        order: What.
        version: Of Docker's API.
        memory: Bytes that the machine has.

    Raises:
        DeployFailed: The build failed; `facts["output"]` has its last lines.
        JarvisError: It took, said or filled too much, Docker went away, or the work was called off.
    """
    dockerfile = parse(adapt.plain(order.dockerfile)) if order.ours else order.dockerfile
    owner = order.labels.get(OWNER, "")
    text = adapt.marked(dockerfile, (OWNER, owner)) if owner else dockerfile.text
    context = Context(order.folder, order.ignored)
    order.say(f"Sending {len(context.paths()):,} files and folders to Docker …")
    query = {
        "t": order.tag,
        "dockerfile": SENT_AS,
        "rm": "1",
        "forcerm": "1",
        "labels": json.dumps(dict(order.labels)),
        "buildargs": json.dumps(dict(order.arguments)),
        "cpushares": str(_SHARES),
        "memory": str(order.limits.memory or int(memory * bounds.SHARE)),
        **(
            {"cpuperiod": str(_PERIOD), "cpuquota": str(int(order.limits.cpus * _PERIOD))}
            if order.limits.cpus
            else {}
        ),
    }
    said = _Said(order)
    began = looked = time.monotonic()
    with closing(Build(order.address, version, query, order.logins, context.tar(text)).events()) as events:
        try:
            for event in events:
                control.check()
                now = time.monotonic()
                if now - began > order.limits.seconds:
                    raise overdue(order.limits.seconds)
                if event is not None:
                    said.take(event)
                if said.size > order.limits.output:
                    raise too_loud(order.limits.output)
                if now - looked > 1:
                    looked = now
                    if least_free(order.disks) < order.limits.reserve:
                        raise too_full(order.limits.reserve)
        except JarvisError as error:
            error.facts.setdefault("output", said.last())
            raise
    said.end()


class _Said:
    """What Docker says, told line by line."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._rest = ""
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self._instruction = ""
        self._step = ""
        self._began = time.monotonic()
        self._error = ""
        self.size = 0

    def take(self, event: dict[str, Any]) -> None:
        if "error" in event:
            self._error = str(event["error"])
        elif "stream" in event:
            text = _COLOURS.sub("", str(event["stream"]))
            self.size += len(text)
            *lines, self._rest = (self._rest + text).split("\n")
            for line in lines:
                self._line(line.rstrip("\r").rpartition("\r")[2])
        elif str(event.get("status", "")).startswith(_PULLED):
            self._order.say(" ".join(str(event[key]) for key in ("id", "status") if event.get(key)))

    def _line(self, line: str) -> None:
        if step := _STEP.fullmatch(line):
            self._took()
            self._step, self._instruction = f"Step {step[1]}/{step[2]}", step[3]
            if step[3].startswith(_OURS):
                return
        elif _QUIET.match(line):
            return
        else:
            self._last.append(line)
        self._order.say(line)

    def _took(self) -> None:
        now = time.monotonic()
        if self._step and now - self._began > 1:
            self._order.say(f"{self._step} took {now - self._began:.1f} s")
        self._began = now

    def end(self) -> None:
        """When Docker has nothing more to say.

        Raises:
            JarvisError: It did not build the image.
        """
        if self._rest:
            self._line(self._rest)
        if self._error:
            said = self._order.hide(self._error)
            self._order.say(self._error)
            raise explained(Failure(said, self._order.hide(self._instruction), self.last()))
        self._took()

    def last(self) -> list[str]:
        """Its last lines, without secrets."""
        return [line[:500] for line in self._order.hide("\n".join(self._last)).split("\n") if line]
