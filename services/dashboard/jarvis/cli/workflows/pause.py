"""`jarvis workflows pause`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.workflows.steer import steer


@click.command("pause")
@click.argument("identity", metavar="ID")
@client
@click.pass_obj
def command(call: Call, identity: str) -> None:
    """Let a workflow stop after the step in hand.

    \b
    Example:
      jarvis workflows pause 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11
    """
    steer(call, identity, "pause", "{name} stops after the step in hand.")
