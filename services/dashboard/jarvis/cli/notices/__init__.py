"""`jarvis notices`: people are told of what happens."""

import click

from jarvis.cli.lazy import LazyGroup

LINES = {
    "list": "List the channels by which people are told, newest first.",
    "add": "Let people be told by a channel.",
    "show": "Show all fields of one channel.",
    "remove": "Tell nothing more by a channel.",
    "test": "Send a test notice by a channel.",
    "deliveries": "List what a channel was told, newest first.",
}


@click.group("notices", cls=LazyGroup, package="jarvis.cli.notices", lines=LINES)
def command() -> None:
    """Tell people of what happens: by mail, ntfy or a chat room.

    \b
    Example:
      jarvis notices add ntfy https://ntfy.sh/my-topic
    """
