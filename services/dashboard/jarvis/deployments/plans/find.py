"""Plans that were made: shown, found by their hash, and held against how things are now."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.deployments.plans import readable, work
from jarvis.deployments.plans.difference import between
from jarvis.deployments.request import ALONG
from jarvis.errors import Conflict, InvalidInput, NotFound
from models import Workflow, WorkflowEvent, WorkflowStatus, WorkflowStep

Json = dict[str, Any]

LEAST = 8
"""Signs of a hash that are enough to name a plan."""


class Found(NamedTuple):
    """A plan that was made.

    Attributes:
        row: The workflow that made it.
        plan: As it was seen then.
        now: As it would be now.
    """

    row: Workflow
    plan: Json
    now: Json

    @property
    def holds(self) -> bool:
        """Is all that matters still so?"""
        return bool(self.plan["hash"] == self.now["hash"])


def made(session: Session, row: Workflow) -> Found | None:
    """The plan that this workflow made; None while it has not."""
    query = select(WorkflowStep).where(WorkflowStep.workflow_id == row.id)
    outputs = {step.name: step.output or {} for step in session.scalars(query)}
    if row.status is not WorkflowStatus.COMPLETED or "plan" not in outputs.get("compare", {}):
        return None
    told = row.workflow_metadata
    along: Json = told.get(ALONG) or {}
    now = work.assembled(session, told["service"], told["domain"], outputs["look"], along)
    return Found(row, outputs["compare"]["plan"], now)


def shown(session: Session, key: UUID) -> Json:
    """A plan as API and pages show it.

    Raises:
        NotFound: There is none.
    """
    row = session.get(Workflow, key)
    if row is None or row.workflow_type != work.KIND:
        raise NotFound(f"There is no plan {key}.", "Make one: jarvis plan PATH.")
    found = made(session, row)
    return {
        "id": str(row.id),
        "workflow_id": str(row.id),
        "status": row.status.value,
        "artifact_id": row.workflow_metadata["artifact_id"],
        "service": row.workflow_metadata["service"],
        "domain": row.workflow_metadata["domain"],
        "hash": found.plan["hash"] if found else None,
        "plan": found.plan if found else None,
        "words": readable.sections(found.plan) if found else {},
        "holds": found.holds if found else None,
        "difference": between(found.plan, found.now) if found else [],
        "error": _error(session, row),
        "created_by": row.created_by,
        "created_at": row.created_at.isoformat(),
    }


def _error(session: Session, row: Workflow) -> Json | None:
    if row.status is not WorkflowStatus.FAILED:
        return None
    query = select(WorkflowEvent.data).where(WorkflowEvent.workflow_id == row.id)
    data = session.scalars(query.order_by(WorkflowEvent.sequence.desc()).limit(1)).first() or {}
    error: Json = data.get("error") or {"detail": row.error_message or ""}
    return error


def by_hash(session: Session, text: str) -> Found:
    """The newest plan with this hash, or with one that begins so.

    Raises:
        InvalidInput: It is no hash.
        NotFound: No plan has it.
    """
    wanted = text.strip().lower()
    if len(wanted) < LEAST or len(wanted) > 64 or set(wanted) - set("0123456789abcdef"):
        raise InvalidInput(
            f"“{text[:80]}” is not the hash of a plan.",
            f"It has {LEAST} to 64 signs from 0 to 9 and a to f: see jarvis plan PATH.",
            {"field": "plan"},
        )
    query = select(Workflow).where(
        Workflow.workflow_type == work.KIND,
        Workflow.status == WorkflowStatus.COMPLETED,
        Workflow.workflow_metadata["hash"].astext.startswith(wanted),
    )
    row = session.scalars(query.order_by(Workflow.created_at.desc()).limit(1)).first()
    found = made(session, row) if row else None
    if found is None:
        raise NotFound(f"There is no plan {wanted[:12]}.", "Make one: jarvis plan PATH.", {"plan": wanted})
    return found


def check(found: Found) -> None:
    """See that a plan still holds.

    Raises:
        Conflict: It does not; the facts say what is different, and have the plan as it would be now.
    """
    if not found.holds:
        raise changed(found.plan, found.now)


def changed(before: Json, after: Json) -> Conflict:
    """The refusal of a deploy that would not do what was planned."""
    said = between(before, after)
    return Conflict(
        f"The plan {before['hash'][:12]} does not hold any more: {' '.join(said)}",
        f"Look at it again; the plan would now be {after['hash'][:12]}.",
        {"difference": said, "plan": after},
    )
