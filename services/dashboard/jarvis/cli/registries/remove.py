"""`jarvis registries remove`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.server import connect


@click.command("remove")
@click.argument("host")
@client
@click.pass_obj
def command(call: Call, host: str) -> None:
    """Forget the account at a registry.

    Images that are here already stay.

    \b
    Example:
      jarvis registries remove ghcr.io
    """
    with connect(call) as jarvis:
        jarvis.call("delete_registry", host)
    if call.console.json:
        call.console.result({"host": host, "removed": True})
    else:
        call.console.say(f"Removed {host}.")
