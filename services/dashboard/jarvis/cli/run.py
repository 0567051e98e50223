"""`jarvis run`: a command beside the program of a service."""

import click

from jarvis.cli.call import Call
from jarvis.cli.client import word
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.report import failed
from jarvis.cli.server import connect
from jarvis.cli.work import finish
from jarvis.errors import JarvisError


@click.command("run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("name")
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED)
@option("--timeout", metavar="SECONDS", type=click.IntRange(1, 86400), default=3600, help="When to stop it.")
@option("--detach", "-d", is_flag=True, help="Do not wait for its end.")
@client
@click.pass_obj
def command(call: Call, name: str, words: tuple[str, ...], timeout: int, detach: bool) -> int:
    """Run a command beside the program of a service.

    It has the files, the environment and the user of the program that answers now. Nothing is read from the
    keyboard. What it says is shown as it comes and kept; its exit code becomes that of `jarvis run`.

    \b
    Examples:
      jarvis run shop -- python3 manage.py createsuperuser --noinput
      jarvis run --timeout 60 shop -- sh -c 'ls -l'
    """
    words = words[1:] if words[0] == "--" else words
    if words and words[0].startswith("-"):
        raise click.UsageError(f"{words[0]} is no command. Options of jarvis run go before NAME.")
    if not words:
        raise click.UsageError("Say the command: jarvis run NAME -- COMMAND.")
    with connect(call) as jarvis:
        asked = jarvis.post(place("services", name, "runs"), {"command": list(words), "seconds": timeout})
        call.outcome = {"name": name, "workflow_id": word(asked, "workflow_id"), "status": "pending"}
        try:
            finish(call, jarvis, "The command", "It ended well.", detach=detach)
        except JarvisError as error:
            code = error.facts.get("exit_code")
            if isinstance(code, int) and 0 < code < 256:
                failed(call, error)
                return code
            raise
    return 0
