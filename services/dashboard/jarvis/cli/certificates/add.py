"""`jarvis certificates add`."""

from typing import BinaryIO

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.server import connect

LARGEST = 256 * 1024


@click.command("add")
@click.argument("name")
@option("--cert", type=click.File("rb"), required=True, help="Its chain: its own first, then those above it.")
@option("--key", type=click.File("rb"), required=True, help="Its private key, without a password.")
@client
@click.pass_obj
def command(call: Call, name: str, cert: BinaryIO, key: BinaryIO) -> None:
    """Let a name answer with a certificate of your own.

    Both files are PEM. NAME may be *.example.com for all names right below example.com. It counts from the
    next visitor on; nothing is started anew. To renew it, add the new one.

    \b
    Example:
      jarvis certificates add www.example.com --cert fullchain.pem --key privkey.pem
    """
    body = {"certificate": _text(cert, "--cert"), "key": _text(key, "--key")}
    with connect(call) as jarvis:
        row = jarvis.call("add_certificate", name, body=body)
    if call.console.json:
        call.console.result(row)
    else:
        call.console.say(f"{row['name']} answers with the certificate of {row['issuer']}.")
        call.console.say(f"It ends on {row['not_after'][:10]}; a task says so 14 days before.")


def _text(file: BinaryIO, hint: str) -> str:
    raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise click.BadParameter(f"The file has more than {LARGEST:,} bytes.", param_hint=hint)
    try:
        return raw.decode("ascii")
    except UnicodeDecodeError as error:
        words = "It is not PEM. openssl x509 -inform der -in FILE makes PEM of a certificate."
        raise click.BadParameter(words, param_hint=hint) from error
