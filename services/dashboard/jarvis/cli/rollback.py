"""`jarvis rollback`: the older release answers again."""

from typing import Any
from uuid import UUID

import click

from jarvis.cli.call import Call
from jarvis.cli.client import Client
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.planned import show
from jarvis.cli.server import connect
from jarvis.cli.work import begin, finish, unknown
from jarvis.errors import NotFound


@click.command("rollback")
@click.argument("name")
@option("--to", metavar="DEPLOYMENT", help="The release to go back to: its id, or the beginning of it.")
@option("--plan", "only_plan", is_flag=True, help="Show what would change, and do nothing.")
@option("--hash", "hashed", metavar="HASH", help="Do what this plan says, and nothing else.")
@option("--detach", "-d", is_flag=True, help="Do not wait until it answers.")
@client
@click.pass_obj
def command(call: Call, name: str, to: str | None, only_plan: bool, hashed: str | None, detach: bool) -> None:
    """Go back to an older release of a service.

    Without --to it is the release before the one that answers now. `jarvis releases NAME` lists them. All of
    the release comes back: files or image, environment, settings and names.

    \b
    Examples:
      jarvis rollback mysite
      jarvis rollback mysite --to 0f3b52c1
      jarvis rollback mysite --plan
    """
    call.outcome = unknown(name)
    with connect(call) as jarvis:
        body = {"deployment_id": whole(jarvis, name, to)} if to else {}
        if only_plan:
            show(call, jarvis.post(place("services", name, "rollback", "plan"), body))
            return
        if hashed:
            body["plan"] = hashed
        begin(call, jarvis, place("services", name, "rollback"), body)
        finish(call, jarvis, "The rollback", "Rolled {name} back → {url}", detach=detach)


def whole(jarvis: Client, name: str, start: str) -> str:
    """The id of the deployment of `name` that begins with `start`."""
    try:
        return str(UUID(start))
    except ValueError:
        kept: list[dict[str, Any]] = jarvis.get(place("services", name, "releases"))["items"]
    found = [str(row["deployment_id"]) for row in kept if str(row["deployment_id"]).startswith(start.lower())]
    if len(found) != 1:
        how = "Several releases" if found else "No release"
        raise NotFound(
            f"{how} of {name} among the {len(kept)} that are kept begin with {start}.",
            f"See them: jarvis releases {name}",
            {"found": found},
        )
    return found[0]
