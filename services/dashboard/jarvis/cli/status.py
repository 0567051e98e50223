"""`jarvis status`: what is deployed, and how it is."""

from collections.abc import Mapping
from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.place import place
from jarvis.cli.rows import every
from jarvis.cli.server import connect
from jarvis.cli.table import table
from jarvis.cli.units import age

_TITLES = ("NAME", "URL", "STATE", "HEALTH", "DEPLOYED", "RELEASE")


@click.command("status")
@click.argument("name", required=False)
@client
@click.pass_obj
def command(call: Call, name: str | None) -> None:
    """Show what is deployed and how it is.

    With NAME: that service and its last releases.

    \b
    Examples:
      jarvis status
      jarvis status mysite
    """
    with connect(call) as jarvis:
        found = jarvis.get(place("services", name)) if name else every(jarvis, "/services")
        health = jarvis.get(place("services", name, "health")) if name and not call.console.json else {}
    if call.console.json:
        call.console.result(found)
        return
    services = [found] if name else found["items"]
    if not services:
        call.console.say("Nothing is deployed. Begin with: jarvis deploy ./mysite")
        return
    _show(call, _TITLES, [_service(call, row) for row in services])
    if health:
        _health(call, health)
    releases: list[dict[str, Any]] = found.get("deployments") or []
    if releases:
        call.console.say()
        _show(call, ("RELEASE", "STATE", "HEALTH", "DEPLOYED"), [_release(call, row) for row in releases])


def _health(call: Call, row: Mapping[str, Any]) -> None:
    """How it is, since when, and why."""
    since = f", {_when(call, row['since'])}" if row.get("since") else ""
    why = f": {row['why']}" if row.get("why") else ""
    call.console.say()
    call.console.say(f"Health: {row.get('status')}{since}{why}")


def _show(call: Call, titles: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    for line in table(titles, rows, call.console.width):
        call.console.say(line)


def _when(call: Call, time: object) -> object:
    return age(time) if call.console.terminal else time


def _service(call: Call, row: Mapping[str, Any]) -> tuple[object, ...]:
    urls = ", ".join(map(str, row.get("urls") or []))
    release = str(row.get("deployment_id") or "")[:8]
    when = _when(call, row.get("deployed_at"))
    state = "not deployed yet" if row.get("status") == "undeployed" else row.get("status")
    return (row.get("name"), urls, state, row.get("health_status"), when, release)


def _release(call: Call, row: Mapping[str, Any]) -> tuple[object, ...]:
    when = _when(call, row.get("deployed_at"))
    return (row.get("id"), row.get("status"), row.get("health_status"), when)
