"""`jarvis webhooks`: who is told of what happens."""

import click

from jarvis.cli.lazy import LazyGroup

LINES = {
    "list": "List webhooks, newest first.",
    "add": "Let an address be told of what happens.",
    "show": "Show all fields of one webhook.",
    "remove": "Tell an address nothing more.",
    "test": "Send a test message to a webhook.",
    "deliveries": "List what a webhook was told, newest first.",
}


@click.group("webhooks", cls=LazyGroup, package="jarvis.cli.webhooks", lines=LINES)
def command() -> None:
    """Tell other programs of what happens.

    \b
    Example:
      jarvis webhooks add https://example.org/jarvis --event task
    """
