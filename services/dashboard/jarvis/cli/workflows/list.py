"""`jarvis workflows list`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.rows import listing


@click.command("list")
@option(
    "--status", metavar="STATUS", help="Only those that are pending, running, completed, failed or paused."
)
@option("--type", "kind", metavar="TYPE", help="Only those of one type, such as deployment.")
@option("--service", metavar="NAME", help="Only those of one service.")
@option("--by", metavar="NAME", help="Only those that this one asked for.")
@option("--since", metavar="TIME", help="Only from this time on, such as 2026-03-02T09:30Z.")
@option("--until", metavar="TIME", help="Only from before this time.")
@option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@client
@click.pass_obj
def command(
    call: Call,
    limit: int,
    *,
    status: str | None,
    kind: str | None,
    service: str | None,
    by: str | None,
    since: str | None,
    until: str | None,
) -> None:
    """List workflows, newest first.

    \b
    Example:
      jarvis workflows list --status failed --service mysite
    """
    columns = ("id", "name", "workflow_type", "status", "created_at")
    query = {
        "status": status,
        "type": kind,
        "service": service,
        "created_by": by,
        "since": since,
        "until": until,
    }
    listing(call, "/workflows", columns, limit=limit, query=query)
