"""`jarvis settings unset`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.server import connect
from jarvis.cli.settings.change import told


@click.command("unset")
@click.argument("name")
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@option("--redeploy", is_flag=True, help="Deploy what runs again, so that it counts now.")
@client
@click.pass_obj
def command(call: Call, name: str, keys: tuple[str, ...], redeploy: bool) -> None:
    """Leave settings of a service to its project, or to the default.

    \b
    Examples:
      jarvis settings unset shop limits.memory
      jarvis settings unset shop cron.tidy logins --redeploy
    """
    with connect(call) as jarvis:
        row = jarvis.call("change_settings", name, body={"unset": list(keys)})
        told(call, jarvis, name, row, redeploy=redeploy)
