"""Operations on what Jarvis else does by itself: looking after services, and cleaning up."""

from flask import Response, g

from jarvis.accounts.roles import Role
from jarvis.api.operation import answer, operation, read_body
from jarvis.api.shapes import Accepted, Nothing
from jarvis.deployments.upkeep import cleanup, repair, routine
from services.db_service import db_service


@operation(
    "POST",
    "/services/<name>/check",
    tag="services",
    summary="Ask for a service now as a visitor would; if need be, put its links back",
    role=Role.ADMIN,
    body=Nothing,
    example={},
    answers={202: Accepted},
)
def check_service(name: str) -> Response:
    """Enqueue the look, or name the one that waits or runs already."""
    read_body(Nothing)
    with db_service.get_session() as session:
        workflow, gone = repair.ask(session, name, g.caller.name)
        accepted = {"workflow_id": str(workflow.id)}
    routine.forget(gone)
    return answer(accepted, 202)


@operation(
    "POST",
    "/cleanup",
    tag="upkeep",
    summary="Remove now what nobody needs any more",
    role=Role.ADMIN,
    body=Nothing,
    example={},
    answers={202: Accepted},
)
def clean_up() -> Response:
    """Enqueue the clean-up, or name the one that waits or runs already."""
    read_body(Nothing)
    with db_service.get_session() as session:
        workflow, gone = cleanup.ask(session, g.caller.name)
        accepted = {"workflow_id": str(workflow.id)}
    routine.forget(gone)
    return answer(accepted, 202)
