"""`jarvis notices test`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.webhooks.test import send


@click.command("test")
@click.argument("identity", metavar="ID")
@client
@click.pass_obj
def command(call: Call, identity: str) -> None:
    """Send a test notice by a channel.

    The first attempt is waited for. It is sent whatever the channel wants, and even while it is turned off.

    \b
    Example:
      jarvis notices test 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11
    """
    send(call, "notices", identity)
