"""`jarvis logs`: what happened to a service."""

import time
from collections.abc import Mapping
from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.cli.client import Client
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.server import connect
from jarvis.cli.stream import PATIENCE
from jarvis.cli.units import clock
from jarvis.errors import Unavailable

_PAUSE = 1.0
_MOST = 200


@click.command("logs")
@click.argument("name")
@option("--follow", "-f", is_flag=True, help="Go on and show new lines as they come, until Ctrl-C.")
@option(
    "--limit", type=click.IntRange(1, _MOST), default=_MOST, show_default=True, help="How many lines at most."
)
@client
@click.pass_obj
def command(call: Call, name: str, follow: bool, limit: int) -> None:
    """Show what happened to a service.

    The lines of all its deployments, oldest first. With --follow and --json, each line is one JSON object.

    \b
    Examples:
      jarvis logs mysite
      jarvis logs mysite --follow
    """
    with connect(call) as jarvis:
        items = _lines(jarvis, name, limit)
        if call.console.json and not follow:
            call.console.result({"items": items})
            return
        for item in items:
            _show(call, item)
        if not items and not follow:
            call.console.say("Nothing has happened yet.")
        if follow:
            _follow(call, jarvis, name, {_identity(item) for item in items})


def _lines(jarvis: Client, name: str, limit: int) -> list[dict[str, Any]]:
    return list(jarvis.get(place("services", name, "logs"), {"limit": limit}).get("items") or [])


def _follow(call: Call, jarvis: Client, name: str, seen: set[tuple[object, object]]) -> None:
    """Ask again and again; a server that restarts is waited for."""
    heard = time.monotonic()
    while True:
        time.sleep(_PAUSE)
        try:
            items = _lines(jarvis, name, _MOST)
        except Unavailable:
            if time.monotonic() - heard > PATIENCE:
                raise
            continue
        heard = time.monotonic()
        for item in items:
            if _identity(item) not in seen:
                _show(call, item)
        seen = set(map(_identity, items))


def _identity(item: Mapping[str, Any]) -> tuple[object, object]:
    return (item.get("deployment_id"), item.get("sequence"))


def _show(call: Call, item: Mapping[str, Any]) -> None:
    if call.console.json:
        call.console.result(item)
    else:
        mark = {"warning": "! ", "error": "! "}.get(str(item.get("kind")), "")
        step = str(item.get("step") or item.get("kind") or "")
        call.console.say(f"{clock(item.get('time'))}  {step:<12} {mark}{item.get('message') or ''}".rstrip())
