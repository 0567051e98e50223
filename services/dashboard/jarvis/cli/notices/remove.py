"""`jarvis notices remove`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.place import place
from jarvis.cli.server import connect


@click.command("remove")
@click.argument("identity", metavar="ID")
@client
@click.pass_obj
def command(call: Call, identity: str) -> None:
    """Tell nothing more by a channel.

    What waits to be sent to it is not sent; the log of its deliveries goes too.

    \b
    Example:
      jarvis notices remove 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11
    """
    with connect(call) as jarvis:
        jarvis.delete(place("notices", identity))
    if call.console.json:
        call.console.result({"id": identity, "removed": True})
    else:
        call.console.say(f"Removed {identity}.")
