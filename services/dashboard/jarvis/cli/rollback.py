"""`jarvis rollback`: the older release answers again."""

from typing import Any
from uuid import UUID

import click

from jarvis.cli.call import Call
from jarvis.cli.client import Client
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.server import connect
from jarvis.cli.work import begin, finish, unknown
from jarvis.errors import NotFound


@click.command("rollback")
@click.argument("name")
@option("--to", metavar="DEPLOYMENT", help="The release to go back to: its id, or the beginning of it.")
@option("--detach", "-d", is_flag=True, help="Do not wait until it answers.")
@client
@click.pass_obj
def command(call: Call, name: str, to: str | None, detach: bool) -> None:
    """Go back to an older release of a service.

    Without --to it is the release before the one that answers now. `jarvis status NAME` lists them.

    \b
    Examples:
      jarvis rollback mysite
      jarvis rollback mysite --to 0f3b52c1
    """
    call.outcome = unknown(name)
    with connect(call) as jarvis:
        body = {"deployment_id": _whole(jarvis, name, to)} if to else {}
        begin(call, jarvis, place("services", name, "rollback"), body)
        finish(call, jarvis, "The rollback", "Rolled {name} back → {url}", detach=detach)


def _whole(jarvis: Client, name: str, start: str) -> str:
    """The id of the release of `name` that begins with `start`."""
    try:
        return str(UUID(start))
    except ValueError:
        rows: list[dict[str, Any]] = jarvis.get(place("services", name)).get("deployments") or []
    found = [str(row["id"]) for row in rows if str(row.get("id", "")).startswith(start.lower())]
    if len(found) != 1:
        how = "Several releases" if found else "No release"
        raise NotFound(
            f"{how} of {name} among the last {len(rows)} begin with {start}.",
            f"See them: jarvis status {name}",
            {"found": found},
        )
    return found[0]
