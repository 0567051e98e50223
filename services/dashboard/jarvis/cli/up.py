"""`jarvis up`: PostgreSQL, proxy, web and worker on this machine."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import embedded, json_option, option


@click.command("up")
@option("--detach", "-d", is_flag=True, help="Come back when it runs; it goes on by itself.")
@json_option
@embedded
@click.pass_obj
def command(call: Call, detach: bool) -> None:
    """Start Jarvis on this machine.

    It runs until Ctrl-C, or with --detach until `jarvis down`. Everything it keeps is below --home.

    \b
    Examples:
      jarvis up
      jarvis up --detach --http-port 80
    """
    from jarvis.embedded.up import up  # loads more than `jarvis up --help` needs

    answer = up(call.settings(), detach=detach, say=call.console.say)
    if call.console.json:
        call.console.result(answer)
