"""`jarvis unpin`: let a pinned release go when its time comes."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.place import place
from jarvis.cli.releases import show
from jarvis.cli.rollback import whole
from jarvis.cli.server import connect


@click.command("unpin")
@click.argument("name")
@click.argument("deployment")
@client
@click.pass_obj
def command(call: Call, name: str, deployment: str) -> None:
    """Let a pinned release go when its time comes.

    It goes once enough newer ones have answered.
    DEPLOYMENT is its id, or the beginning of it.

    \b
    Example:
      jarvis unpin mysite 0f3b52c1
    """
    with connect(call) as jarvis:
        key = whole(jarvis, name, deployment)
        show(call, jarvis.delete(place("services", name, "releases", key, "pin")))
