"""`jarvis check`: does a service answer as it should?"""

import click

from jarvis.cli.call import Call
from jarvis.cli.client import word
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.server import connect
from jarvis.cli.work import finish


@click.command("check")
@click.argument("name")
@option("--detach", "-d", is_flag=True, help="Do not wait for what it finds.")
@client
@click.pass_obj
def command(call: Call, name: str, detach: bool) -> None:
    """Ask for a service as a visitor would; repair it if need be.

    Jarvis does this by itself every minute. Where visitors get something else than the release that should
    answer, its links are put back and it is asked for again.

    \b
    Examples:
      jarvis check mysite
      jarvis check mysite --json
    """
    with connect(call) as jarvis:
        asked = jarvis.post(place("services", name, "check"), {})
        call.outcome = {"name": name, "workflow_id": word(asked, "workflow_id"), "status": "pending"}
        finish(call, jarvis, "The check", "{name} answers as it should.", detach=detach)
