"""`jarvis env set`."""

import sys
from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.cli.env.change import changing, members, told, utf8
from jarvis.cli.options import client
from jarvis.cli.server import connect


@click.command("set")
@click.argument("name")
@click.argument("pairs", metavar="KEY[=VALUE]...", nargs=-1, required=True)
@changing
@client
@click.pass_obj
def command(
    call: Call, name: str, pairs: tuple[str, ...], secret: bool | None, build: bool, run: bool
) -> None:
    """Set variables of a service.

    A KEY without a value is asked for, unseen; without a screen, the value of the only one is read from
    standard input, less one line end. That keeps secrets out of the history of the shell. What the options
    do not say stays as it was; new variables are plain, and for the build and the running program.

    \b
    Examples:
      jarvis env set mysite LOG_LEVEL=info CURRENCY=EUR
      jarvis env set mysite API_KEY --secret --run
      jarvis env set mysite TLS_KEY --secret < key.pem
    """
    said = members(secret=secret, build=build, run=run)
    wanted: dict[str, dict[str, Any]] = {}
    for pair in pairs:
        key, given, value = utf8(pair, "KEY=VALUE").partition("=")
        if key in wanted:
            raise click.UsageError(f"{key} is given twice.")
        wanted[key] = {"value": value if given else _asked(key, len(pairs)), **said}
    with connect(call) as jarvis:
        row = jarvis.call("change_environment", name, body={"set": wanted})
    told(call, row)


def _asked(key: str, pairs: int) -> str:
    if sys.stdin.isatty():
        answer: str = click.prompt(key, hide_input=True, default="", show_default=False, err=True)
        return answer
    if pairs > 1:
        raise click.UsageError(
            f"{key} has no value. Only where it is the only one, the value is read from standard input."
        )
    try:
        words = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise click.UsageError(f"What was read for {key} is not text in UTF-8.") from error
    return words.removesuffix("\n").removesuffix("\r")
