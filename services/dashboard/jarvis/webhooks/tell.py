"""Tell webhooks of what happened: the delivery and its workflow are made in the transaction of the event."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.webhooks.kinds import TEST, wants
from jarvis.workflows import events
from jarvis.workflows.request import ask
from models import Webhook, WebhookDelivery

Json = dict[str, Any]

KIND = "deliver"
"""The engine's name of the workflow, and the type of its rows. What becomes of one is never told: the telling
would be told too, for ever."""


def tell(session: Session, event: str, payload: Json) -> None:
    """Let every webhook that wants to know be told, once the caller's transaction commits.

    Where there are no webhooks this is one small query.

    Args:
        session: The caller's transaction; a worker must have prepared the database.
        event: One of `kinds.EVENTS`.
        payload: What `about` says of the thing.
    """
    if payload.get("type") == KIND and event.startswith("workflow."):
        return
    told: Json | None = None
    for hook in session.scalars(select(Webhook).where(Webhook.active).order_by(Webhook.id)):
        if wants(hook.events, event):
            told = told or _message(event, payload)
            _send(session, hook, told, "system")


def test(session: Session, hook: Webhook, by: str) -> WebhookDelivery:
    """Send a message that means nothing."""
    data = {"id": str(hook.id), "title": hook.name, "by": by, "url": f"/api/v1/webhooks/{hook.id}"}
    return _send(session, hook, _message(TEST, data), by)


def again(session: Session, delivery: WebhookDelivery, by: str) -> WebhookDelivery:
    """Send the same message anew: the receiver sees the same `id` in it, and another Jarvis-Delivery."""
    hook = session.get_one(Webhook, delivery.webhook_id)
    return _send(session, hook, delivery.payload, by)


def _message(event: str, data: Json) -> Json:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return events.storable({"id": str(uuid.uuid4()), "event": event, "time": now, "data": data})


def _send(session: Session, hook: Webhook, message: Json, by: str) -> WebhookDelivery:
    event = str(message["event"])
    delivery = WebhookDelivery(id=uuid.uuid4(), webhook_id=hook.id, event=event, payload=message)
    facts = {"delivery_id": str(delivery.id), "webhook_id": str(hook.id), "event": event}
    workflow = ask(
        session,
        KIND,
        type=KIND,
        title=f"Tell {hook.name} of {event}",
        queue=f"webhook:{hook.id}",
        by=by,
        facts=facts,
    )
    delivery.workflow_id = workflow.id
    session.add(delivery)
    session.flush()
    return delivery
