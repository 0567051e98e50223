"""`jarvis webhooks add`."""

from typing import Any, TextIO

import click

from jarvis.cli.call import Call
from jarvis.cli.client import word
from jarvis.cli.options import client, option
from jarvis.cli.server import connect


@click.command("add")
@click.argument("address", metavar="URL")
@option("--event", "events", metavar="EVENT", multiple=True, help="Only these: workflow, task.opened …")
@option("--name", metavar="NAME", default="", help="What people call it; else the name in the URL.")
@option(
    "--secret-file",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Read the secret from here instead of having one made; - is standard input.",
)
@client
@click.pass_obj
def command(call: Call, address: str, events: tuple[str, ...], name: str, secret_file: TextIO | None) -> None:
    """Let an address be told of what happens.

    Each message is signed with a secret, which is shown now and never again.

    \b
    Examples:
      jarvis webhooks add https://example.org/jarvis
      jarvis webhooks add http://192.168.1.20:9000/ --event workflow.failed --event task
    """
    body: dict[str, Any] = {"url": address, "name": name, "events": list(events)}
    if secret_file is not None:
        body["secret"] = secret_file.read().strip()
        if not body["secret"]:
            raise click.UsageError("The file of --secret-file is empty.")
    with connect(call) as jarvis:
        made = jarvis.post("/webhooks", body)
    if call.console.json:
        call.console.result(made)
        return
    key = word(made, "id")
    call.console.say(f"Added {key}.")
    if secret_file is None:
        call.console.say(f"Secret: {word(made, 'secret')}")
        call.console.say("Give it to the receiver now: it is not shown again.")
    call.console.say(f"Next: jarvis webhooks test {key}")
