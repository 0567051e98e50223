"""`jarvis notices show`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.rows import details


@click.command("show")
@click.argument("identity", metavar="ID")
@client
@click.pass_obj
def command(call: Call, identity: str) -> None:
    """Show all fields of one channel.

    What is secret of it is not among them.

    \b
    Example:
      jarvis notices show 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11
    """
    details(call, "notices", identity)
