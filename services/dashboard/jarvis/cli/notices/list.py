"""`jarvis notices list`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.rows import listing


@click.command("list")
@option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@client
@click.pass_obj
def command(call: Call, limit: int) -> None:
    """List the channels by which people are told, newest first.

    \b
    Example:
      jarvis notices list
    """
    listing(call, "/notices", ("id", "kind", "name", "to", "events", "active", "created_at"), limit=limit)
