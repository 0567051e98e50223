"""`jarvis env import`."""  # noqa: N999 - a module is called as its command

from typing import BinaryIO

import click

from jarvis.cli.call import Call
from jarvis.cli.env.change import changing, members, told
from jarvis.cli.options import client
from jarvis.cli.server import connect

LARGEST = 1024 * 1024
"""Bytes of a file; a service may have no more in all its variables."""


@click.command("import")
@click.argument("name")
@click.argument("file", type=click.File("rb"))
@changing
@client
@click.pass_obj
def command(call: Call, name: str, file: BinaryIO, secret: bool | None, build: bool, run: bool) -> None:
    """Set the variables that a .env file names.

    Others stay as they are. A line that cannot be read is refused with its number, and nothing is set.
    FILE may be - for standard input.

    \b
    Examples:
      jarvis env import mysite .env
      jarvis env import mysite .env.production --secret --run
    """
    raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise click.UsageError(f"The file has more than {LARGEST:,} bytes.")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise click.UsageError("The file is not text in UTF-8.") from error
    body = {"text": text, **members(secret=secret, build=build, run=run)}
    with connect(call) as jarvis:
        row = jarvis.call("import_environment", name, body=body)
    told(call, row)
