"""`jarvis webhooks test`."""

import time
from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.cli.client import Client, word
from jarvis.cli.options import client
from jarvis.cli.place import place
from jarvis.cli.server import connect
from jarvis.errors import JarvisError, Unavailable

PATIENCE = 30.0
"""Seconds for a worker to take it up and for the receiver's 10 to answer."""
LOOK_EVERY = 0.2


@click.command("test")
@click.argument("identity", metavar="ID")
@client
@click.pass_obj
def command(call: Call, identity: str) -> None:
    """Send a test message to a webhook.

    The first attempt is waited for. It is sent whatever the webhook wants, and even while it is turned off.

    \b
    Example:
      jarvis webhooks test 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11
    """
    send(call, "webhooks", identity)


def send(call: Call, noun: str, identity: str) -> None:
    """Send a test to one of `noun`, and say what came of it.

    Raises:
        JarvisError: It was not taken.
    """
    with connect(call) as jarvis:
        made = jarvis.post(place(noun, identity, "test"), {})
        call.outcome, call.going_on = made, "The delivery"
        row = _wait(jarvis, place(noun, identity, "deliveries", word(made, "id")))
        call.outcome = row
    if row.get("status") != "delivered":
        raise JarvisError(
            str(row.get("error") or "The receiver did not take it."),
            f"See jarvis {noun} deliveries {identity}, and the log of the receiver.",
        )
    if call.console.json:
        call.console.result(row)
    else:
        call.console.say(f"Delivered: the receiver answered {row.get('answer_status')}.")


def _wait(jarvis: Client, path: str) -> dict[str, Any]:
    """The delivery, once it was attempted."""
    until = time.monotonic() + PATIENCE
    while True:
        row = jarvis.get(path)
        if row.get("attempts") or row.get("status") != "pending":
            return row
        if time.monotonic() > until:
            raise Unavailable("Nobody has sent it yet.", "See whether a worker runs: jarvis status.")
        time.sleep(LOOK_EVERY)
