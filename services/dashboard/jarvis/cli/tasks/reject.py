"""`jarvis tasks reject`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.server import connect


@click.command("reject")
@click.argument("identity", metavar="ID")
@option("--reason", required=True, metavar="TEXT", help="Why it will not be done.")
@client
@click.pass_obj
def command(call: Call, identity: str, reason: str) -> None:
    """Say that a task will not be done, and why.

    \b
    Example:
      jarvis tasks reject 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11 --reason "The domain is not ours"
    """
    with connect(call) as jarvis:
        row = jarvis.reject_task(identity, reason)
    if call.console.json:
        call.console.result(row)
    else:
        call.console.say(f"Rejected: {row.get('title')}")
