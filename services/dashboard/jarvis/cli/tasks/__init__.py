"""`jarvis tasks`: what only a person can do."""

import click

from jarvis.cli.lazy import LazyGroup

LINES = {
    "list": "List tasks, newest first.",
    "show": "Show all fields of one task.",
    "done": "Say that a task is done; what waits for it goes on.",
    "reject": "Say that a task will not be done, and why.",
}


@click.group("tasks", cls=LazyGroup, package="jarvis.cli.tasks", lines=LINES)
def command() -> None:
    """See what only a person can do.

    \b
    Example:
      jarvis tasks list
    """
