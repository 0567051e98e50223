"""`jarvis registries add`."""

import sys

import click

from jarvis.cli.call import Call
from jarvis.cli.client import word
from jarvis.cli.options import client
from jarvis.cli.server import connect


@click.command("add")
@click.argument("host")
@click.argument("user")
@client
@click.pass_obj
def command(call: Call, host: str, user: str) -> None:
    """Give Jarvis an account at a registry.

    The password, or better a token that may only read, is asked for, unseen; without a screen it is read
    from standard input, less one line end. An account that there was is replaced. It counts from the next
    build on.

    \b
    Examples:
      jarvis registries add ghcr.io shop
      jarvis registries add registry.example.org:5000 shop < token
    """
    if sys.stdin.isatty():
        password: str = click.prompt("Password or token", hide_input=True, err=True)
    else:
        try:
            password = sys.stdin.buffer.read().decode().removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError as error:
            raise click.UsageError("What was read is not text in UTF-8.") from error
    with connect(call) as jarvis:
        row = jarvis.call("put_registry", host, body={"username": user, "password": password})
    if call.console.json:
        call.console.result(row)
    else:
        call.console.say(
            f"From now on, images of {word(row, 'host')} are fetched as {word(row, 'username')}."
        )
