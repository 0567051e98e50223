"""`jarvis workflows retry`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.workflows.steer import steer


@click.command("retry")
@click.argument("identity", metavar="ID")
@option(
    "--from",
    "origin",
    type=click.Choice(("failed", "start")),
    default="failed",
    show_default=True,
    help="The step that failed, with what the others came to; or the first one.",
)
@client
@click.pass_obj
def command(call: Call, identity: str, origin: str) -> None:
    """Begin a failed workflow again.

    \b
    Examples:
      jarvis workflows retry 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11
      jarvis workflows retry 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11 --from start
    """
    steer(call, identity, "retry", "{name} begins again.", {"from": origin})
