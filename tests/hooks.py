"""Webhooks and their deliveries, made and read as a test needs them."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from api_lab import V1, Api
from caddy_lab import poll
from jarvis.webhooks.tell import tell
from models import Webhook, WebhookDelivery, Workflow
from services.db_service import db_service

SECRET = "whsec_of-the-tests-0123456789"
PAYLOAD = {"id": "1", "type": "deployment", "title": "Größe", "status": "failed"}


def add(api: Api, url: str, **more: Any) -> str:
    """A webhook with the secret of the tests; returns its id."""
    answer = api.ask("POST", f"{V1}/webhooks", json={"url": url, "secret": SECRET, **more})
    assert answer.status_code == 201, answer.text
    assert answer.json
    return str(answer.json["id"])


def happen(event: str = "workflow.failed", **more: Any) -> None:
    """An event in a transaction of its own."""
    with db_service.get_session() as session:
        tell(session, event, {**PAYLOAD, **more})


def deliveries() -> list[WebhookDelivery]:
    """All of them, oldest first."""
    with db_service.get_session() as session:
        return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.created_at)))


def one() -> WebhookDelivery:
    """The only one."""
    (row,) = deliveries()
    return row


def hook(key: str) -> Webhook:
    """A webhook's row."""
    with db_service.get_session() as session:
        return session.get_one(Webhook, UUID(key))


def workflows() -> list[Workflow]:
    """All of them."""
    with db_service.get_session() as session:
        return list(session.scalars(select(Workflow)))


def ended(status: str, seconds: float = 60) -> WebhookDelivery:
    """The only delivery, once it has this status."""
    assert poll(lambda: one().status == status, seconds), one().to_dict()
    return one()
