"""`jarvis plan`: what a deploy would do, before it does it."""

from typing import Any

import click

from jarvis.cli.along import setting, taken, wish
from jarvis.cli.call import Call
from jarvis.cli.client import word
from jarvis.cli.correction import correcting, given
from jarvis.cli.handin import hand_in, look
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.planned import show
from jarvis.cli.server import connect
from jarvis.cli.source import STDIN
from jarvis.cli.story import follow


@click.command("plan")
@click.argument("path", type=click.Path())
@option("--domain", metavar="HOST", help="Name that the site would answer to. Without it: <name>.localhost.")
@option("--name", metavar="NAME", help="Name of the service. Without it: from the domain or from PATH.")
@option("--ref", metavar="REF", default="", help="Branch, tag or commit of a git repository.")
@option("--filename", metavar="NAME", default="", help="What standard input is called, such as index.html.")
@setting
@correcting
@client
@click.pass_obj
def command(
    call: Call,
    path: str,
    domain: str | None,
    name: str | None,
    ref: str,
    filename: str,
    **others: Any,
) -> None:
    """Show what a deploy would make, change and remove.

    PATH is what `jarvis deploy` takes; it is handed in, so that the deploy need not send it again. Nothing
    else is done: neither the service nor its names are taken. The last line has the plan's hash; a deploy
    with it does what was shown, or nothing.

    With --env, --env-file, --secret and --set it shows what they would change: names, never values. A plan
    keeps no values, so the deploy of it takes the same once more.

    \b
    Examples:
      jarvis plan ./mysite
      jarvis plan site.zip --domain www.example.org --json
      jarvis plan ./shop --env LEVEL=info --secret API_KEY --set health.path=/up
    """
    if path == STDIN and not (name or domain):
        raise click.UsageError("Standard input has no name: add --name or --domain.")
    along = wish(taken(others), stdin=path == STDIN)
    parcel = look(path, filename)
    with connect(call) as jarvis:
        artifact = hand_in(call, jarvis, path, parcel, ref=ref, service=name or "")
        body = {"artifact_id": artifact, "name": name, "domain": domain, "correction": given(others), **along}
        made = jarvis.post("/plans", {key: value for key, value in body.items() if value})
        follow(call, jarvis, word(made, "workflow_id"), "The plan")
        call.console.say()
        show(call, jarvis.get(place("plans", word(made, "id"))))
