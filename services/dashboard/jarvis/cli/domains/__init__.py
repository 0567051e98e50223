"""`jarvis domains`: the DNS records that Jarvis keeps."""

import click

from jarvis.cli.lazy import LazyGroup

LINES = {
    "list": "List DNS records, newest first.",
    "show": "Show all fields of one DNS record.",
}


@click.group("domains", cls=LazyGroup, package="jarvis.cli.domains", lines=LINES)
def command() -> None:
    """See the DNS records that Jarvis keeps.

    \b
    Example:
      jarvis domains list
    """
