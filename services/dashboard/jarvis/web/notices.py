"""The page of the channels by which people are told: those there are, what they were told, and forms."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jarvis.accounts.roles import Role
from jarvis.api.operation import RULES, identifier
from jarvis.errors import Conflict, InvalidInput, NotFound
from jarvis.notices import record
from jarvis.notices.words import DEFAULT
from jarvis.webhooks import tell
from jarvis.webhooks.kinds import WEBHOOK
from models import Webhook, WebhookDelivery
from services.db_service import db_service

RECENT = 20
"""Deliveries on the page; the API has all of them."""
BAD = ["deployment.failed", "service.unhealthy", "service.healthy", "certificate.expiring", "task.opened"]
WANTED: dict[str, list[str]] = {
    "": [],
    "bad": BAD,
    "all": ["deployment", "service", "certificate", "task", "workflow"],
}
"""What the form calls them."""
KINDS = {"email": "Mail", "ntfy": "ntfy", "slack": "Slack", "discord": "Discord"}
GIVEN = ("url", "token", "smtp", "sender", "password")
LONGEST = 2000

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
def listing() -> str:
    """The channels, what they were told last, and the forms."""
    with db_service.get_session() as session:
        return _page(session, {}, None)


@blueprint.post("/notices")
def add() -> Response | tuple[str, int]:
    """A new channel."""
    form = {name: text.strip() for name, text in request.form.items()}
    if any(len(text) > LONGEST or "\x00" in text for text in form.values()):
        raise InvalidInput("A field is too long, or holds the sign NUL.", "Go back and shorten it.")
    if form.get("events", "") not in WANTED:
        raise InvalidInput("The form holds a choice that there is not.", "Go back and choose again.")
    given: dict[str, Any] = {name: form.get(name, "") for name in GIVEN}
    given["to"] = form.get("to", "").replace(",", " ").split()
    with db_service.get_session() as session:
        try:
            record.make(
                session,
                kind=form.get("kind", ""),
                given=given,
                name=form.get("name", ""),
                events=WANTED[form.get("events", "")],
                by=g.caller.name,
            )
        except (InvalidInput, Conflict) as error:
            return _page(session, form, error), error.status
    return redirect(url_for("notices.listing"), 303)


@blueprint.post("/notices/<id>")
def change(id: str) -> Response:  # noqa: A002 - the name in the address
    """Test a channel, pause it, let it go on, or remove it."""
    do = request.form.get("do", "")
    with db_service.get_session() as session:
        row = session.get(Webhook, identifier(id, "channel"), with_for_update=True)
        if row is None or row.kind == WEBHOOK:
            raise NotFound("There is no such channel.", "See the page of notices for those there are.")
        if do == "test":
            tell.test(session, row, g.caller.name)
        elif do == "remove":
            session.delete(row)
        elif do in {"pause", "resume"}:
            record.change(row, name=None, events=None, active=do == "resume")
        else:
            raise InvalidInput("The form holds a choice that there is not.", "Go back and choose again.")
    return redirect(url_for("notices.listing"), 303)


def _page(session: Session, form: Mapping[str, str], error: InvalidInput | Conflict | None) -> str:
    rows = session.scalars(
        select(Webhook).where(Webhook.kind != WEBHOOK).order_by(Webhook.created_at.desc(), Webhook.id)
    )
    told = session.execute(
        select(WebhookDelivery, Webhook)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(Webhook.kind != WEBHOOK)
        .order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id)
        .limit(RECENT)
    )
    return render_template(
        "notices.html",
        rows=[{**record.shown(row), "told_of": _told_of(row.events)} for row in rows],
        deliveries=told.all(),
        kinds=KINDS,
        form={name: text for name, text in form.items() if name not in {"password", "token", "url"}},
        error=error,
    )


def _told_of(events: Sequence[str]) -> str:
    return "what matters" if list(events) == list(DEFAULT) else ", ".join(events)


RULES.update({"notices.listing": Role.ADMIN, "notices.add": Role.ADMIN, "notices.change": Role.ADMIN})
