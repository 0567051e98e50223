"""`jarvis artifacts`: what was handed in."""

import click

from jarvis.cli.lazy import LazyGroup

LINES = {
    "list": "List artifacts, newest first.",
    "show": "Show all fields of one artifact.",
}


@click.group("artifacts", cls=LazyGroup, package="jarvis.cli.artifacts", lines=LINES)
def command() -> None:
    """See what was handed in.

    \b
    Example:
      jarvis artifacts list
    """
