"""What became different between two plans, in sentences. Pure."""

from typing import Any, cast

from jarvis.deployments.plans.assemble import MATTERS, value_at

Json = dict[str, Any]

SAID = {
    "action": "What is to be done",
    "service": "The service",
    "domain": "The domain",
    "replaces": "The version that runs now",
    "artifact.sha256": "The artifact",
    "what.sha256": "What the artifact is",
    "build.sha256": "How it is built",
    "runtime.name": "What runs it",
    "image.id": "The image",
    "routes.hosts": "The names that it answers to",
    "routes.paths": "The parts that other services answer",
    "routes.conflicts": "Whom the names belong to",
    "environment.version": "The environment",
    "settings_sha256": "The settings",
    "downtime.seconds": "How long it will not answer",
    "downtime.why": "Why it will not answer for a while",
    "along.sha256": "What is set with it",
}
_HIDDEN = ("sha256",)
_LONGEST = 80


def between(before: Json, after: Json) -> list[str]:
    """One sentence for each thing that matters and is not as it was planned.

    Args:
        before: The plan that somebody saw.
        after: The plan as it would be now.
    """
    said: list[str] = []
    for path in MATTERS:
        old, new = value_at(before, path), value_at(after, path)
        if old != new:
            shown = "" if path.endswith(_HIDDEN) else f": {_words(old)} → {_words(new)}"
            said.append(f"{SAID[path]} changed{shown}.")
    return said


def _words(value: Any) -> str:
    if isinstance(value, list):
        words = ", ".join(_words(one) for one in cast("list[Any]", value))
    elif isinstance(value, dict):
        words = " ".join(str(one) for one in cast("Json", value).values())
    else:
        words = "nothing" if value in (None, "") else str(value)
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
