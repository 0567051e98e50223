"""What the commands share that change the settings of a service."""

from typing import Any

from jarvis.cli.call import Call
from jarvis.cli.client import Client
from jarvis.cli.place import place
from jarvis.cli.work import begin, finish, unknown


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
