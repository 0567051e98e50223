"""`jarvis certificates remove`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.server import connect


@click.command("remove")
@click.argument("name")
@client
@click.pass_obj
def command(call: Call, name: str) -> None:
    """Let a name answer with a certificate of your own no more.

    It gets one as if there had never been yours.

    \b
    Example:
      jarvis certificates remove www.example.com
    """
    with connect(call) as jarvis:
        jarvis.call("remove_certificate", name)
    if call.console.json:
        call.console.result({"name": name, "removed": True})
    else:
        call.console.say(f"Removed the certificate of {name}.")
