"""Keeps the channels by which people are told: webhooks of another kind, delivered as those are."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jarvis import vault
from jarvis.errors import Conflict
from jarvis.notices.channels import channel
from jarvis.notices.words import DEFAULT
from jarvis.webhooks import kinds
from jarvis.webhooks.record import named
from models import Webhook

Json = dict[str, Any]

MOST = 50
"""Channels of one Jarvis: every one that wants an event costs rows and a workflow."""


def make(
    session: Session, *, kind: str, given: Mapping[str, Any], name: str, events: Sequence[str], by: str
) -> Webhook:
    """A new channel.

    Args:
        session: The caller's transaction.
        kind: `email`, `ntfy`, `slack` or `discord`.
        given: What it needs; see the module of that name.
        name: For people; empty for where it leads.
        events: What is told; empty for what matters most.
        by: Who asks.

    Raises:
        InvalidInput: One of them cannot be used.
        Conflict: There are too many.
    """
    place = channel(kind).check(given)
    wanted = kinds.check(events) or list(DEFAULT)
    there = select(func.count()).select_from(Webhook).where(Webhook.kind != kinds.WEBHOOK)
    if (session.scalar(there) or 0) >= MOST:
        raise Conflict(f"There are {MOST} channels already.", "Remove one first: jarvis notices list.")
    row = Webhook(
        kind=kind,
        name=named(name or place.shown[:200]),
        url=place.shown,
        secret=vault.seal(json.dumps(dict(place.secret))),
        settings=dict(place.settings),
        events=wanted,
        created_by=by,
    )
    session.add(row)
    session.flush()
    return row


def change(row: Webhook, *, name: str | None, events: Sequence[str] | None, active: bool | None) -> None:
    """Change what is given; None leaves it as it is.

    Raises:
        InvalidInput: One of them cannot be used.
    """
    if name is not None:
        row.name = named(name)
    if events is not None:
        row.events = kinds.check(events) or list(DEFAULT)
    if active is not None:
        row.active = active


def shown(row: Webhook) -> Json:
    """A channel as API, pages and command line show it: nothing that is secret."""
    members = row.to_dict()
    server = row.settings.get("host")
    return {
        **{name: members[name] for name in ("id", "name", "events", "active", "created_by", "created_at")},
        "kind": row.kind,
        "to": row.url,
        "server": f"{server}:{row.settings['port']}" if server else "",
        "updated_at": members["updated_at"],
    }
