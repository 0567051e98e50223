"""What the commands share that change the settings of a service."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.cli.client import Client
from jarvis.cli.place import place
from jarvis.cli.work import begin, finish, unknown

SECRET = "logins."  # noqa: S105 - what its name begins with, not a password


def told(call: Call, jarvis: Client, name: str, row: dict[str, Any], *, redeploy: bool) -> None:
    """Say what changed, and let it count now where that is wished."""
    changed: list[str] = row.get("changed") or []
    if changed and not call.console.json:
        call.console.say(f"Version {row.get('version')}: {', '.join(changed)}")
    if redeploy:
        call.outcome = unknown(name)
        begin(call, jarvis, place("services", name, "redeploy"), {})
        finish(call, jarvis, "The deploy", "Deployed {name} → {url}")
    elif call.console.json:
        call.console.result(row)
    else:
        call.console.say(str(row.get("message") or ""))


def texts(pairs: Sequence[str]) -> dict[str, str]:
    """KEY=VALUE each, as the API takes it; the passwords of logins are asked for.

    Raises:
        click.UsageError: One is none.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        key, given, value = pair.partition("=")
        if key in found:
            raise click.UsageError(f"{key} is given twice.")
        if key.startswith(SECRET) == bool(given):
            raise click.UsageError(
                f"{key} is asked for: leave out what follows it."
                if given
                else f"{key} has no value: {key}=VALUE."
            )
        found[key] = value if given else _asked(key)
    return found


def _asked(key: str) -> str:
    if sys.stdin.isatty():
        answer: str = click.prompt(f"Password of {key.removeprefix(SECRET)}", hide_input=True, err=True)
        return answer
    return sys.stdin.readline().removesuffix("\n").removesuffix("\r")
