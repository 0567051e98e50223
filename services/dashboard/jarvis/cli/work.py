"""Starts work on the server and waits for its end; `deploy`, `rollback` and `remove` are made of it."""

from collections.abc import Mapping
from typing import Any

from jarvis.cli.call import Call
from jarvis.cli.client import Client, word
from jarvis.cli.story import follow


def unknown(name: str | None) -> dict[str, Any]:
    """The outcome of a deployment of which nothing is known yet."""
    return {"name": name, "url": None, "deployment_id": None, "workflow_id": None, "status": "failed"}


def begin(call: Call, jarvis: Client, path: str, body: Mapping[str, Any]) -> None:
    """Ask for a deployment at `path`; what is known of it becomes the call's outcome."""
    made = jarvis.post(path, body)
    call.outcome = {
        "name": word(made, "service_name"),
        "url": made.get("url"),
        "domain": made.get("domain"),
        "deployment_id": word(made, "id"),
        "artifact_id": made.get("artifact_id"),
        "workflow_id": word(made, "workflow_id"),
        "status": made.get("status"),
    }


def finish(
    call: Call, jarvis: Client, noun: str, sentence: str, *, detach: bool = False, after: int = 0
) -> None:
    """Wait for the work that the call's outcome names, unless detached, and tell how it ended.

    Args:
        call: This run; its outcome has a `workflow_id`.
        jarvis: Where the work is done.
        noun: What goes on when nobody watches, such as "The deploy".
        sentence: The last line, made of the outcome: "Deployed {name} → {url}".
        detach: Do not wait.
        after: Show what comes after the event with this sequence.

    Raises:
        JarvisError: The work failed.
    """
    outcome = call.outcome or {}
    if detach:
        call.console.say(f"{noun} goes on. Watch it: jarvis workflows watch {outcome['workflow_id']}")
    else:
        end = follow(call, jarvis, outcome["workflow_id"], noun, after=after)
        outcome.update({key: end[key] for key in ("status", "url") if end.get(key)})
        call.console.say(sentence.format_map(outcome))
    if call.console.json:
        call.console.result(outcome)
