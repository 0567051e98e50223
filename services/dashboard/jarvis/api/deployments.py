"""Operations on deployments."""

from typing import Any

from flask import Response, g, request
from sqlalchemy import select
from werkzeug.exceptions import UnsupportedMediaType

from jarvis.accounts.roles import Role
from jarvis.api.along import said as said_along
from jarvis.api.analysis import members
from jarvis.api.artifacts import DIGESTS, TYPES, said
from jarvis.api.deployment_shapes import DeploymentRequest, DeploymentRow, Deployments
from jarvis.api.operation import Parameter, answer, chosen, identifier, operation, read_body
from jarvis.api.page import PAGE, newest_first, one_of
from jarvis.api.received import FORM, received
from jarvis.deployments import along, handin, view
from jarvis.deployments import request as requests
from jarvis.deployments.plans import promise
from jarvis.errors import InvalidInput, NotFound
from models import Deployment, DeploymentStatus
from services.db_service import db_service

NAMES = ("domain", "name", "filename")
"""What the address says of a site that is the body itself; one of them is enough."""


@operation(
    "POST",
    "/deployments",
    tag="deployments",
    summary="Deploy an artifact, a git repository, or the file, archive or folder that is sent",
    role=Role.ADMIN,
    body=DeploymentRequest,
    example={"artifact_id": "0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11", "domain": "mysite.localhost"},
    parameters=(
        Parameter("domain", "Of what is sent as it is or as a form: the name it will answer to."),
        Parameter("name", "Of what is sent: the service."),
        Parameter("filename", "Of what is sent: the name of the file or folder."),
        Parameter(
            "type", "Of what is sent: what it is; worked out from its first bytes when missing.", TYPES
        ),
        *DIGESTS,
    ),
    answers={202: DeploymentRow},
)
def create_deployment() -> Response:
    """Write the rows and enqueue the workflow, in one transaction.

    JSON names what to deploy. A form, or a body of another type whose address names it, is the site itself.
    """
    if request.mimetype == FORM or (
        request.mimetype != "application/json" and any(request.args.get(word) for word in NAMES)
    ):
        return answer(_deploy_body(), 202)
    return answer(_deploy_named(), 202)


def _deploy_body() -> dict[str, Any]:
    """Keep the body of this request and deploy it; its names are looked at before it is read."""
    if request.mimetype.startswith("multipart/") and request.mimetype != FORM:
        raise UnsupportedMediaType
    name, domain = (request.args.get(word, "") for word in ("name", "domain"))
    given = {word: request.args[word] for word in ("filename", "type") if request.args.get(word)}
    said({**given, "analyse": "false"}, ())
    if name or domain or "filename" in given:
        handin.check(name=name, domain=domain, filename=given.get("filename", ""))
    with received(given) as (partial, words, expected):
        upload = said({**words, "service": name, "analyse": "false"}, expected)
        return view.deployment(handin.deploy(partial, upload, name=name, domain=domain))


def _deploy_named() -> dict[str, Any]:
    """Deploy the artifact or the repository that the JSON names."""
    body = read_body(DeploymentRequest)
    if body.plan:
        return _deploy_planned(body)
    if bool(body.artifact_id) == (body.git is not None):
        raise InvalidInput(
            "The body does not fit: it must have either `artifact_id` or `git`.",
            "To send a site itself, say its name in the address: ?domain=, ?name= or ?filename=.",
            {"field": "artifact_id"},
        )
    name, domain, by = body.name, body.domain, g.caller.name
    correction, besides = members(body.correction), said_along(body.environment, body.settings)
    if body.git is not None:
        with db_service.get_session() as session:
            url, ref = body.git.url, body.git.ref
            row = handin.deploy_git(
                session, url=url, ref=ref, name=name, domain=domain, by=by, correction=correction
            )
            along.keep(session, row, besides, by)
            return view.deployment(row)
    key = str(identifier(body.artifact_id, "artifact"))
    with db_service.get_session() as session:
        row = requests.deploy(
            session, artifact_id=key, name=name, domain=domain, by=by, correction=correction
        )
        along.keep(session, row, besides, by)
        return view.deployment(row)


def _deploy_planned(body: DeploymentRequest) -> dict[str, Any]:
    """Deploy what was planned, if nothing that matters has changed since."""
    with db_service.get_session() as session:
        row = promise.deploy(
            session,
            hashed=body.plan,
            artifact_id=chosen(body.artifact_id, "artifact"),
            by=g.caller.name,
            along=said_along(body.environment, body.settings),
            others={
                "git": body.git is not None,
                "name": bool(body.name),
                "domain": bool(body.domain),
                "correction": bool(members(body.correction)),
            },
        )
        return view.deployment(row)


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
