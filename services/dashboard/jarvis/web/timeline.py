"""A workflow's events as the steps that a page shows. Pure; live.js tells the same story as it happens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jarvis import segment
from models import WorkflowStep

Json = Mapping[str, Any]

NOTES = ("line", "warning", "error", "asked", "answered", "wish", "paused")
LOG = 500
"""Lines of a program that a step shows, the last ones. live.js keeps as many."""


@dataclass
class Step:
    """One step: what it is called, how far it came, what was said in it.

    Attributes:
        name: The step's name, or `queued` for the wait before the first one.
        title: The sentence shown while it runs.
        number: Its place, from 1; 0 when it is not counted.
        state: `now`, `done` or `failed`.
        waits: For a person, a time or a word to go on.
        said: What came of it.
        progress: `done`, `total` and `unit` of the work in it, while it runs.
        notes: Pairs of kind (`line`, `warning`, `error` …) and text.
        log: The last lines of the program that runs in it.
        before: How many lines came before those.
    """

    name: str
    title: str
    number: int = 0
    total: int = 0
    state: str = "now"
    waits: bool = False
    said: str = ""
    seconds: float | None = None
    progress: dict[str, Any] | None = None
    notes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    log: list[str] = field(default_factory=list[str])
    before: int = 0


@dataclass
class Timeline:
    """The steps so far, the sequence of the last event, and the last event's data once the story ended."""

    steps: list[Step] = field(default_factory=list[Step])
    last: int = 0
    ending: dict[str, Any] | None = None


def _number(value: Any) -> int | float:
    """A count from an event's data; whatever is no number counts as none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _begin(steps: list[Step], event: Json) -> None:
    """A step begins. After a crash the same step begins again: it stays one line."""
    data = event["data"]
    name = str(event["step"] or "")
    while steps and steps[-1].name == name:
        steps.pop()
    if steps and steps[-1].state == "now":
        steps[-1].state, steps[-1].progress = "done", None
    number, total = int(_number(data.get("number"))), int(_number(data.get("total")))
    steps.append(Step(name, event["message"], number, total))


def _current(steps: list[Step], event: Json) -> Step:
    """The step that the event speaks of."""
    name = event["step"]
    for step in reversed(steps):
        if name is None or step.name == name:
            return step
    steps.append(Step(str(name or ""), event["message"]))
    return steps[-1]


def _tell(steps: list[Step], event: Json) -> None:
    kind, data = event["kind"], event["data"]
    if kind == "queued":
        steps.append(Step("queued", event["message"]))
    elif kind == "step":
        _begin(steps, event)
    elif kind == "progress":
        done, total = _number(data.get("done")), _number(data.get("total"))
        _current(steps, event).progress = {"done": done, "total": total, "unit": str(data.get("unit", ""))}
    elif kind == "done":
        step = _current(steps, event)
        step.state, step.said, step.progress = "done", event["message"], None
        step.seconds = _number(data["seconds"]) if "seconds" in data else None
    elif kind == segment.KIND:
        step = _current(steps, event)
        lines = step.log + segment.printable(event)
        step.log, step.before = lines[-LOG:], step.before + len(lines[:-LOG])
    else:
        shown = kind if kind in NOTES else "line"
        step = _current(steps, event)
        step.waits = kind == "paused" and step.state == "now"
        if step.title != event["message"]:
            step.notes.append((shown, event["message"]))


def tell(events: Sequence[Json]) -> Timeline:
    """The timeline of `events` (see `jarvis.workflows.events.public`), oldest first."""
    story = Timeline()
    for event in events:
        story.last = event["sequence"]
        if event["kind"] != "end":
            story.ending = None  # it was begun again
            _tell(story.steps, event)
            continue
        story.ending = {**event["data"], "message": event["message"]}
        for step in story.steps:
            if step.state == "now":
                step.state = "failed" if event["data"].get("status") == "failed" else "done"
                step.progress = None
    return story


def kept(rows: Sequence[WorkflowStep]) -> list[Step]:
    """The steps of a workflow whose events were cleaned up, from their rows."""
    states = {"running": "now", "waiting": "now"}
    return [
        Step(
            row.name,
            row.title,
            row.number,
            max(one.number for one in rows),
            states.get(row.status, row.status),
            row.status == "waiting",
            row.said or "",
            seconds=(row.ended_at - row.started_at).total_seconds()
            if row.ended_at and row.started_at
            else None,
        )
        for row in rows
    ]
