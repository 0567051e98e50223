"""`jarvis tasks list`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.rows import listing


@click.command("list")
@option("--status", metavar="STATUS", help="Only those that are pending, completed, rejected …")
@option("--type", "kind", metavar="TYPE", help="Only of one type, such as verification.")
@option("--priority", metavar="PRIORITY", help="Only with this priority: low, medium, high, urgent.")
@option("--service", metavar="NAME", help="Only of one service.")
@option("--for", "person", metavar="NAME", help="Only those that are meant for this one.")
@option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@client
@click.pass_obj
def command(
    call: Call,
    limit: int,
    *,
    status: str | None,
    kind: str | None,
    priority: str | None,
    service: str | None,
    person: str | None,
) -> None:
    """List tasks, newest first.

    \b
    Example:
      jarvis tasks list --status pending --priority urgent
    """
    columns = ("id", "title", "status", "priority", "due_at", "created_at")
    query = {
        "status": status,
        "type": kind,
        "priority": priority,
        "service": service,
        "assigned_to": person,
    }
    listing(call, "/tasks", columns, limit=limit, query=query)
