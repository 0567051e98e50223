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
@option("--program", "-p", is_flag=True, help="Show what its program says, instead of what happened to it.")
@client
@click.pass_obj
def command(call: Call, name: str, follow: bool, limit: int, program: bool) -> None:
    """Show what happened to a service, or what its program says.

    The lines of all its deployments, oldest first; with --program those of the program that runs now. With
    --follow and --json, each line is one JSON object.

    \b
    Examples:
      jarvis logs mysite
      jarvis logs mysite --program --follow
    """
    with connect(call) as jarvis:
        if program:
            _program(call, jarvis, name, limit, follow=follow)
            return
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


def _program(call: Call, jarvis: Client, name: str, count: int, *, follow: bool) -> None:
    """The lines of the program; after a new deploy those of the new one."""
    where = place("services", name, "output")
    answer = jarvis.get(where, {"limit": count})
    if not follow and call.console.json:
        call.console.result({"items": answer["items"]})
        return
    _show_lines(call, answer)
    if not answer["items"] and not follow:
        call.console.say("It has said nothing, or it is finished pages and no program.")
    heard = time.monotonic()
    while follow:
        time.sleep(_PAUSE)
        try:
            now = jarvis.get(where, {"limit": _MOST, "after": answer["next"]})
            if now["deployment_id"] != answer["deployment_id"]:
                now = jarvis.get(where, {"limit": _MOST, "after": "0"})
        except Unavailable:
            if time.monotonic() - heard > PATIENCE:
                raise
            continue
        heard, answer = time.monotonic(), now
        _show_lines(call, answer)


def _show_lines(call: Call, answer: Mapping[str, Any]) -> None:
    for item in answer["items"]:
        if call.console.json:
            call.console.result(item)
        else:
            call.console.say(f"{clock(item['time'])}  {item['text']}")


def _identity(item: Mapping[str, Any]) -> tuple[object, object]:
    return (item.get("deployment_id"), item.get("sequence"))


def _show(call: Call, item: Mapping[str, Any]) -> None:
    if call.console.json:
        call.console.result(item)
    else:
        mark = {"warning": "! ", "error": "! "}.get(str(item.get("kind")), "")
        step = str(item.get("step") or item.get("kind") or "")
        call.console.say(f"{clock(item.get('time'))}  {step:<12} {mark}{item.get('message') or ''}".rstrip())
