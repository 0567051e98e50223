"""`jarvis pin`: keep a release of a service, whatever comes after it."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.place import place
from jarvis.cli.releases import show
from jarvis.cli.rollback import whole
from jarvis.cli.server import connect


@click.command("pin")
@click.argument("name")
@click.argument("deployment")
@client
@click.pass_obj
def command(call: Call, name: str, deployment: str) -> None:
    """Keep a release of a service, whatever comes after it.

    It is never cleaned away until `jarvis unpin`. `jarvis releases NAME` lists those that can be pinned.
    DEPLOYMENT is its id, or the beginning of it.

    \b
    Example:
      jarvis pin mysite 0f3b52c1
    """
    with connect(call) as jarvis:
        key = whole(jarvis, name, deployment)
        show(call, jarvis.put(place("services", name, "releases", key, "pin"), {}))
