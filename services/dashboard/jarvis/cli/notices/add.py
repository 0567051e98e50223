"""`jarvis notices add`."""

import sys
from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.cli.client import word
from jarvis.cli.options import client, option
from jarvis.cli.server import connect


@click.command("add")
@click.argument("kind", type=click.Choice(["email", "ntfy", "slack", "discord"]))
@click.argument("address", metavar="[URL]", default="")
@option("--event", "events", metavar="EVENT", multiple=True, help="Only these: service, task.opened …")
@option("--name", metavar="NAME", default="", help="What people call it; else where it leads.")
@option("--to", metavar="MAILBOX", multiple=True, help="Who gets the mail; several times for several.")
@option("--smtp", metavar="URL", default="", help="The mail server: smtp://user@host:587 or smtps://…")
@option("--sender", metavar="MAILBOX", default="", help="Whom the mail is from; else the user.")
@option("--password", is_flag=True, help="The mail server wants a password: it is asked for, unseen.")
@option("--token", is_flag=True, help="ntfy wants a token: it is asked for, unseen.")
@client
@click.pass_obj
def command(
    call: Call,
    kind: str,
    address: str,
    events: tuple[str, ...],
    name: str,
    to: tuple[str, ...],
    smtp: str,
    sender: str,
    password: bool,
    token: bool,
) -> None:
    """Let people be told by a channel.

    The address of ntfy, Slack and Discord is a secret: without one it is asked for, unseen. What is asked for
    is read from standard input where there is no screen. Without --event the channel is told what matters:
    deploys, services that do not answer and answer again, tasks.

    \b
    Examples:
      jarvis notices add email --to anna@example.org --smtp smtp://jarvis@mail.example.org --password
      jarvis notices add ntfy https://ntfy.sh/my-topic --event service --event task.opened
      jarvis notices add slack < address.txt
    """
    body: dict[str, Any] = {"kind": kind, "name": name, "events": list(events)}
    if kind == "email":
        if not to or not smtp:
            raise click.UsageError("A channel of mail needs --to and --smtp.")
        body |= {"to": list(to), "smtp": smtp, "sender": sender}
        body |= {"password": _asked("Password")} if password else {}
    else:
        body["url"] = address or _asked("Address")
        body |= {"token": _asked("Token")} if token else {}
    with connect(call) as jarvis:
        made = jarvis.post("/notices", body)
    if call.console.json:
        call.console.result(made)
        return
    key = word(made, "id")
    call.console.say(f"Added {key}: {word(made, 'to')} is told of {', '.join(made['events'])}.")
    call.console.say(f"Next: jarvis notices test {key}")


def _asked(what: str) -> str:
    if sys.stdin.isatty():
        answer: str = click.prompt(what, hide_input=True, err=True)
        return answer
    return sys.stdin.readline().strip()
