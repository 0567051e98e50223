"""`jarvis tasks done`."""

import json
from typing import Any, cast

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.server import connect


@click.command("done")
@click.argument("identity", metavar="ID")
@option("--note", default="", metavar="TEXT", help="What others should know.")
@option("--answer", default="", metavar="JSON", help="The answer for whoever asked, as a JSON object.")
@client
@click.pass_obj
def command(call: Call, identity: str, note: str, answer: str) -> None:
    """Say that a task is done; what waits for it goes on.

    \b
    Examples:
      jarvis tasks done 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11 --note "The record is there"
      jarvis tasks done 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11 --answer '{"approved": true}'
    """
    said = _object(answer)
    with connect(call) as jarvis:
        row = jarvis.finish_task(identity, said, note)
    if call.console.json:
        call.console.result(row)
    else:
        call.console.say(f"Done: {row.get('title')}")


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise click.BadParameter("It is not JSON.", param_hint="--answer") from error
    if not isinstance(value, dict):
        raise click.BadParameter("It must be a JSON object: {…}.", param_hint="--answer")
    return cast("dict[str, Any]", value)
