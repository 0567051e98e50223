"""Bearer tokens: made once, shown once, kept as a checksum."""

import hashlib
import os
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from jarvis.accounts.roles import Role
from jarvis.private import write_private
from models import AccessToken

PREFIX = "jarvis_"
NOTE_USE_EVERY = timedelta(minutes=5)
"""How exact `last_used_at` is; a write for each request would cost more than the request."""
FIRST_LOCK = 7422


@dataclass(frozen=True)
class Caller:
    """Who made a request: the token's name and its role."""

    name: str
    role: Role


def checksum(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def create(session: Session, name: str, role: Role) -> str:
    """Make a token; the returned text is the only time it can be read."""
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(AccessToken(name=name, role=role.value, token_sha256=checksum(token)))
    session.flush()
    return token


def find(session: Session, token: str) -> AccessToken | None:
    """The row of this token, or None when Jarvis does not know it or it was revoked. Notes its use."""
    if not token.startswith(PREFIX) or len(token) > 200:
        return None
    row = session.scalars(
        select(AccessToken).where(
            AccessToken.token_sha256 == checksum(token), AccessToken.revoked_at.is_(None)
        )
    ).one_or_none()
    if row is None or row.role not in set(Role):
        return None
    now = datetime.now(UTC)
    if row.last_used_at is None or now - row.last_used_at > NOTE_USE_EVERY:
        session.execute(update(AccessToken).where(AccessToken.id == row.id).values(last_used_at=now))
    return row


def recognise(session: Session, token: str) -> Caller | None:
    """The caller with this token, or None."""
    row = find(session, token)
    return Caller(row.name, Role(row.role)) if row is not None else None


def first(session: Session, file: Path) -> str | None:
    """Make the first token if there is none yet, or if the local file of it was lost.

    Two processes that start at once make one token: the second waits for the first's commit.

    Args:
        session: The caller commits.
        file: Where the local command line finds it; written with mode 0600.

    Returns:
        The new token, to be shown once; None when there is one already.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": FIRST_LOCK})
    kept = file.read_text(encoding="ascii").strip() if file.is_file() else ""
    if kept and recognise(session, kept) is not None:
        return None
    if (
        not kept
        and session.scalars(select(AccessToken.id).limit(1)).first() is not None
        and not _may_write(file)
    ):
        return None
    token = create(session, "first admin", Role.ADMIN)
    write_private(file, token)
    return token


def _may_write(file: Path) -> bool:
    return os.access(file.parent if file.parent.is_dir() else file.parent.parent, os.W_OK)


def by_id(session: Session, key: uuid.UUID) -> Caller | None:
    """The caller of a page session, as long as its token is not revoked."""
    row = session.get(AccessToken, key)
    if row is None or row.revoked_at is not None or row.role not in set(Role):
        return None
    return Caller(row.name, Role(row.role))
