"""Operations on deployments."""

from flask import Response, g, request
from sqlalchemy import select

from jarvis.accounts.roles import Role
from jarvis.api.analysis import members
from jarvis.api.operation import Parameter, answer, identifier, operation, read_body
from jarvis.api.page import PAGE, newest_first, one_of
from jarvis.api.shapes import DeploymentRequest, DeploymentRow, Deployments
from jarvis.deployments import request as requests
from jarvis.deployments import view
from jarvis.errors import NotFound
from models import Deployment, DeploymentStatus
from services.db_service import db_service


@operation(
    "POST",
    "/deployments",
    tag="deployments",
    summary="Deploy an artifact",
    role=Role.ADMIN,
    body=DeploymentRequest,
    example={"artifact_id": "0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11", "domain": "mysite.localhost"},
    answers={202: DeploymentRow},
)
def create_deployment() -> Response:
    """Write the rows and enqueue the workflow, in one transaction."""
    body = read_body(DeploymentRequest)
    key = identifier(body.artifact_id, "artifact")
    with db_service.get_session() as session:
        row = requests.deploy(
            session,
            artifact_id=str(key),
            name=body.name,
            domain=body.domain,
            by=g.caller.name,
            correction=members(body.correction),
        )
        shown = view.deployment(row)
    return answer(shown, 202)


@operation(
    "GET",
    "/deployments",
    tag="deployments",
    summary="List deployments, newest first",
    role=Role.VIEWER,
    parameters=(
        *PAGE,
        Parameter("service", "Only of this service."),
        Parameter("status", "Only with this status."),
    ),
    answers={200: Deployments},
)
def list_deployments() -> Response:
    """A page of deployments."""
    query = select(Deployment)
    if service := request.args.get("service"):
        query = query.where(Deployment.service_name == service)
    if (condition := one_of("status", DeploymentStatus, Deployment.status)) is not None:
        query = query.where(condition)
    with db_service.get_session() as session:
        page = newest_first(session, query, Deployment.created_at, Deployment.id, view.deployment)
    return answer(page)


@operation(
    "GET",
    "/deployments/<id>",
    tag="deployments",
    summary="Show a deployment",
    role=Role.VIEWER,
    answers={200: DeploymentRow},
)
def show_deployment(id: str) -> Response:  # noqa: A002 - the name in the address
    """One deployment."""
    with db_service.get_session() as session:
        row = session.get(Deployment, identifier(id, "deployment"))
        if row is None:
            raise NotFound(f"There is no deployment {id}.", "See GET /api/v1/deployments.")
        return answer(view.deployment(row))
