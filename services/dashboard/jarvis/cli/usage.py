"""`jarvis usage`: what services use of the machine."""

from collections.abc import Mapping
from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client
from jarvis.cli.place import place
from jarvis.cli.server import connect
from jarvis.cli.table import table
from jarvis.cli.units import size

_TITLES = ("SERVICE", "CPU", "MEMORY", "LIMIT", "RUNS AS")


@click.command("usage")
@click.argument("name", required=False)
@client
@click.pass_obj
def command(call: Call, name: str | None) -> None:
    """Show what services use of processors and memory.

    Measured about once a minute. CPU is in percent of one processor: a program on two of them may show 200.
    Finished pages have no program: they use none of their own. --json with NAME has the last day.

    \b
    Examples:
      jarvis usage
      jarvis usage mysite
    """
    with connect(call) as jarvis:
        found = jarvis.get(place("services", name, "usage")) if name else jarvis.call("list_usage")
    rows: list[Mapping[str, Any]] = [found] if name else found["items"]
    if call.console.json:
        call.console.result(found)
    elif not rows:
        call.console.say("Nothing is deployed. Begin with: jarvis deploy ./mysite")
    else:
        for line in table(_TITLES, [_row(row) for row in rows], call.console.width):
            call.console.say(line)


def _row(row: Mapping[str, Any]) -> tuple[object, ...]:
    runtime, now = row["runtime"], row["now"]
    if runtime == "static":
        return (row["service"], "none", "none", None, "pages: none of its own")
    if now is None:
        return (
            row["service"],
            None,
            None,
            None,
            f"{runtime}, not measured yet" if runtime else "does not run",
        )
    cpu = f"{now['cpu']:.1f} %" if now["cpu"] is not None else None
    limit = size(now["memory_limit"]) if now["memory_limit"] else "no limit"
    return (row["service"], cpu, size(now["memory"]), limit, runtime)
