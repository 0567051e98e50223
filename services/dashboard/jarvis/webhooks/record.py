"""Keeps the rows of webhooks. Secrets go in and never come out again but to the worker that signs."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jarvis import vault
from jarvis.errors import Conflict, InvalidInput
from jarvis.webhooks import address, kinds, sign
from jarvis.webhooks.kinds import WEBHOOK
from models import Webhook

MOST = 50
"""Webhooks of one Jarvis: every one that wants an event costs rows and a workflow."""
LONGEST_NAME = 255


def make(
    session: Session, *, url: str, name: str, secret: str, events: Sequence[str], by: str
) -> tuple[Webhook, str]:
    """A new webhook, and its secret for the only time.

    Args:
        session: The caller's transaction.
        url: Who is told.
        name: For people; empty for the name in the address.
        secret: Signs the messages; empty to have one made.
        events: What it wants to know; empty for everything.
        by: Who asks.

    Raises:
        InvalidInput: One of them cannot be used.
        Conflict: There are too many webhooks.
    """
    parts = address.check(url)
    wanted = kinds.check(events)
    given = sign.check_secret(secret) if secret else sign.new_secret()
    if (session.scalar(select(func.count()).where(Webhook.kind == WEBHOOK)) or 0) >= MOST:
        raise Conflict(f"There are {MOST} webhooks already.", "Remove one first: jarvis webhooks list.")
    hook = Webhook(
        name=named(name or str(parts.hostname)),
        url=url,
        secret=vault.seal(given),
        events=wanted,
        created_by=by,
    )
    session.add(hook)
    session.flush()
    return hook, given


def change(
    hook: Webhook,
    *,
    url: str | None,
    name: str | None,
    secret: str | None,
    events: Sequence[str] | None,
    active: bool | None,
) -> None:
    """Change what is given; None leaves it as it is. What waits to be sent goes to the new address.

    Raises:
        InvalidInput: One of them cannot be used.
    """
    if url is not None:
        address.check(url)
        hook.url = url
    if name is not None:
        hook.name = named(name)
    if secret is not None:
        hook.secret = vault.seal(sign.check_secret(secret))
    if events is not None:
        hook.events = kinds.check(events)
    if active is not None:
        hook.active = active


def named(name: str) -> str:
    """`name`, if people can read it.

    Raises:
        InvalidInput: They cannot.
    """
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(
            f"A webhook's name has 1 to {LONGEST_NAME} signs that can be seen.", "", {"field": "name"}
        )
    return name
