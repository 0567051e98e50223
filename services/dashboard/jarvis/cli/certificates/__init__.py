"""`jarvis certificates`: what sites answer with by HTTPS."""

import click

from jarvis.cli.lazy import LazyGroup

LINES = {
    "list": "List the certificates that sites answer with.",
    "add": "Let a name answer with a certificate of your own.",
    "remove": "Let a name answer with a certificate of your own no more.",
    "authority": "Print the root of the certificates that Jarvis gives itself.",
}


@click.group("certificates", cls=LazyGroup, package="jarvis.cli.certificates", lines=LINES)
def command() -> None:
    """See what sites answer with by HTTPS.

    \b
    Examples:
      jarvis certificates list
      jarvis certificates authority > jarvis.pem
    """
