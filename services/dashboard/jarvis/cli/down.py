"""`jarvis down`: stop what `jarvis up` started."""

import click

from jarvis.cli.call import Call
from jarvis.cli.options import embedded, json_option, option


@click.command("down")
@json_option
@embedded
@option(
    "--keep-programs",
    is_flag=True,
    help="Let deployed programs run on; the next `jarvis up` takes them over, also that of a newer version.",
)
@click.pass_obj
def command(call: Call, keep_programs: bool) -> None:
    """Stop the Jarvis of this machine, and the programs it runs.

    What was deployed stays in --home and is served again after the next `jarvis up`.

    \b
    Examples:
      jarvis down
      jarvis down --keep-programs
    """
    from jarvis.embedded.up import down  # loads more than `jarvis down --help` needs

    answer = down(call.settings(), say=call.console.say, keep_programs=keep_programs)
    if call.console.json:
        call.console.result(answer)
