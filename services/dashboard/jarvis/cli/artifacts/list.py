"""`jarvis artifacts list`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.rows import listing


@click.command("list")
@option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@client
@click.pass_obj
def command(call: Call, limit: int) -> None:
    """List artifacts, newest first.

    \b
    Example:
      jarvis artifacts list --limit 10
    """
    columns = ("id", "original_filename", "detected_service_type", "file_type", "file_size", "uploaded_at")
    listing(call, "/artifacts", columns, limit=limit)
