"""`jarvis certificates authority`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.server import connect


@click.command("authority")
@client
@click.pass_obj
def command(call: Call) -> None:
    """Print the root of the certificates that Jarvis gives itself.

    A browser that trusts it shows sites on names like mysite.localhost without a warning. Whoever has the
    machine that Jarvis runs on can then make it trust any site, so trust it only where that is fine.

    \b
    Examples:
      jarvis certificates authority > jarvis.pem
      curl --cacert jarvis.pem https://mysite.localhost:8443/
    """
    with connect(call) as jarvis:
        row = jarvis.call("show_authority")
    if call.console.json:
        call.console.result(row)
    else:
        for line in str(row["certificate"]).splitlines():
            call.console.say(line)
