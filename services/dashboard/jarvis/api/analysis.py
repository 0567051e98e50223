"""Operations on what Jarvis thinks an artifact is, and on what a person says better."""

from typing import Any

import msgspec
from flask import Response, g
from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.accounts.roles import Role
from jarvis.api import etag
from jarvis.api.artifact_shapes import Analysis, AnalysisRequest, Correction, CorrectionRow, GitRequest
from jarvis.api.operation import answer, identifier, operation, read_body
from jarvis.api.shapes import Accepted
from jarvis.artifacts import ask, corrections
from jarvis.deployments.addresses import names
from jarvis.errors import NotFound
from models import Artifact, Service
from services.db_service import db_service


def members(correction: Correction) -> dict[str, Any]:
    """What was given of it."""
    return {key: value for key, value in msgspec.structs.asdict(correction).items() if value is not None}


@operation(
    "POST",
    "/artifacts/git",
    tag="artifacts",
    summary="Fetch a git repository as an artifact",
    role=Role.ADMIN,
    body=GitRequest,
    example={"url": "https://git.example.org/me/site.git", "ref": "main"},
    answers={202: Accepted},
)
def fetch_artifact() -> Response:
    """Enqueue the fetching; its last event names the artifact."""
    body = read_body(GitRequest)
    with db_service.get_session() as session:
        workflow = ask.fetch(
            session,
            url=body.url,
            ref=body.ref,
            service=names.service_name(body.service) if body.service else "",
            analyse=body.analyse,
            by=g.caller.name,
        )
        accepted = {"workflow_id": str(workflow.id)}
    return answer(accepted, 202)


@operation(
    "POST",
    "/artifacts/<id>/analysis",
    tag="artifacts",
    summary="Work out what an artifact is (again)",
    role=Role.ADMIN,
    body=AnalysisRequest,
    example={},
    answers={202: Accepted},
)
def analyse_artifact(id: str) -> Response:  # noqa: A002 - the name in the address
    """Enqueue the analysis; its last event carries the verdict's summary."""
    body = read_body(AnalysisRequest)
    with db_service.get_session() as session:
        workflow = ask.analyse(session, _artifact(session, id), service=body.service, by=g.caller.name)
        accepted = {"workflow_id": str(workflow.id)}
    return answer(accepted, 202)


@operation(
    "GET",
    "/artifacts/<id>/analysis",
    tag="artifacts",
    summary="Show what an artifact is, why, and how it would be built",
    role=Role.VIEWER,
    answers={200: Analysis},
)
def show_analysis(id: str) -> Response:  # noqa: A002 - the name in the address
    """The verdict with its evidence, and the build plan; both null until it was analysed."""
    with db_service.get_session() as session:
        row = _artifact(session, id)
        kept = row.artifact_metadata
    return answer({key: kept.get(key) for key in ("verdict", "plan", "error")})


@operation(
    "GET",
    "/services/<name>/correction",
    tag="services",
    summary="Show what a person said better about a service",
    role=Role.VIEWER,
    answers={200: CorrectionRow},
)
def show_correction(name: str) -> Response:
    """The members that were set."""
    with db_service.get_session() as session:
        return answer(_correction(_service(session, name)))


@operation(
    "PUT",
    "/services/<name>/correction",
    tag="services",
    summary="Say what a service is; it holds from the next deploy on",
    role=Role.ADMIN,
    body=Correction,
    example={"kind": "static", "static_dir": "public"},
    answers={200: CorrectionRow},
)
def put_correction(name: str) -> Response:
    """Set these members and no others; none at all takes the correction back."""
    body = read_body(Correction)
    with db_service.get_session() as session:
        row = _service(session, name)
        etag.check(_correction(row))
        corrections.put(row, members(body), g.caller.name)
        return answer(_correction(row))


def _correction(row: Service) -> dict[str, Any]:
    kept = row.settings.get(corrections.KEY, {})
    return {"members": kept.get("members", {}), "by": kept.get("by"), "at": kept.get("at")}


def _artifact(session: Session, key: str) -> Artifact:
    row = session.get(Artifact, identifier(key, "artifact"))
    if row is None:
        raise NotFound(f"There is no artifact {key}.", "See GET /api/v1/artifacts.")
    return row


def _service(session: Session, name: str) -> Service:
    row = session.scalars(select(Service).where(Service.name == name).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(f"There is no service “{name[:80]}”.", "See jarvis status for the services there are.")
    return row
