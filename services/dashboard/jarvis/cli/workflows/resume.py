"""`jarvis workflows resume`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.workflows.steer import steer


@click.command("resume")
@click.argument("identity", metavar="ID")
@client
@click.pass_obj
def command(call: Call, identity: str) -> None:
    """Let a paused workflow go on.

    One that waits for a time goes on now. One that waits for a person goes on with the answer.

    \b
    Example:
      jarvis workflows resume 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11
    """
    steer(call, identity, "resume", "{name} goes on.")
