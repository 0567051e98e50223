"""The workflow `deliver`: tell one webhook of one event, and try again for hours where it does not take it.

A message may arrive twice: whoever dies between sending and writing it down sends it again.
"""

import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis import __version__, vault
from jarvis.engine.step import bounded, workflow
from jarvis.errors import Conflict, JarvisError, NotFound, problem
from jarvis.notices import send as notices
from jarvis.webhooks import sign
from jarvis.webhooks.kinds import TEST, WEBHOOK
from jarvis.webhooks.post import post
from jarvis.webhooks.tell import KIND
from jarvis.workflows import ledger
from jarvis.workflows.events import Done, storable
from jarvis.workflows.story import Step, Story
from models import DeliveryStatus, Webhook, WebhookDelivery, Workflow, WorkflowStatus

Json = dict[str, Any]

PAUSES = (10.0, 60.0, 300.0, 1800.0, 7200.0, 21600.0)
"""Seconds between two attempts; the last one is made about nine hours after the first."""
PATIENCE = 1800.0
"""Seconds for one attempt. The receiver has ten; the rest is for a database that went away meanwhile."""
GONE = 410
UNKNOWN = frozenset({400, 401, 403, 404})
"""What a room says whose address was taken back; hours later it would say the same."""


def _steps() -> dict[str, Step]:
    tries = len(PAUSES) + 1
    made: dict[str, Step] = {}
    for number in range(1, tries + 1):
        made[f"try {number}"] = Step(f"Telling it, attempt {number} of {tries}", deadline=PATIENCE)
        if number < tries:
            made[f"wait {number}"] = Step("Waiting before the next attempt")
    return made


STEPS = _steps()


@workflow(KIND)
def deliver(workflow_id: str) -> Json:
    """Run one delivery."""
    story = Story(workflow_id, STEPS)
    try:
        facts = story.begin(_look)
        seen = _told(story, facts["delivery_id"])
    except JarvisError as error:
        bounded("record failure", _failed, workflow_id, error, shielded=True)
        return {"status": "failed", "error": error.message}
    bounded("record", _recorded, workflow_id, seen, story.last_done, shielded=True)
    return {"status": "completed"}


def _told(story: Story, delivery_id: str) -> Json:
    """Attempt after attempt, with longer and longer waits; the last attempt gives up by its error."""
    number = 1
    while True:
        seen = story.tell(f"try {number}", attempt, delivery_id, number)
        if seen["delivered"]:
            return seen
        story.wait(f"wait {number}", seen["again_in"])
        number += 1


def _look(session: Session, workflow_id: str) -> Json:
    row = session.get_one(Workflow, UUID(workflow_id))
    return {"delivery_id": str(row.workflow_metadata["delivery_id"])}


@dataclass(frozen=True)
class _Letter:
    """What is to be sent where. It lives in a step only: no secret of it is kept in the engine's tables."""

    url: str
    sealed: bytes
    event: str
    message: Json
    kind: str = WEBHOOK
    settings: Json = field(default_factory=dict[str, Any])


class NotTaken(JarvisError):
    """The receiver does not take the message, and will not be asked again."""

    code = "not_taken"
    status = 502


