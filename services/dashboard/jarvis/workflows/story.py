"""Tells a workflow while it happens: each step durable, announced, timed and bounded by what follows it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jarvis.engine.step import step
from jarvis.workflows import ledger

Json = dict[str, Any]


@dataclass(frozen=True)
class Story:
    """The steps of one workflow, told one by one.

    Attributes:
        workflow_id: The id of the row and of the engine's workflow.
        titles: Step name → the sentence shown while it runs, in order.
    """

    workflow_id: str
    titles: dict[str, str]

    def begin(self) -> None:
        """Mark the workflow as running."""
        step("begin", ledger.started, self.workflow_id, len(self.titles))

    def tell(self, name: str, act: Callable[..., Json], *arguments: Any) -> Json:
        """Run the step `name`. What `act` returns is kept; its `said` is shown when the step is done."""
        return step(name, self._told, name, act, *arguments)

    def _told(self, name: str, act: Callable[..., Json], *arguments: Any) -> Json:
        number = list(self.titles).index(name) + 1
        ledger.step_began(self.workflow_id, number, len(self.titles), name, self.titles[name])
        began = time.monotonic()
        result = act(*arguments)
        seconds = round(time.monotonic() - began, 4)
        for warning in result.get("warnings", ()):
            ledger.say(self.workflow_id, "warning", warning, step=name)
        said = result.get("said", self.titles[name])
        ledger.say(self.workflow_id, "done", said, step=name, data={"seconds": seconds})
        return result
