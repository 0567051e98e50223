"""What the page of a service shows of the time after its deploy: how it is, and what it uses."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from jarvis.deployments.upkeep import condition, usage
from jarvis.web.usage import charts

Json = dict[str, Any]

CHANGES = 8
"""Changes of health on the page; the API has more."""


def after(session: Session, name: str) -> Json:
    """How it is and was, and what it uses and used."""
    health, used = condition.history(session, name, CHANGES), usage.shown(session, name)
    for row in health["changes"]:
        row["at"] = datetime.fromisoformat(row["at"])
    for key in ("since", "checked_at"):
        health[key] = datetime.fromisoformat(health[key]) if health[key] else None
    return {"health": health, "usage": used, "charts": charts(used, datetime.now(UTC))}