def attempt(delivery_id: str, number: int) -> Json:
    """Send the message once, and write down what came of it.

    Raises:
        JarvisError: It is given up; the message says why.
    """
    letter = ledger.patiently(lambda session: _letter(session, UUID(delivery_id)))
    if letter is None:
        return {"said": "it was delivered before", "delivered": True}
    status: int | None = None
    try:
        status = _send(letter, delivery_id)
        error = _verdict(status, letter.kind)
    except JarvisError as why:
        error = why
    ledger.patiently(lambda session: _note(session, UUID(delivery_id), status, error))
    if error is None:
        return {"said": f"answered {status}", "delivered": True}
    if not error.transient:
        raise error
    if number > len(PAUSES):
        raise NotTaken(f"Given up after {number} attempts: {error.message}", error.hint, error.facts)
    pause = PAUSES[number - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    return {"said": error.message, "delivered": False, "again_in": round(pause, 1)}


def _letter(session: Session, key: UUID) -> _Letter | None:
    """What is to be sent; None when it was delivered before a crash."""
    row = session.get(WebhookDelivery, key)
    hook = session.get(Webhook, row.webhook_id) if row is not None else None
    if row is None or hook is None:
        raise NotFound("The webhook was removed before it was told.")
    if row.status == DeliveryStatus.DELIVERED:
        return None
    if not hook.active and row.event != TEST:
        raise Conflict(
            f"The webhook “{hook.name}” was turned off before it was told.", "Turn it on, then redeliver."
        )
    return _Letter(hook.url, hook.secret, row.event, row.payload, hook.kind, hook.settings)


def _send(letter: _Letter, delivery_id: str) -> int:
    if letter.kind != WEBHOOK:
        opened = vault.unseal(letter.sealed)
        return notices.send(letter.kind, delivery_id, letter.settings, opened, letter.message)
    content = sign.body(letter.message)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"jarvis-webhooks/{__version__}",
        "Jarvis-Event": letter.event,
        "Jarvis-Delivery": delivery_id,
        "Jarvis-Signature": sign.signature(vault.unseal(letter.sealed), content, int(time.time())),
    }
    return post(letter.url, content, headers)


def _verdict(status: int, kind: str = WEBHOOK) -> JarvisError | None:
    """Why this answer is not what we want; None for one that is."""
    if 200 <= status < 300:
        return None
    facts = {"http_status": status}
    if status == GONE:
        return NotTaken(
            "The receiver answered 410: it wants no more, so the webhook was turned off.",
            "Turn it on again where that was a mistake, or remove it.",
            facts,
        )
    if kind != WEBHOOK and status in UNKNOWN:
        return NotTaken(
            f"The channel answered {status}: its address or its token is not good any more.",
            "Add it anew: jarvis notices add.",
            facts,
        )
    if 300 <= status < 400:
        error = NotTaken(
            f"The receiver sends us on ({status}); redirects are not followed.",
            "Give the webhook the address that answers itself.",
            facts,
        )
    else:
        error = NotTaken(f"The receiver answered {status}.", "Its log should say why.", facts)
    error.transient = True
    return error


def _note(session: Session, key: UUID, status: int | None, error: JarvisError | None) -> None:
    row = session.get(WebhookDelivery, key, with_for_update=True)
    if row is None:
        return
    row.attempts += 1
    row.answer_status = status
    row.error = storable(error.message) if error else None
    row.status = DeliveryStatus.PENDING if error else DeliveryStatus.DELIVERED
    row.delivered_at = None if error else datetime.now(UTC)
    if status == GONE:
        session.get_one(Webhook, row.webhook_id, with_for_update=True).active = False


def _recorded(workflow_id: str, seen: Json, done: Done | None) -> None:
    def work(session: Session) -> None:
        ledger.ended(session, workflow_id, WorkflowStatus.COMPLETED, f"Told: {seen['said']}", {}, done)

    ledger.patiently(work)


def _failed(workflow_id: str, error: JarvisError) -> None:
    ledger.patiently(lambda session: close(session, workflow_id, error))


def close(session: Session, workflow_id: str, error: JarvisError) -> None:
    """End a delivery that cannot go on, with its row, in the caller's transaction."""
    if not ledger.ended(
        session, workflow_id, WorkflowStatus.FAILED, error.message, {"error": problem(error)}
    ):
        return
    query = select(WebhookDelivery).where(WebhookDelivery.workflow_id == UUID(workflow_id)).with_for_update()
    for row in session.scalars(query):
        if row.status != DeliveryStatus.DELIVERED:
            row.status, row.error = DeliveryStatus.FAILED, storable(error.message)
