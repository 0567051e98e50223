"""`jarvis workflows watch`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.place import place
from jarvis.cli.server import connect
from jarvis.cli.work import finish


@click.command("watch")
@click.argument("identity", metavar="ID")
@client
@click.pass_obj
def command(call: Call, identity: str) -> None:
    """Follow a workflow to its end.

    The steps that are over are shown first. Ctrl-C stops watching, not the work.

    \b
    Example:
      jarvis workflows watch 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11
    """
    with connect(call) as jarvis:
        row = jarvis.get(place("workflows", identity))
        name = str(row.get("name") or "The workflow")
        call.outcome = {"name": name, "workflow_id": identity, "status": row.get("status"), "url": None}
        finish(call, jarvis, "The work", "{name}: {status}.")
