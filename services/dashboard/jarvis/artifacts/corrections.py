"""What a person said better about a service; it stands above what the analysis finds, now and next time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.errors import InvalidInput
from models import Service

KEY = "correction"


def of(session: Session, service: str) -> dict[str, Any]:
    """The members that were set for the service `service`; empty when there are none, or no such service."""
    found = session.scalars(select(Service.settings).where(Service.name == service)).one_or_none()
    return dict((found or {}).get(KEY, {}).get("members", {}))


def add(service: Service, members: Mapping[str, Any], by: str) -> None:
    """Set members beside those that were set before; None takes one back."""
    kept = {**service.settings.get(KEY, {}).get("members", {}), **members}
    put(service, {key: value for key, value in kept.items() if value is not None}, by)


def put(service: Service, members: Mapping[str, Any], by: str) -> None:
    """Set these members and no others.

    Raises:
        InvalidInput: A text holds the sign NUL, which PostgreSQL cannot keep.
    """
    for key, value in members.items():
        if isinstance(value, str) and "\x00" in value:
            raise InvalidInput(f"{key} holds the sign NUL.", "Leave it out.", {"field": key})
    rest = {key: value for key, value in service.settings.items() if key != KEY}
    if members:
        rest[KEY] = {"members": dict(members), "by": by, "at": datetime.now(UTC).isoformat()}
    service.settings = rest
