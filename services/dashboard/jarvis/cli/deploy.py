"""`jarvis deploy`: hand in, start the work, watch it."""

import click

from jarvis.cli.call import Call
from jarvis.cli.client import Client, word
from jarvis.cli.options import client, option
from jarvis.cli.parcel import prepare
from jarvis.cli.server import connect, find
from jarvis.cli.upload import send
from jarvis.cli.work import begin, finish, unknown


@click.command("deploy")
@click.argument("path", type=click.Path())
@option("--domain", metavar="HOST", help="Name that the site answers to. Without it: <name>.localhost.")
@option("--name", metavar="NAME", help="Name of the service. Without it: from the domain or from PATH.")
@option("--detach", "-d", is_flag=True, help="Do not wait until it answers.")
@client
@click.pass_obj
def command(call: Call, path: str, domain: str | None, name: str | None, detach: bool) -> None:
    """Put a folder, an archive or a file on the web.

    PATH is a folder, a zip, a tar (plain, gz, bz2, xz, zst) or a single HTML file. Deploying again under the
    same name or domain replaces what is there once the new release answers. Where no Jarvis runs and none is
    named, one is started on this machine.

    \b
    Examples:
      jarvis deploy ./mysite
      jarvis deploy site.zip --domain www.example.org
      jarvis deploy . --name shop --json
    """
    call.outcome = unknown(name)
    parcel = prepare(path)
    with _connected(call) as jarvis:
        artifact = send(call.console, jarvis, parcel)
        wish = {"artifact_id": word(artifact, "id"), "name": name, "domain": domain}
        begin(call, jarvis, "/deployments", {key: value for key, value in wish.items() if value})
        finish(call, jarvis, "The deploy", "Deployed {name} → {url}", detach=detach)


def _connected(call: Call) -> Client:
    found = find(call)
    if found is None:
        from jarvis.embedded.up import up  # loads what only a start needs

        call.console.say("No Jarvis is running here: starting one.")
        up(call.settings(), detach=True, say=call.console.say)
        found = connect(call)
    return found
