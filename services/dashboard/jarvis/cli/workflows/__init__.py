"""`jarvis workflows`: what Jarvis does and did, and the verbs to steer it."""

import click

from jarvis.cli.lazy import LazyGroup

LINES = {
    "list": "List workflows, newest first.",
    "show": "Show all fields of one workflow.",
    "watch": "Follow a workflow to its end.",
    "cancel": "Call a workflow off; what it did is undone.",
    "pause": "Let a workflow stop after the step in hand.",
    "resume": "Let a paused workflow go on.",
    "retry": "Begin a failed workflow again.",
}


@click.group("workflows", cls=LazyGroup, package="jarvis.cli.workflows", lines=LINES)
def command() -> None:
    """See the work that Jarvis does and did.

    \b
    Example:
      jarvis workflows list
    """
