"""`jarvis settings set`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.server import connect
from jarvis.cli.settings.change import texts, told


@click.command("set")
@click.argument("name")
@click.argument("pairs", metavar="KEY=VALUE...", nargs=-1, required=True)
@option("--redeploy", is_flag=True, help="Deploy what runs again, so that it counts now.")
@client
@click.pass_obj
def command(call: Call, name: str, pairs: tuple[str, ...], redeploy: bool) -> None:
    """Set how a service runs, from its next deploy on.

    `jarvis settings list NAME` shows all keys. Times are written as 30s, 5m or 1h, sizes as 512MB or 1GiB. An
    entry of a table is TABLE.ENTRY=VALUE. The password of a login is asked for, or read from standard input.

    \b
    Examples:
      jarvis settings set shop health.path=/up replicas=2
      jarvis settings set shop volumes.data=data --redeploy
      jarvis settings set shop logins.anna
    """
    members = texts(pairs)
    with connect(call) as jarvis:
        row = jarvis.call("change_settings", name, body={"text": members})
        told(call, jarvis, name, row, redeploy=redeploy)
