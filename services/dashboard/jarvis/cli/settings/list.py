"""`jarvis settings list`."""

from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.server import connect
from jarvis.cli.table import table


@click.command("list")
@click.argument("name")
@client
@click.pass_obj
def command(call: Call, name: str) -> None:
    """List the settings of a service, and where each comes from.

    A star says that the value counts from the next deploy on only.

    \b
    Example:
      jarvis settings list shop
    """
    with connect(call) as jarvis:
        found = jarvis.call("show_settings", name)
    if call.console.json:
        call.console.result(found)
        return
    items: list[dict[str, Any]] = found.get("items") or []
    rows = [
        [
            f"{each.get('name')}{'*' if each.get('pending') else ''}",
            each.get("shown") or "-",
            each.get("source"),
            each.get("help"),
        ]
        for each in items
    ]
    for line in table(["NAME", "VALUE", "FROM", "WHAT IT DOES"], rows, call.console.width):
        call.console.say(line)
