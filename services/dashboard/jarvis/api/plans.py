"""Operations on plans: what a deploy or a rollback would do, before anything is done."""

from flask import Response, g

from jarvis.accounts.roles import Role
from jarvis.api.along import said
from jarvis.api.analysis import members
from jarvis.api.deployment_shapes import RollbackRequest
from jarvis.api.operation import answer, chosen, identifier, operation, read_body
from jarvis.api.plan_shapes import PlanRequest, PlanRow, RollbackPlan
from jarvis.deployments.plans import back, find, readable, work
from services.db_service import db_service


@operation(
    "POST",
    "/plans",
    tag="deployments",
    summary="Work out what a deploy of an artifact would make, change and remove",
    role=Role.ADMIN,
    body=PlanRequest,
    example={"artifact_id": "0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11", "domain": "mysite.localhost"},
    answers={202: PlanRow},
)
def create_plan() -> Response:
    """Enqueue it: the worker looks into the artifact. Neither the service nor its names are taken."""
    body = read_body(PlanRequest)
    key = str(identifier(body.artifact_id, "artifact"))
    with db_service.get_session() as session:
        row = work.ask(
            session,
            artifact_id=key,
            name=body.name,
            domain=body.domain,
            correction=members(body.correction),
            along=said(body.environment, body.settings),
            by=g.caller.name,
        )
        shown = find.shown(session, row.id)
    return answer(shown, 202)


@operation(
    "GET",
    "/plans/<id>",
    tag="deployments",
    summary="Show a plan, and whether it still holds",
    role=Role.VIEWER,
    answers={200: PlanRow},
)
def show_plan(id: str) -> Response:  # noqa: A002 - the name in the address
    """One plan."""
    with db_service.get_session() as session:
        return answer(find.shown(session, identifier(id, "plan")))


@operation(
    "POST",
    "/services/<name>/rollback/plan",
    tag="services",
    summary="Show what going back to an earlier version would change",
    role=Role.ADMIN,
    body=RollbackRequest,
    example={},
    answers={200: RollbackPlan},
)
def plan_rollback(name: str) -> Response:
    """It is all in the records of the two releases; nothing is written."""
    body = read_body(RollbackRequest)
    target = chosen(body.deployment_id, "deployment")
    with db_service.get_session() as session:
        made, row = back.back(session, name, target)
        session.rollback()
        words = readable.sections(made)
        shown = {"deployment_id": str(row.id), "hash": made["hash"], "plan": made, "words": words}
    return answer(shown)
