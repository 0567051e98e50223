"""Work of a deployment that needs Docker, which may go away in the middle of it."""

from collections.abc import Callable
from typing import Any, TypeVar

from jarvis.runtimes.docker import engine
from jarvis.workflows import ledger

Json = dict[str, Any]
T = TypeVar("T")


def bridged(facts: Json, work: Callable[[], T], back: Callable[[Json], object] | None = None) -> T:
    """As `engine.patiently`; the story tells that Docker is waited for.

    Args:
        facts: Of the deployment.
        work: What is done; it may run twice.
        back: Gets the facts when Docker is back, before the work is done again.

    Raises:
        JarvisError: As `work` raised it; where Docker did not come back, that it does not answer.
    """
    return engine.patiently(
        work,
        lambda: back(facts) if back else None,
        lambda said: ledger.say(facts["workflow_id"], "warning", said),
    )
