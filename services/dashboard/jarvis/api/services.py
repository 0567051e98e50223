"""Operations on services."""

from typing import Any

from flask import Response, g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.accounts.roles import Role
from jarvis.api import etag
from jarvis.api.deployment_shapes import DeploymentRow, RollbackRequest
from jarvis.api.operation import Parameter, answer, chosen, operation, read_body
from jarvis.api.page import PAGE, decode, encode, limit
from jarvis.api.service_shapes import ProgramOutput, ServiceDetail, Services
from jarvis.api.shapes import Accepted, Logs, Nothing
from jarvis.deployments import request as requests
from jarvis.deployments import view
from jarvis.deployments.plans import back
from jarvis.deployments.plans.assemble import core
from jarvis.deployments.programs import processes
from jarvis.errors import BadRequest, NotFound
from jarvis.runtimes.output import Output
from models import Service
from services.db_service import db_service


def _find(session: Session, name: str, *, lock: bool = False) -> Service:
    query = select(Service).where(Service.name == name)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(f"There is no service “{name[:80]}”.", "See jarvis status for the services there are.")
    return row


def _shown(session: Session, row: Service) -> dict[str, Any]:
    history = [view.deployment(item) for item in view.recent(session, row.name, 10)]
    return {**view.service(session, row), "deployments": history}


@operation(
    "GET",
    "/services",
    tag="services",
    summary="List services by name",
    role=Role.VIEWER,
    parameters=PAGE[:2],
    answers={200: Services},
)
def list_services() -> Response:
    """A page of services."""
    size = limit()
    cursor = request.args.get("cursor", "")
    after = decode("services", cursor) if cursor else ""
    query = select(Service).where(Service.name > after).order_by(Service.name)
    with db_service.get_session() as session:
        rows = list(session.scalars(query.limit(size + 1)))
        items = [view.service(session, row) for row in rows[:size]]
    return answer(
        {"items": items, "next": encode("services", items[-1]["name"]) if len(rows) > size else None}
    )


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
        return answer(_shown(session, _find(session, name)))


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
    target = chosen(body.deployment_id, "deployment")
    with db_service.get_session() as session:
        told = back.check(session, name, target, body.plan) if body.plan else None
        row = requests.rollback(
            session, name=name, deployment_id=target, by=g.caller.name, plan=core(told) if told else None
        )
        shown = view.deployment(row)
    return answer(shown, 202)


@operation(
    "POST",
    "/services/<name>/redeploy",
    tag="services",
    summary="Deploy again what runs, with the settings and the environment of now",
    role=Role.ADMIN,
    body=Nothing,
    example={},
    answers={202: DeploymentRow},
)
def redeploy_service(name: str) -> Response:
    """Write the rows and enqueue the workflow, in one transaction."""
    read_body(Nothing)
    with db_service.get_session() as session:
        shown = view.deployment(requests.redeploy(session, name=name, by=g.caller.name))
    return answer(shown, 202)


@operation(
    "DELETE",
    "/services/<name>",
    tag="services",
    summary="Remove a service, its releases and its names; its history stays",
    role=Role.ADMIN,
    parameters=(Parameter("volumes", "`true`: delete its volumes, too, with all that is in them."),),
    answers={202: Accepted},
)
def remove_service(name: str) -> Response:
    """Write the row and enqueue the workflow, in one transaction. Volumes stay unless they are named."""
    said = request.args.get("volumes", "false")
    if said not in {"true", "false"}:
        raise BadRequest("volumes is true or false.", "Leave it out to keep them.")
    with db_service.get_session() as session:
        etag.check(_shown(session, _find(session, name, lock=True)))
        workflow = requests.remove(session, name=name, by=g.caller.name, volumes=said == "true")
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


@operation(
    "GET",
    "/services/<name>/output",
    tag="services",
    summary="What its program says",
    role=Role.VIEWER,
    parameters=(
        PAGE[0],
        Parameter("after", "The `next` of the answer before: only what was said since then."),
    ),
    answers={200: ProgramOutput},
)
def service_output(name: str) -> Response:
    """The last lines of the log of the program that runs, oldest first; none for finished pages."""
    after = request.args.get("after", "")
    if after and not (after.isascii() and after.isdigit() and len(after) < 19):
        raise BadRequest("after is a number that an answer gave as next.", "Leave it out to begin.")
    with db_service.get_session() as session:
        row = _find(session, name)
        key = str(row.deployment_id) if row.deployment_id else ""
    said = processes.output(key, limit(), int(after) if after else None) if key else Output([], 0)
    items = [{"time": time, "text": text} for time, text in said.lines]
    return answer({"items": items, "next": str(said.next), "deployment_id": key or None})
