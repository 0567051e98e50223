"""`jarvis env list`."""

from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.server import connect
from jarvis.cli.table import table
from jarvis.cli.units import age


@click.command("list")
@click.argument("name")
@client
@click.pass_obj
def command(call: Call, name: str) -> None:
    """List the variables of a service; secrets by their names only.

    \b
    Example:
      jarvis env list mysite
    """
    with connect(call) as jarvis:
        found = jarvis.call("show_environment", name)
    if call.console.json:
        call.console.result(found)
        return
    items: list[dict[str, Any]] = found.get("items") or []
    if not items:
        call.console.say(f"Nothing is set for {name}.")
        return
    rows = [
        [
            each.get("name"),
            "(secret)" if each.get("secret") else each.get("value"),
            each.get("phase"),
            each.get("version"),
            each.get("set_by"),
            age(each["set_at"]) if call.console.terminal and each.get("set_at") else each.get("set_at"),
        ]
        for each in items
    ]
    for line in table(["NAME", "VALUE", "PHASE", "VERSION", "BY", "SET"], rows, call.console.width):
        call.console.say(line)
