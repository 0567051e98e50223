"""`jarvis down`: stop what `jarvis up` started."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import embedded, json_option


@click.command("down")
@json_option
@embedded
@click.pass_obj
def command(call: Call) -> None:
    """Stop the Jarvis of this machine.

    What was deployed stays in --home and is served again after the next `jarvis up`.

    \b
    Example:
      jarvis down
    """
    from jarvis.embedded.up import down  # loads more than `jarvis down --help` needs

    answer = down(call.settings(), say=call.console.say)
    if call.console.json:
        call.console.result(answer)
