"""`jarvis releases`: the versions of a service that are kept."""

from collections.abc import Mapping
from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.place import place
from jarvis.cli.server import connect
from jarvis.cli.table import table
from jarvis.cli.units import age, size

_TITLES = ("DEPLOYMENT", "DEPLOYED", "ARTIFACT", "RUNTIME", "SIZE", "")


@click.command("releases")
@click.argument("name")
@client
@click.pass_obj
def command(call: Call, name: str) -> None:
    """List the releases that a service keeps.

    One answers now; `jarvis rollback NAME --to DEPLOYMENT` goes back to another. What is pinned stays,
    however many come after it.

    \b
    Example:
      jarvis releases mysite
    """
    with connect(call) as jarvis:
        show(call, jarvis.get(place("services", name, "releases")))


def show(call: Call, found: Mapping[str, Any]) -> None:
    """Print the releases that the API gave."""
    if call.console.json:
        call.console.result(found)
    elif not found["items"]:
        call.console.say("None yet: nothing of it ever answered.")
    else:
        for line in table(_TITLES, [_row(call, item) for item in found["items"]], call.console.width):
            call.console.say(line)


def _row(call: Call, item: Mapping[str, Any]) -> tuple[object, ...]:
    when = age(item["deployed_at"]) if call.console.terminal else item["deployed_at"]
    marks = [word for word, so in (("answers now", item["current"]), ("pinned", item["pinned"])) if so]
    digest = str(item["artifact_sha256"] or "")[:12]
    taken = size(item["bytes"]) if item["bytes"] is not None else None
    return (str(item["deployment_id"])[:8], when, digest, item["runtime"], taken, ", ".join(marks) or " ")
