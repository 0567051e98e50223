"""Operations on the channels by which people are told. All are an administrator's, as with webhooks."""

from flask import Response, g
from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.accounts.roles import Role
from jarvis.api import deliveries, etag
from jarvis.api.notice_shapes import NoticeChange, NoticeRequest, NoticeRow, Notices
from jarvis.api.operation import Parameter, answer, identifier, operation, read_body
from jarvis.api.page import PAGE, newest_first
from jarvis.api.webhook_shapes import Deliveries, DeliveryRow
from jarvis.errors import NotFound
from jarvis.notices import record
from jarvis.webhooks import tell
from jarvis.webhooks.kinds import WEBHOOK
from models import Webhook
from services.db_service import db_service

EXAMPLE = {"kind": "ntfy", "url": "https://ntfy.sh/my-topic", "events": ["service", "deployment.failed"]}
GIVEN = ("url", "token", "to", "smtp", "sender", "password")


def _find(session: Session, key: str, *, lock: bool = False) -> Webhook:
    row = session.get(Webhook, identifier(key, "channel"), with_for_update=lock or None)
    if row is None or row.kind == WEBHOOK:
        raise NotFound(f"There is no channel {key}.", "See jarvis notices list.")
    return row


@operation(
    "GET",
    "/notices",
    tag="notices",
    summary="List the channels by which people are told, newest first",
    role=Role.ADMIN,
    parameters=PAGE,
    answers={200: Notices},
)
def list_notices() -> Response:
    """A page of channels."""
    with db_service.get_session() as session:
        query = select(Webhook).where(Webhook.kind != WEBHOOK)
        page = newest_first(session, query, Webhook.created_at, Webhook.id, record.shown)
    return answer(page)


@operation(
    "POST",
    "/notices",
    tag="notices",
    summary="Add a channel; what is secret of it is never shown",
    role=Role.ADMIN,
    body=NoticeRequest,
    example=EXAMPLE,
    answers={201: NoticeRow},
)
def create_notice() -> Response:
    """Keep where it leads, and what is secret sealed."""
    body = read_body(NoticeRequest)
    with db_service.get_session() as session:
        row = record.make(
            session,
            kind=body.kind,
            given={name: getattr(body, name) for name in GIVEN},
            name=body.name,
            events=body.events,
            by=g.caller.name,
        )
        shown = record.shown(row)
    return answer(shown, 201)


@operation(
    "GET",
    "/notices/<id>",
    tag="notices",
    summary="Show a channel",
    role=Role.ADMIN,
    answers={200: NoticeRow},
)
def show_notice(id: str) -> Response:  # noqa: A002 - the name in the address
    """One channel."""
    with db_service.get_session() as session:
        return answer(record.shown(_find(session, id)))


@operation(
    "PATCH",
    "/notices/<id>",
    tag="notices",
    summary="Change what a channel is told, or turn it on or off",
    role=Role.ADMIN,
    body=NoticeChange,
    example={"active": False},
    answers={200: NoticeRow},
)
def change_notice(id: str) -> Response:  # noqa: A002 - the name in the address
    """Change what the body names."""
    body = read_body(NoticeChange)
    with db_service.get_session() as session:
        row = _find(session, id, lock=True)
        etag.check(record.shown(row))
        record.change(row, name=body.name, events=body.events, active=body.active)
        session.flush()
        shown = record.shown(row)
    return answer(shown)


@operation(
    "DELETE",
    "/notices/<id>",
    tag="notices",
    summary="Remove a channel and the log of what it was told",
    role=Role.ADMIN,
    answers={204: None},
)
def delete_notice(id: str) -> Response:  # noqa: A002 - the name in the address
    """The row goes; what waits to be sent ends at its next attempt."""
    with db_service.get_session() as session:
        row = _find(session, id, lock=True)
        etag.check(record.shown(row))
        session.delete(row)
    return Response(status=204)


@operation(
    "POST",
    "/notices/<id>/test",
    tag="notices",
    summary="Send a test notice by a channel, whatever it wants and even while it is turned off",
    role=Role.ADMIN,
    answers={202: DeliveryRow},
)
def test_notice(id: str) -> Response:  # noqa: A002 - the name in the address
    """Write the delivery and enqueue it, in one transaction."""
    with db_service.get_session() as session:
        shown = tell.test(session, _find(session, id), g.caller.name).to_dict()
    return answer(shown, 202)


@operation(
    "GET",
    "/notices/<id>/deliveries",
    tag="notices",
    summary="List what a channel was told, newest first",
    role=Role.ADMIN,
    parameters=(*PAGE, Parameter("status", "Only with this status.")),
    answers={200: Deliveries},
)
def list_notice_deliveries(id: str) -> Response:  # noqa: A002 - the name in the address
    """A page of deliveries."""
    with db_service.get_session() as session:
        return answer(deliveries.page(session, _find(session, id)))


@operation(
    "GET",
    "/notices/<id>/deliveries/<delivery>",
    tag="notices",
    summary="Show one notice that a channel was told",
    role=Role.ADMIN,
    answers={200: DeliveryRow},
)
def show_notice_delivery(id: str, delivery: str) -> Response:  # noqa: A002 - the name in the address
    """One delivery."""
    with db_service.get_session() as session:
        listed = f"jarvis notices deliveries {id}"
        return answer(deliveries.find(session, _find(session, id), delivery, listed=listed).to_dict())
