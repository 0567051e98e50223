"""`jarvis remove`: off the web, after a question."""

import sys

import click

from jarvis.cli.call import Call
from jarvis.cli.client import word
from jarvis.cli.console import clean
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.server import connect
from jarvis.cli.work import finish


@click.command("remove")
@click.argument("name")
@option("--yes", "-y", is_flag=True, help="Do not ask.")
@option("--volumes", is_flag=True, help="Delete its volumes, too, with all that is in them.")
@option("--detach", "-d", is_flag=True, help="Do not wait until it is gone.")
@client
@click.pass_obj
def command(call: Call, name: str, yes: bool, volumes: bool, detach: bool) -> int:
    """Take a service off the web.

    Its sites stop answering and its releases are deleted. Volumes stay, unless you say --volumes. On a
    terminal you are asked first; elsewhere --yes is needed.

    \b
    Examples:
      jarvis remove mysite
      jarvis remove mysite --yes --json
      jarvis remove mysite --volumes
    """
    asks = sys.stdin.isatty() and not call.console.json
    if not yes and not asks:
        raise click.UsageError(f"Removing {name} needs a person to confirm it, or --yes.")
    with connect(call) as jarvis:
        found = jarvis.get(place("services", name))
        if not yes:
            addresses = ", ".join(map(str, found.get("urls") or [])) or "no address"
            too = " with all that is in its volumes" if volumes else ""
            if not click.confirm(f"Remove {clean(name)} ({clean(addresses)}){too}?"):
                call.console.say("Nothing was removed.")
                return 1
            jarvis.close()  # the person may have taken their time
        gone = jarvis.delete(place("services", name), {"volumes": "true"} if volumes else None)
        call.outcome = {"name": name, "workflow_id": word(gone, "workflow_id"), "status": "pending"}
        finish(call, jarvis, "The removal", "Removed {name}.", detach=detach)
    return 0
