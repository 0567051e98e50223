"""Operations on webhooks and their deliveries. All are an administrator's: an address may hold a secret."""

from flask import Response, g
from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.accounts.roles import Role
from jarvis.api import deliveries, etag
from jarvis.api.operation import Parameter, answer, identifier, operation, read_body
from jarvis.api.page import PAGE, newest_first
from jarvis.api.webhook_shapes import (
    Deliveries,
    DeliveryRow,
    WebhookChange,
    WebhookMade,
    WebhookRequest,
    WebhookRow,
    Webhooks,
)
from jarvis.errors import NotFound
from jarvis.webhooks import record, tell
from jarvis.webhooks.kinds import WEBHOOK
from models import Webhook, WebhookDelivery
from services.db_service import db_service

EXAMPLE = {
    "url": "https://example.org/jarvis",
    "name": "chat room",
    "events": ["workflow.failed", "task.opened"],
}


def _find(session: Session, key: str, *, lock: bool = False) -> Webhook:
    row = session.get(Webhook, identifier(key, "webhook"), with_for_update=lock or None)
    if row is None or row.kind != WEBHOOK:
        raise NotFound(f"There is no webhook {key}.", "See GET /api/v1/webhooks.")
    return row


@operation(
    "GET",
    "/webhooks",
    tag="webhooks",
    summary="List webhooks, newest first",
    role=Role.ADMIN,
    parameters=PAGE,
    answers={200: Webhooks},
)
def list_webhooks() -> Response:
    """A page of webhooks."""
    with db_service.get_session() as session:
        page = newest_first(
            session,
            select(Webhook).where(Webhook.kind == WEBHOOK),
            Webhook.created_at,
            Webhook.id,
            Webhook.to_dict,
        )
    return answer(page)


@operation(
    "POST",
    "/webhooks",
    tag="webhooks",
    summary="Add a webhook; its secret is shown in this answer and never again",
    role=Role.ADMIN,
    body=WebhookRequest,
    example=EXAMPLE,
    answers={201: WebhookMade},
)
def create_webhook() -> Response:
    """Keep the address, and the secret sealed."""
    body = read_body(WebhookRequest)
    with db_service.get_session() as session:
        row, secret = record.make(
            session, url=body.url, name=body.name, secret=body.secret, events=body.events, by=g.caller.name
        )
        shown = {**row.to_dict(), "secret": secret}
    made = answer(shown, 201)
    made.headers["Cache-Control"] = "no-store"
    return made


@operation(
    "GET",
    "/webhooks/<id>",
    tag="webhooks",
    summary="Show a webhook",
    role=Role.ADMIN,
    answers={200: WebhookRow},
)
def show_webhook(id: str) -> Response:  # noqa: A002 - the name in the address
    """One webhook."""
    with db_service.get_session() as session:
        return answer(_find(session, id).to_dict())


@operation(
    "PATCH",
    "/webhooks/<id>",
    tag="webhooks",
    summary="Change a webhook, or turn it on or off",
    role=Role.ADMIN,
    body=WebhookChange,
    example={"active": False},
    answers={200: WebhookRow},
)
def change_webhook(id: str) -> Response:  # noqa: A002 - the name in the address
    """Change what the body names."""
    body = read_body(WebhookChange)
    with db_service.get_session() as session:
        row = _find(session, id, lock=True)
        etag.check(row.to_dict())
        record.change(
            row, url=body.url, name=body.name, secret=body.secret, events=body.events, active=body.active
        )
        session.flush()
        shown = row.to_dict()
    return answer(shown)


@operation(
    "DELETE",
    "/webhooks/<id>",
    tag="webhooks",
    summary="Remove a webhook and the log of its deliveries",
    role=Role.ADMIN,
    answers={204: None},
)
def delete_webhook(id: str) -> Response:  # noqa: A002 - the name in the address
    """The row goes; what waits to be sent ends at its next attempt."""
    with db_service.get_session() as session:
        row = _find(session, id, lock=True)
        etag.check(row.to_dict())
        session.delete(row)
    return Response(status=204)


@operation(
    "POST",
    "/webhooks/<id>/test",
    tag="webhooks",
    summary="Send a test message to a webhook, whatever it wants and even while it is turned off",
    role=Role.ADMIN,
    answers={202: DeliveryRow},
)
def test_webhook(id: str) -> Response:  # noqa: A002 - the name in the address
    """Write the delivery and enqueue it, in one transaction."""
    with db_service.get_session() as session:
        shown = tell.test(session, _find(session, id), g.caller.name).to_dict()
    return answer(shown, 202)


@operation(
    "GET",
    "/webhooks/<id>/deliveries",
    tag="webhooks",
    summary="List what a webhook was told, newest first",
    role=Role.ADMIN,
    parameters=(*PAGE, Parameter("status", "Only with this status.")),
    answers={200: Deliveries},
)
def list_deliveries(id: str) -> Response:  # noqa: A002 - the name in the address
    """A page of deliveries."""
    with db_service.get_session() as session:
        return answer(deliveries.page(session, _find(session, id)))


def _delivery(session: Session, key: str, delivery: str) -> WebhookDelivery:
    listed = f"GET /api/v1/webhooks/{key}/deliveries"
    return deliveries.find(session, _find(session, key), delivery, listed=listed)


@operation(
    "GET",
    "/webhooks/<id>/deliveries/<delivery>",
    tag="webhooks",
    summary="Show one delivery",
    role=Role.ADMIN,
    answers={200: DeliveryRow},
)
def show_delivery(id: str, delivery: str) -> Response:  # noqa: A002 - the name in the address
    """One delivery."""
    with db_service.get_session() as session:
        return answer(_delivery(session, id, delivery).to_dict())


@operation(
    "POST",
    "/webhooks/<id>/deliveries/<delivery>/redeliver",
    tag="webhooks",
    summary="Send the message of a delivery once more",
    role=Role.ADMIN,
    answers={202: DeliveryRow},
)
def redeliver(id: str, delivery: str) -> Response:  # noqa: A002 - the name in the address
    """A new delivery of the same message, whatever became of the old one."""
    with db_service.get_session() as session:
        shown = tell.again(session, _delivery(session, id, delivery), g.caller.name).to_dict()
    return answer(shown, 202)
