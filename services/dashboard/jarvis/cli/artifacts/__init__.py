"""`jarvis artifacts`: what was handed in."""

import click

from jarvis.cli.lazy import LazyGroup

LINES = {
    "list": "List artifacts, newest first.",
    "show": "Show all fields of one artifact.",
    "upload": "Hand something in without deploying it.",
    "download": "Fetch what was handed in.",
    "delete": "Delete an artifact that no deployment needs.",
}


@click.group("artifacts", cls=LazyGroup, package="jarvis.cli.artifacts", lines=LINES)
def command() -> None:
    """See what was handed in, and keep it tidy.

    \b
    Example:
      jarvis artifacts list
    """
