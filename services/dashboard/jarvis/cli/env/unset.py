"""`jarvis env unset`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.env.change import told, utf8
from jarvis.cli.options import client
from jarvis.cli.server import connect


@click.command("unset")
@click.argument("name")
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@client
@click.pass_obj
def command(call: Call, name: str, keys: tuple[str, ...]) -> None:
    """Take variables of a service away.

    Releases that ran with them still find them after a rollback.

    \b
    Example:
      jarvis env unset mysite LOG_LEVEL CURRENCY
    """
    names = [utf8(key, "KEY") for key in keys]
    with connect(call) as jarvis:
        row = jarvis.call("change_environment", name, body={"unset": names})
    told(call, row)
