"""Prints a plan as a person reads it."""

from collections.abc import Mapping
from typing import Any

from jarvis.cli.call import Call
from jarvis.cli.units import span

SHORT = 12
"""Signs of a hash that a person is shown; they are enough to name a plan."""
_WIDTH = 12


def show(call: Call, row: Mapping[str, Any]) -> None:
    """Print a plan that the API gave, and how it is carried out."""
    if call.console.json:
        call.console.result(row)
        return
    plan: Mapping[str, Any] = row["plan"]
    say, short = call.console.say, str(row["hash"])[:SHORT]
    what = "Going back with" if plan["action"] == "rollback" else "Deploying"
    say(f"{what} {plan['service']} at {plan['domain']}")
    for heading, lines in row["words"].items():
        say()
        say(f"  {heading}")
        for line in lines:
            say(f"    {line}")
    say()
    say("  steps")
    for step in plan["steps"]:
        took = f"  {span(step['seconds']):>7}" if step.get("seconds") is not None else ""
        say(f"    {step['name']:<{_WIDTH}} {step['title']:<36}{took}".rstrip())
    say()
    if row.get("holds") is False:
        call.console.warn("It does not hold any more:")
        for line in row["difference"]:
            call.console.warn(f"  {line}")
    name = plan["service"]
    if plan["action"] == "rollback":
        to = f" --to {row['deployment_id']}"
        say(f"Plan {short}. Nothing was done yet: jarvis rollback {name}{to} --hash {short}")
    else:
        words = " ".join(("jarvis deploy --plan", short, *_along(plan)))
        say(f"Plan {short}. Nothing was done yet: {words}")


def _along(plan: Mapping[str, Any]) -> list[str]:
    """The options that the deploy takes once more, as a plan keeps no values."""
    along: Mapping[str, Any] = plan.get("along") or {}
    secrets = set(plan["environment"]["secrets"])
    names = along.get("variables", ())
    return [
        *(f"--secret {name}" if name in secrets else f"--env {name}=…" for name in names),
        *(f"--set {name}=…" for name in along.get("settings", ())),
    ]
