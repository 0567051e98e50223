"""`jarvis workflows watch`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.server import connect
from jarvis.cli.work import finish


@click.command("watch")
@click.argument("identity", metavar="ID")
@option("--after", type=click.IntRange(0), default=0, help="Begin after the event with this number.")
@client
@click.pass_obj
def command(call: Call, identity: str, after: int) -> None:
    """Follow a workflow to its end.

    The steps that are over are shown first. Ctrl-C stops watching, not the work. A restart of Jarvis does not
    matter: it goes on where it was. The exit code is 0 when the work was completed, else 1.

    \b
    Example:
      jarvis workflows watch 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11
    """
    with connect(call) as jarvis:
        row = jarvis.get(place("workflows", identity))
        name = str(row.get("name") or "The workflow")
        call.outcome = {"name": name, "workflow_id": identity, "status": row.get("status"), "url": None}
        finish(call, jarvis, "The work", "{name}: {status}.", after=after)
