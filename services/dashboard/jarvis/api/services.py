"""Operations on services."""

from flask import Response, g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.accounts.roles import Role
from jarvis.api.operation import Parameter, answer, identifier, operation, read_body
from jarvis.api.page import PAGE, limit
from jarvis.api.shapes import Accepted, DeploymentRow, Logs, RollbackRequest, ServiceDetail, Services
from jarvis.deployments import request as requests
from jarvis.deployments import view
from jarvis.errors import NotFound
from models import Service
from services.db_service import db_service


def _find(session: Session, name: str) -> Service:
    row = session.scalars(select(Service).where(Service.name == name)).one_or_none()
    if row is None:
        raise NotFound(f"There is no service “{name[:80]}”.", "See jarvis status for the services there are.")
    return row


@operation(
    "GET",
    "/services",
    tag="services",
    summary="List services by name",
    role=Role.VIEWER,
    parameters=(PAGE[0], Parameter("cursor", "The `next` of the page before: the last name on it.")),
    answers={200: Services},
)
def list_services() -> Response:
    """A page of services."""
    size = limit()
    query = select(Service).where(Service.name > request.args.get("cursor", "")).order_by(Service.name)
    with db_service.get_session() as session:
        rows = list(session.scalars(query.limit(size + 1)))
        items = [view.service(session, row) for row in rows[:size]]
    return answer({"items": items, "next": items[-1]["name"] if len(rows) > size else None})


@operation(
    "GET",
    "/services/<name>",
    tag="services",
    summary="Show a service and its last ten deployments",
    role=Role.VIEWER,
    answers={200: ServiceDetail},
)
def show_service(name: str) -> Response:
    """One service."""
    with db_service.get_session() as session:
        row = _find(session, name)
        history = [view.deployment(item) for item in view.recent(session, name, 10)]
        return answer({**view.service(session, row), "deployments": history})


@operation(
    "POST",
    "/services/<name>/rollback",
    tag="services",
    summary="Go back to an earlier version",
    role=Role.ADMIN,
    body=RollbackRequest,
    example={},
    answers={202: DeploymentRow},
)
def rollback_service(name: str) -> Response:
    """Write the rows and enqueue the workflow, in one transaction."""
    body = read_body(RollbackRequest)
    target = str(identifier(body.deployment_id, "deployment")) if body.deployment_id else ""
    with db_service.get_session() as session:
        row = requests.rollback(session, name=name, deployment_id=target, by=g.caller.name)
        shown = view.deployment(row)
    return answer(shown, 202)


@operation(
    "DELETE",
    "/services/<name>",
    tag="services",
    summary="Remove a service, its releases and its names; its history stays",
    role=Role.ADMIN,
    answers={202: Accepted},
)
def remove_service(name: str) -> Response:
    """Write the row and enqueue the workflow, in one transaction."""
    with db_service.get_session() as session:
        workflow = requests.remove(session, name=name, by=g.caller.name)
        accepted = {"workflow_id": str(workflow.id)}
    return answer(accepted, 202)


@operation(
    "GET",
    "/services/<name>/logs",
    tag="services",
    summary="The last lines of what its deployments said",
    role=Role.VIEWER,
    parameters=(PAGE[0],),
    answers={200: Logs},
)
def service_logs(name: str) -> Response:
    """The service's story, oldest line first."""
    with db_service.get_session() as session:
        _find(session, name)
        return answer({"items": view.story(session, name, limit())})
