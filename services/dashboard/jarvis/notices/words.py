"""What a person is told of an event: what, where, since when, what to do, and where to look. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Json = Mapping[str, Any]

DEFAULT = (
    "deployment.failed",
    "deployment.running",
    "service.unhealthy",
    "service.healthy",
    "certificate.expiring",
    "task.opened",
)
"""What a channel is told of that names nothing."""
BAD = frozenset({"deployment.failed", "service.unhealthy", "certificate.expiring", "workflow.failed"})
PAGES = {
    "certificate": "tasks",
    "deployment": "deployments",
    "service": "services",
    "task": "tasks",
    "workflow": "workflows",
}
LONGEST = 1500
"""Signs of a sentence that somebody else wrote."""


@dataclass(frozen=True)
class Notice:
    """What is told.

    Attributes:
        title: One line.
        lines: The rest, for a person who is tired.
        link: The page that shows it; empty where there is none.
        bad: Something does not work.
    """

    title: str
    lines: tuple[str, ...]
    link: str
    bad: bool

    @property
    def text(self) -> str:
        """All but the title, with the link as its last line."""
        return "\n".join([*self.lines, *([self.link] if self.link else [])])


def notice(message: Json, base: str) -> Notice:
    """The words for a message as `jarvis.webhooks` makes it.

    Args:
        message: With `event`, `time` and `data`.
        base: Where people open the pages, without a slash at its end.
    """
    event, data = str(message["event"]), message["data"]
    noun = event.partition(".")[0]
    if event == "webhook.test":
        sentence = "This is a test: whoever reads it will be told of what happens."
        return Notice("A test from Jarvis", (sentence,), base, bad=False)
    title = _plain(_title(event, data))
    error: Json = data.get("error") or {}
    known: dict[str, Any] = {
        "Where": data.get("site") or (data.get("title") if noun in ("deployment", "service") else ""),
        "What": error.get("message"),
        "Since": _time((noun == "task" and data.get("created_at")) or message.get("time")),
        "Until": _time(data.get("due_at")) if data.get("due_at") else "",
        "What to do": error.get("hint") or _advice(event, data),
    }
    lines = tuple(f"{name}: {_plain(str(words))[:LONGEST]}" for name, words in known.items() if words)
    key = data.get("service") if noun == "service" else data.get("id")
    link = f"{base}/{PAGES[noun]}/{key}" if noun in PAGES and key else base
    return Notice(title, lines, link, bad=event in BAD)


def _title(event: str, data: Json) -> str:
    service = data.get("service") or "A service"
    match event:
        case "deployment.failed":
            return f"{service}: the deploy failed"
        case "deployment.running":
            return f"{service}: the new version answers"
        case "deployment.stopped":
            return f"{service}: an older version was stopped"
        case "deployment.removed":
            return f"{service} was removed"
        case "service.unhealthy":
            return f"{service} does not answer as it should"
        case "service.healthy":
            return f"{service} answers again"
        case "certificate.expiring":
            return f"The certificate of {data.get('title')} ends soon"
        case "task.opened":
            return f"You are asked: {data.get('title')}"
        case "task.closed":
            return f"Done or gone: {data.get('title')}"
        case _:
            return f"{data.get('title') or service}: {data.get('status') or event}"


def _advice(event: str, data: Json) -> str:
    service = data.get("service")
    if event == "service.unhealthy" and service:
        return (
            f"jarvis logs {service} -p says what its program said; jarvis check {service} tries a repair; "
            f"jarvis rollback {service} goes back to the version before."
        )
    return "Open the task, do it, and say so there." if event == "task.opened" else ""


def _time(text: Any) -> str:
    try:
        return f"{datetime.fromisoformat(str(text)).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    except ValueError:
        return ""


def _plain(text: str) -> str:
    """One line, without control characters."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
