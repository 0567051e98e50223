"""`jarvis deploy`: hand in, start the work, watch it."""

from typing import Any

import click

from jarvis.cli.along import setting, taken, wish
from jarvis.cli.call import Call
from jarvis.cli.client import Client
from jarvis.cli.correction import correcting, given
from jarvis.cli.handin import hand_in, look
from jarvis.cli.options import client, option
from jarvis.cli.server import connect, find
from jarvis.cli.source import STDIN
from jarvis.cli.work import begin, finish, unknown


@click.command("deploy")
@click.argument("path", required=False, type=click.Path())
@option("--domain", metavar="HOST", help="Name that the site answers to. Without it: <name>.localhost.")
@option("--name", metavar="NAME", help="Name of the service. Without it: from the domain or from PATH.")
@option("--ref", metavar="REF", default="", help="Branch, tag or commit of a git repository.")
@option("--filename", metavar="NAME", default="", help="What standard input is called, such as index.html.")
@option("--plan", "planned", metavar="HASH", help="Do what this plan says, and nothing else.")
@option("--detach", "-d", is_flag=True, help="Do not wait until it answers.")
@setting
@correcting
@client
@click.pass_obj
def command(
    call: Call,
    path: str | None,
    domain: str | None,
    name: str | None,
    ref: str,
    filename: str,
    planned: str | None,
    detach: bool,
    **others: Any,
) -> None:
    """Put a folder, an archive or a file on the web.

    PATH is a folder, a zip, a tar (plain, gz, bz2, xz, zst), a single file, - for standard input, or the
    address of a git repository (#ref behind it is a branch, a tag or a commit). What .gitignore and
    .jarvisignore name is left out of a folder. Deploying again under the same name or domain replaces what is
    there once the new release answers. What you say of it (--static-dir and the like) is kept for the next
    time. Where no Jarvis runs and none is named, one is started on this machine.

    With --plan it says all of that: `jarvis plan PATH` gave the hash. PATH may be left out then; if it is
    given, it must hold the same. If anything that matters has changed since, nothing is done.

    Variables and settings (--env, --env-file, --secret, --set) are set with this deploy and stay for those
    after it. Beside --plan they must be those that the plan was made with: a plan keeps no values.

    \b
    Examples:
      jarvis deploy ./mysite
      jarvis deploy site.zip --domain www.example.org
      jarvis deploy https://git.example.org/me/site.git --ref v2
      tar -cz . | jarvis deploy - --name shop --json
      jarvis deploy ./shop --env LEVEL=info --secret API_KEY --set health.path=/up
      jarvis deploy --plan 3f2a9c1b7d04
    """
    call.outcome = unknown(name)
    set_along = taken(others)
    if planned:
        if any((name, domain, *given(others))):
            raise click.UsageError(
                "The plan says name, domain and all the rest: leave them out beside --plan."
            )
        _planned(call, path, planned, filename, ref, detach, wish(set_along, stdin=path == STDIN))
        return
    if path is None:
        raise click.UsageError("Say what to deploy: jarvis deploy PATH.")
    if path == STDIN and not (name or domain):
        raise click.UsageError("Standard input has no name: add --name or --domain.")
    along = wish(set_along, stdin=path == STDIN)
    parcel = look(path, filename)
    with _connected(call) as jarvis:
        artifact = hand_in(call, jarvis, path, parcel, ref=ref, service=name or "")
        body = {"artifact_id": artifact, "name": name, "domain": domain, "correction": given(others), **along}
        begin(call, jarvis, "/deployments", {key: value for key, value in body.items() if value})
        finish(call, jarvis, "The deploy", "Deployed {name} → {url}", detach=detach)


def _planned(
    call: Call,
    path: str | None,
    planned: str,
    filename: str,
    ref: str,
    detach: bool,
    along: dict[str, Any],
) -> None:
    """Deploy what a plan showed."""
    parcel = look(path, filename) if path is not None else None
    with connect(call) as jarvis:
        body = {"plan": planned, **along}
        if path is not None:
            body["artifact_id"] = hand_in(call, jarvis, path, parcel, ref=ref, service="")
        begin(call, jarvis, "/deployments", body)
        finish(call, jarvis, "The deploy", "Deployed {name} → {url}", detach=detach)


def _connected(call: Call) -> Client:
    found = find(call)
    if found is None:
        from jarvis.embedded.up import up  # loads what only a start needs

        call.console.say("No Jarvis is running here: starting one.")
        up(call.settings(), detach=True, say=call.console.say)
        found = connect(call)
    return found
