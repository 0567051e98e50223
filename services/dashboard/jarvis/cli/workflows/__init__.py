"""`jarvis workflows`: what Jarvis does and did."""

import click

from jarvis.cli.lazy import LazyGroup

LINES = {
    "list": "List workflows, newest first.",
    "show": "Show all fields of one workflow.",
    "watch": "Follow a workflow to its end.",
}


@click.group("workflows", cls=LazyGroup, package="jarvis.cli.workflows", lines=LINES)
def command() -> None:
    """See the work that Jarvis does and did.

    \b
    Example:
      jarvis workflows list
    """
