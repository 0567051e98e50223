"""Tables `webhooks` and `webhook_deliveries`: who is told of what happens, and what became of it.

A channel of notices is a webhook of another kind: a person reads what it gets.
"""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, Text, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Created, Identified, Timed


class Webhook(Identified, Timed, Base):
    """An address that is told of events.

    Attributes:
        kind: `webhook`, or the channel by which a person is told: `email`, `ntfy`, `slack`, `discord`.
        url: Where it leads. Where the address itself is the secret, only the part that anybody may see.
        secret: Signs what is sent, or opens the channel; encrypted.
        settings: What else the channel needs, such as who gets the mail.
        events: The kinds it wants; empty for all.
    """

    __tablename__ = "webhooks"
    hidden: ClassVar[frozenset[str]] = frozenset({"secret", "kind", "settings"})

    kind: Mapped[str] = mapped_column(String(16), default="webhook", server_default="webhook")
    name: Mapped[str] = mapped_column(String(255))
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[bytes]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
    events: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=text("'[]'::jsonb"))
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_by: Mapped[str] = mapped_column(String(255), default="system", server_default="system")


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookDelivery(Identified, Created, Base):
    """One message to one address, tried until it was taken or given up.

    Attributes:
        workflow_id: The workflow that delivers it.
        answer_status: The last HTTP status of the other side.
        error: Why the last attempt failed.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_webhook_id_created_at_id", "webhook_id", "created_at", "id"),
        Index("ix_webhook_deliveries_workflow_id", "workflow_id"),
    )

    webhook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    workflow_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("workflows.id", ondelete="SET NULL"))
    event: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
    status: Mapped[str] = mapped_column(String(16), default="pending", server_default="pending")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    answer_status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
    delivered_at: Mapped[datetime | None]
