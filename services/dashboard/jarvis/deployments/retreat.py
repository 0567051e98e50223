"""Where a service wants it, a version that does not answer and cannot be mended gives way to an older one."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.deployments import request, settings
from jarvis.deployments.upkeep import condition
from jarvis.errors import Conflict
from jarvis.workflows import ledger
from models import Deployment, Workflow

Json = dict[str, Any]

BY = "health"
"""Who asks for such a rollback, as its row says."""
ASKED = request.RETREATED


def ask(session: Session, facts: Json) -> str:
    """Ask for the version before, once for a deployment; says so, or why not. Empty where nobody wants that.

    A version that was gone back to in this way stays: from one that does not answer to another and back again
    is no help to anybody.

    Args:
        session: The transaction that writes that it does not answer.
        facts: Of the deployment that does not; see `repair.running`.
    """
    if settings.of(facts).unhealthy != "rollback":
        return ""
    row = session.get(Deployment, UUID(facts["deployment_id"]), with_for_update=True)
    if row is None or ASKED in row.configuration:
        return "It was tried already to go back to the version before." if row is not None else ""
    if row.workflow.created_by == BY:
        return "Jarvis went back to this version by itself, and goes no further."
    if _is_worked_on(session, facts["service"]):
        return "Somebody else's work on it waits already, so Jarvis does not go back by itself."
    try:
        target = request.target_before(session, facts["service"])
    except Conflict as none:
        return none.message
    if not condition.was_well(session, str(target.id)):
        return "The version before did not answer as it should either, so Jarvis does not go back to it."
    made = request.rollback(session, name=facts["service"], deployment_id=str(target.id), by=BY)
    row.configuration = {**row.configuration, ASKED: str(made.id)}
    return f"Jarvis goes back to the version before ({str(target.id)[:8]})."


def _is_worked_on(session: Session, service: str) -> bool:
    """Does other work stand in the line of the service? The repair itself has ended in this transaction."""
    query = select(Workflow.id).where(Workflow.queue == service, Workflow.status.not_in(ledger.FINAL))
    return session.scalars(query.limit(1)).first() is not None
