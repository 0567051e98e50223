"""Tells a workflow on the screen, step by step, while it happens."""

from typing import Any, cast

from jarvis import segment
from jarvis.cli.call import Call
from jarvis.cli.client import Client
from jarvis.cli.console import Console
from jarvis.cli.place import place
from jarvis.cli.stream import END, Event, events
from jarvis.cli.table import cells
from jarvis.cli.units import span
from jarvis.errors import DeployFailed, JarvisError, from_problem

_STEP = 12
_MESSAGE = 44


def line(mark: str, step: str, message: str, seconds: float | None = None) -> str:
    """`  ✓ unpack      200 files, 1.2 MB      0.03 s`."""
    fill = " " * max(0, _MESSAGE - cells(message))
    took = f"{fill}  {span(seconds):>7}" if seconds is not None else ""
    return f"  {mark} {step:<{_STEP}} {message}{took}"


def follow(call: Call, client: Client, workflow_id: str, noun: str, *, after: int = 0) -> dict[str, Any]:
    """Show a workflow's steps until it ends.

    Args:
        call: This run.
        client: Where the workflow runs.
        workflow_id: Which one.
        noun: What goes on when the person stops watching, such as "The deploy".
        after: Begin after the event with this sequence.

    Returns:
        The data of its end.

    Raises:
        JarvisError: It failed; the error is the workflow's own.
    """
    call.going_on = noun
    console = call.console
    warnings: list[str] = []
    end: Event | None = None
    for event in events(
        client, workflow_id, lambda: console.change("  … waiting for Jarvis to answer again"), after=after
    ):
        _show(console, event)
        if event.kind == "warning":
            warnings.append(event.message)
        end = event
    if end is None or end.kind != END:
        end = _ended(client, workflow_id)
    call.going_on = ""
    if call.outcome is not None and warnings:
        call.outcome["warnings"] = warnings
    if end.data.get("status") != "completed":
        problem: Any = end.data.get("error")
        raise _failure(problem, end.message)
    return end.data


def _ended(client: Client, workflow_id: str) -> Event:
    """How a workflow ended whose end was told before we listened."""
    row = client.get(place("workflows", workflow_id))
    return Event(0, END, "", str(row.get("error_message") or ""), {"status": row.get("status")})


def _failure(problem: Any, message: str) -> JarvisError:
    if isinstance(problem, dict):
        return from_problem({"detail": message, **cast("dict[str, Any]", problem)})
    return DeployFailed(
        message or "The work ended without success.",
        "See its steps: jarvis workflows list, and show with its id.",
    )


def _show(console: Console, event: Event) -> None:
    if event.kind == "done":
        seconds = event.data.get("seconds")
        took = float(seconds) if isinstance(seconds, int | float) else None
        console.say(line("✓", event.step, event.message, took))
    elif event.kind in ("step", "queued"):
        console.change(line("·", event.step, event.message))
    elif event.kind == "progress":
        parts = (str(event.data.get(key, "")) for key in ("done", "total", "unit"))
        done, total, unit = parts
        console.change(line("·", event.step, event.message or f"{done} of {total} {unit}"))
    elif event.kind == segment.KIND:
        for text in segment.printable({"kind": event.kind, "data": event.data}):
            console.say(line(" ", event.step, text))
    elif event.kind in ("line", "answered", "wish", "paused"):
        console.say(line(" ", event.step, event.message))
    elif event.kind == "asked":
        console.say(line("?", event.step, event.message))
        if event.data.get("task"):
            console.say(line(" ", "", f"→ jarvis tasks show {event.data['task']}"))
    elif event.kind in ("warning", "error"):
        console.say(line("!", event.step, event.message))
