"""`jarvis registries list`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.rows import listing


@click.command("list")
@client
@click.pass_obj
def command(call: Call) -> None:
    """List the registries that Jarvis has an account for.

    \b
    Example:
      jarvis registries list
    """
    listing(call, "/registries", ("host", "username", "set_by", "updated_at"), limit=10_000)
