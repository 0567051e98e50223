"""`jarvis redeploy`: what runs, once more, with the settings that count now."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.server import connect
from jarvis.cli.work import begin, finish, unknown


@click.command("redeploy")
@click.argument("name")
@option("--detach", "-d", is_flag=True, help="Do not wait until it answers.")
@client
@click.pass_obj
def command(call: Call, name: str, detach: bool) -> None:
    """Deploy again what runs, with the settings of now.

    The same artifact is deployed as if it were handed in again: it is built, started beside the version that
    answers, proven and switched to.

    \b
    Examples:
      jarvis redeploy mysite
      jarvis redeploy mysite --detach
    """
    call.outcome = unknown(name)
    with connect(call) as jarvis:
        begin(call, jarvis, place("services", name, "redeploy"), {})
        finish(call, jarvis, "The deploy", "Deployed {name} → {url}", detach=detach)
