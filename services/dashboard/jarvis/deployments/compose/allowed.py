"""What an administrator allowed the compose file of a service to do to the machine."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.errors import InvalidInput
from jarvis.runtimes.compose.permissions import NAMES
from jarvis.workflows import ledger
from models import Service

KEY = "allow"
"""Where `services.settings` keeps it."""


def now(service: str) -> list[str]:
    """What is allowed now."""

    def work(session: Session) -> list[str]:
        settings = session.scalars(select(Service.settings).where(Service.name == service)).one_or_none()
        return list((settings or {}).get(KEY, ()))

    return ledger.patiently(work)


def change(service: Service, allow: Collection[str], forbid: Collection[str]) -> list[str]:
    """Allow some things, and some no more; returns what is allowed then.

    Raises:
        InvalidInput: There is no such thing to allow.
    """
    unknown = sorted({*allow, *forbid} - set(NAMES))
    if unknown:
        raise InvalidInput(
            f"There is no permission “{unknown[0][:80]}”.",
            f"There are: {', '.join(NAMES)}.",
            {"field": "allow"},
        )
    kept = sorted(({*service.settings.get(KEY, ())} | set(allow)) - set(forbid))
    rest = {key: value for key, value in service.settings.items() if key != KEY}
    service.settings = {**rest, KEY: kept} if kept else rest
    return kept
