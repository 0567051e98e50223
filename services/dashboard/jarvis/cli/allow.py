"""`jarvis allow`: what the compose file of a service may do to the machine."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.server import connect
from jarvis.runtimes.compose.permissions import MEANING, NAMES


@click.command("allow")
@click.argument("name")
@click.argument("what", nargs=-1, type=click.Choice(NAMES))
@option("--forbid", is_flag=True, help="Take it back.")
@client
@click.pass_obj
def command(call: Call, name: str, what: tuple[str, ...], forbid: bool) -> None:
    """Allow what a compose file may do to the machine.

    Most of it gives whoever writes the compose file power over all that runs on the machine, so Jarvis
    refuses it until an administrator said otherwise. It takes effect with the next deploy. Without WHAT, it
    shows what is allowed.

    \b
    Examples:
      jarvis allow shop ports
      jarvis allow shop host-mounts --forbid
      jarvis allow shop
    """
    body = {"forbid" if forbid else "allow": list(what)}
    with connect(call) as jarvis:
        row = jarvis.call("change_permissions", name, body=body)
    if call.console.json:
        call.console.result(row)
        return
    told: dict[str, str] = {**MEANING}
    now = [str(one) for one in row["allowed"]]
    for one in now:
        call.console.say(f"{name}: {one}, that is {told.get(one, 'unknown to this version')}")
    if not now:
        call.console.say(f"{name}: nothing beyond what every compose file may.")
