"""`jarvis cleanup`: remove what nobody needs any more."""

import click

from jarvis.cli.call import Call
from jarvis.cli.client import word
from jarvis.cli.options import client, option
from jarvis.cli.server import connect
from jarvis.cli.work import finish


@click.command("cleanup")
@option("--detach", "-d", is_flag=True, help="Do not wait for its end.")
@client
@click.pass_obj
def command(call: Call, detach: bool) -> None:
    """Remove now what nobody needs any more.

    Jarvis does this by itself every hour: half-made and old releases, uploads that never ended, bytes that no
    artifact has, history that is older than it is kept.

    \b
    Example:
      jarvis cleanup
    """
    with connect(call) as jarvis:
        asked = jarvis.post("/cleanup", {})
        call.outcome = {"workflow_id": word(asked, "workflow_id"), "status": "pending"}
        finish(call, jarvis, "The clean-up", "Cleaned up.", detach=detach)
