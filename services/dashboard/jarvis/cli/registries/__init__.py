"""`jarvis registries`: where images come from that not everybody may have."""

import click

from jarvis.cli.lazy import LazyGroup

LINES = {
    "list": "List the registries that Jarvis has an account for.",
    "add": "Give Jarvis an account at a registry.",
    "remove": "Forget the account at a registry.",
}


@click.group("registries", cls=LazyGroup, package="jarvis.cli.registries", lines=LINES)
def command() -> None:
    """Give Jarvis accounts at registries of images.

    \b
    Example:
      jarvis registries add ghcr.io shop
    """
