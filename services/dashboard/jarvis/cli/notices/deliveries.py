"""`jarvis notices deliveries`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.rows import listing


@click.command("deliveries")
@click.argument("identity", metavar="ID")
@option("--status", metavar="STATUS", default="", help="Only these: pending, delivered or failed.")
@option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@client
@click.pass_obj
def command(call: Call, identity: str, status: str, limit: int) -> None:
    """List what a channel was told, newest first.

    \b
    Example:
      jarvis notices deliveries 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11 --status failed
    """
    columns = ("id", "event", "status", "attempts", "answer_status", "error", "created_at")
    path = place("notices", identity, "deliveries")
    listing(call, path, columns, limit=limit, query={"status": status})
