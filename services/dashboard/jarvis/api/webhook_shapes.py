"""The shapes of webhooks and their deliveries."""

from typing import Any

import msgspec


class WebhookRow(msgspec.Struct):
    """An address that is told of events; an empty list stands for all of them."""

    id: str
    name: str
    url: str
    events: list[str]
    active: bool
    created_by: str
    created_at: str
    updated_at: str


class WebhookMade(WebhookRow):
    """A new webhook. The secret is shown here and never again."""

    secret: str


class Webhooks(msgspec.Struct):
    """A page of webhooks."""

    items: list[WebhookRow]
    next: str | None


class DeliveryRow(msgspec.Struct):
    """One message to one webhook: `pending`, `delivered` or `failed`."""

    id: str
    webhook_id: str
    workflow_id: str | None
    event: str
    payload: dict[str, Any]
    status: str
    attempts: int
    answer_status: int | None
    error: str | None
    delivered_at: str | None
    created_at: str


class Deliveries(msgspec.Struct):
    """A page of deliveries."""

    items: list[DeliveryRow]
    next: str | None


class WebhookRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A new webhook. Without a secret one is made; without events it is told of all."""

    url: str
    name: str = ""
    secret: str = ""
    events: list[str] = msgspec.field(default_factory=list[str])


class WebhookChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is to change; null and missing members stay as they are."""

    url: str | None = None
    name: str | None = None
    secret: str | None = None
    events: list[str] | None = None
    active: bool | None = None
