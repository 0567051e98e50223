"""`jarvis correct`: what a service is, said by a person."""

from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.cli.correction import correcting, given
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.server import connect


@click.command("correct")
@click.argument("name")
@option("--clear", is_flag=True, help="Take back everything that was said before.")
@correcting
@client
@click.pass_obj
def command(call: Call, name: str, clear: bool, **correction: Any) -> None:
    """Say what a service is, where Jarvis found it wrong.

    What you say stands above what the analysis finds, from the next deploy on. Options that are not given
    keep what was said before; without any, what was said is shown.

    \b
    Examples:
      jarvis correct mysite --static-dir public
      jarvis correct mysite --clear
    """
    where = place("services", name, "correction")
    news = given(correction)
    with connect(call) as jarvis:
        row = jarvis.get(where)
        if news or clear:
            row = jarvis.put(where, {**({} if clear else row.get("members") or {}), **news})
    if call.console.json:
        call.console.result(row)
        return
    members: dict[str, Any] = row.get("members") or {}
    for key, value in members.items():
        call.console.say(f"{key:<16} {value}")
    if not members:
        call.console.say(f"Nothing was said about {name}: what the analysis finds counts.")
