"""`jarvis certificates list`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.server import connect
from jarvis.cli.table import table


@click.command("list")
@client
@click.pass_obj
def command(call: Call) -> None:
    """List the certificates that sites answer with.

    BY says where one comes from: own (you gave it), internal (Jarvis did), acme (a public authority).

    \b
    Example:
      jarvis certificates list
    """
    with connect(call) as jarvis:
        found = jarvis.call("list_certificates")
    if call.console.json:
        call.console.result(found)
        return
    if not found["items"]:
        call.console.say("There are none yet: they come with the first deploy.")
        return
    rows = [[row["name"], row["by"], row["issuer"], row["not_after"][:10]] for row in found["items"]]
    for line in table(["NAME", "BY", "ISSUER", "ENDS"], rows, call.console.width):
        call.console.say(line)
    if any(row["by"] == "internal" for row in found["items"]):
        call.console.say()
        call.console.say("A browser warns of internal ones until it trusts the root of this Jarvis:")
        call.console.say("  jarvis certificates authority > jarvis-root.crt")
        call.console.say("The page /certificate-authority says what to do with it on each kind of device.")
