"""What can be told of. Pure."""

from collections.abc import Sequence

from jarvis.errors import InvalidInput

WEBHOOK = "webhook"
"""The kind of those that are told by a signed POST; all others are channels of notices."""
TEST = "webhook.test"
"""Sent on request to one webhook, whatever it wants."""

EVENTS = {
    "workflow.completed": "A workflow reached its end.",
    "workflow.failed": "A workflow ended without success, or was cancelled.",
    "workflow.paused": "A workflow waits: for a person or a time, or because somebody paused it.",
    "deployment.running": "A version of a service answers; it was seen from outside.",
    "deployment.failed": "A version of a service could not be deployed.",
    "deployment.stopped": "A version of a service made room for another one.",
    "deployment.removed": "A version of a service was removed.",
    "service.unhealthy": "A service does not answer as it should any more.",
    "service.healthy": "A service answers again as it should.",
    "certificate.expiring": "A certificate ends within 14 days, again within 3, and nothing here renews it.",
    "task.opened": "A person is asked to do something.",
    "task.closed": "A task was done, rejected or cancelled, or nobody did it in time.",
}
"""Every event, and when it is told."""

NOUNS = tuple(dict.fromkeys(event.partition(".")[0] for event in EVENTS))


def wants(wanted: Sequence[str], event: str) -> bool:
    """True when `wanted` names the event or its noun, or nothing at all."""
    return not wanted or event in wanted or event.partition(".")[0] in wanted


def check(wanted: Sequence[str]) -> list[str]:
    """`wanted` without repetitions.

    Raises:
        InvalidInput: There is no such event; a webhook for it would never be told anything.
    """
    for word in wanted:
        if word not in EVENTS and word not in NOUNS:
            raise InvalidInput(
                f"There is no event “{word[:80]}”.",
                f"Name a kind ({', '.join(NOUNS)}) or one event, such as workflow.failed.",
                {"field": "events", "known": [*NOUNS, *EVENTS]},
            )
    return list(dict.fromkeys(wanted))
