"""Tells a workflow while it happens: each step durable, announced, timed and bounded by what follows it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from jarvis.engine.step import step
from jarvis.workflows import ledger
from jarvis.workflows.events import Done

Json = dict[str, Any]


@dataclass
class Story:
    """The steps of one workflow, told one by one.

    Attributes:
        workflow_id: The id of the row and of the engine's workflow.
        titles: Step name → the sentence shown while it runs, in order.
    """

    workflow_id: str
    titles: dict[str, str]
    _done: Done | None = field(default=None, repr=False)

    def begin(self, look: Callable[[Session, str], Json]) -> Json:
        """Mark the workflow as running and `look` at what it is about, in one transaction."""
        return step("begin", self._begun, look)

    def _begun(self, look: Callable[[Session, str], Json]) -> Json:
        def work(session: Session) -> Json:
            ledger.started(session, self.workflow_id, len(self.titles))
            return look(session, self.workflow_id)

        return ledger.patiently(work)

    def tell(self, name: str, act: Callable[..., Json], *arguments: Any) -> Json:
        """Run the step `name`. What `act` returns is kept; its `said` is shown when the step is done."""
        done, self._done = self._done, None
        result = step(name, self._told, done, name, act, *arguments)
        self._done = (name, result.get("said", self.titles[name]), result["seconds"])
        return result

    def _told(self, done: Done | None, name: str, act: Callable[..., Json], *arguments: Any) -> Json:
        number = list(self.titles).index(name) + 1
        ledger.step_began(self.workflow_id, number, len(self.titles), name, self.titles[name], done)
        began = time.monotonic()
        result = act(*arguments)
        for warning in result.get("warnings", ()):
            ledger.say(self.workflow_id, "warning", warning, step=name)
        return {**result, "seconds": round(time.monotonic() - began, 4)}

    @property
    def last_done(self) -> Done | None:
        """The last step that is done, which the end of the story tells."""
        return self._done
