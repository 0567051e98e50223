"""The steps that a deploy will take, and how long each took before."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jarvis.deployments import deploy, migrate, rollback, soak, way
from models import StepStatus, Workflow, WorkflowStatus, WorkflowStep

Json = dict[str, Any]

RUNS = 5
"""So many earlier runs count."""
KINDS = {"deploy": ("deployment", "deploy_git"), "rollback": ("rollback",)}


def steps(session: Session, service: str, new: Json, action: str = "deploy") -> list[Json]:
    """Name, title, and the seconds that it took on average; None where nobody knows.

    Args:
        session: Any session.
        service: Whose earlier runs count.
        new: The configuration that the deployment would have.
        action: `deploy` or `rollback`.
    """
    facts: Json = {"configuration": new}
    found = dict(deploy.STEPS if action == "deploy" else rollback.STEPS)
    if way.runs(facts):
        found = deploy.with_start(found)
    if action == "deploy" and migrate.wanted(facts):
        found = deploy.before(found, "start", migrate.NAME, migrate.STEP)
    found = {**found, **soak.step_of(facts)}
    took = _took(session, service, KINDS[action])
    return [{"name": name, "title": step.title, "seconds": took.get(name)} for name, step in found.items()]


def _took(session: Session, service: str, kinds: tuple[str, ...]) -> dict[str, float]:
    last = (
        select(Workflow.id)
        .where(
            Workflow.service == service,
            Workflow.workflow_type.in_(kinds),
            Workflow.status == WorkflowStatus.COMPLETED,
        )
        .order_by(Workflow.created_at.desc())
        .limit(RUNS)
    )
    seconds = func.avg(func.extract("epoch", WorkflowStep.ended_at - WorkflowStep.started_at))
    query = (
        select(WorkflowStep.name, seconds)
        .where(WorkflowStep.workflow_id.in_(last.scalar_subquery()), WorkflowStep.status == StepStatus.DONE)
        .where(WorkflowStep.ended_at.is_not(None), WorkflowStep.started_at.is_not(None))
        .group_by(WorkflowStep.name)
    )
    return {name: round(float(value), 2) for name, value in session.execute(query)}
