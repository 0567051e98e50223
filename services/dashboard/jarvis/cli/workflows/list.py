"""`jarvis workflows list`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.rows import listing


@click.command("list")
@option(
    "--status", metavar="STATUS", help="Only those that are pending, running, completed, failed or paused."
)
@option("--type", "kind", metavar="TYPE", help="Only those of one type, such as deploy.")
@option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@client
@click.pass_obj
def command(call: Call, status: str | None, kind: str | None, limit: int) -> None:
    """List workflows, newest first.

    \b
    Example:
      jarvis workflows list --status failed
    """
    columns = ("id", "name", "workflow_type", "status", "created_at")
    listing(call, "/workflows", columns, limit=limit, query={"status": status, "type": kind})
