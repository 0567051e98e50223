"""`jarvis workflows cancel`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.workflows.steer import steer


@click.command("cancel")
@click.argument("identity", metavar="ID")
@client
@click.pass_obj
def command(call: Call, identity: str) -> None:
    """Call a workflow off; what it did is undone.

    It ends as failed, with the code `cancelled`.

    \b
    Example:
      jarvis workflows cancel 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11
    """
    steer(call, identity, "cancel", "{name} is being cancelled.")
