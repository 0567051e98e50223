"""Deliveries of one receiver, be it a webhook or a channel by which people are told."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.api.operation import identifier
from jarvis.api.page import newest_first, one_of
from jarvis.errors import NotFound
from models import DeliveryStatus, Webhook, WebhookDelivery


def page(session: Session, hook: Webhook) -> dict[str, Any]:
    """A page of its deliveries, with the status that the request names."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == hook.id)
    if (condition := one_of("status", DeliveryStatus, WebhookDelivery.status)) is not None:
        query = query.where(condition)
    return newest_first(
        session, query, WebhookDelivery.created_at, WebhookDelivery.id, WebhookDelivery.to_dict
    )


def find(session: Session, hook: Webhook, delivery: str, *, listed: str) -> WebhookDelivery:
    """One of its deliveries.

    Args:
        session: Of the request.
        hook: Whose it is.
        delivery: Its id.
        listed: What lists them all.

    Raises:
        NotFound: There is none.
    """
    row = session.get(WebhookDelivery, identifier(delivery, "delivery"))
    if row is None or row.webhook_id != hook.id:
        raise NotFound(f"There is no delivery {delivery}.", f"See {listed}.")
    return row
