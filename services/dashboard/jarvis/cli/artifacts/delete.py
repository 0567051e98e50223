"""`jarvis artifacts delete`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.place import place
from jarvis.cli.server import connect


@click.command("delete")
@click.argument("identity", metavar="ID")
@client
@click.pass_obj
def command(call: Call, identity: str) -> None:
    """Delete an artifact that no deployment needs.

    Its bytes go with the last artifact that has the same ones.

    \b
    Example:
      jarvis artifacts delete 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11
    """
    with connect(call) as jarvis:
        jarvis.delete(place("artifacts", identity))
    if call.console.json:
        call.console.result({"id": identity, "deleted": True})
    else:
        call.console.say(f"Deleted {identity}.")
