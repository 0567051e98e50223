"""Operations on artifacts."""

from collections.abc import Iterator

from flask import Response, g, request
from sqlalchemy import select
from werkzeug.exceptions import UnsupportedMediaType

import config
from jarvis.accounts.roles import Role
from jarvis.api.operation import Parameter, answer, identifier, operation
from jarvis.api.page import PAGE, newest_first, one_of
from jarvis.api.shapes import ArtifactRow, Artifacts
from jarvis.artifacts import intake, store
from jarvis.errors import BadRequest, InvalidInput, NotFound
from jarvis.home import Home
from models import Artifact, FileType
from services.db_service import db_service

CHUNK = 256 * 1024
"""Bytes read from the connection at a time."""


def _chunks(announced: int | None) -> Iterator[bytes]:
    """The request's body, piece by piece.

    Raises:
        BadRequest: The connection broke before all announced bytes came.
    """
    got = 0
    while chunk := request.stream.read(CHUNK):
        got += len(chunk)
        yield chunk
    if announced is not None and got != announced:
        raise BadRequest(
            f"The upload broke off after {got} of {announced} bytes.", "Send it again: nothing was kept."
        )


@operation(
    "POST",
    "/artifacts",
    tag="artifacts",
    summary="Hand in a file, an archive or a folder (packed as tar)",
    role=Role.ADMIN,
    body_type="application/octet-stream",
    parameters=(
        Parameter("filename", "The name of the file or folder."),
        Parameter(
            "type",
            "What it is; worked out from its first bytes when missing.",
            {"type": "string", "enum": [kind.value for kind in FileType]},
        ),
    ),
    answers={201: ArtifactRow},
)
def upload_artifact() -> Response:
    """Stream the body into the store. Memory stays constant; on any error nothing is kept."""
    settings = config.settings()
    folder = Home(settings.home).artifacts
    folder.mkdir(parents=True, exist_ok=True)
    if request.mimetype.startswith("multipart/"):  # a form around the file would be kept as the file
        raise UnsupportedMediaType
    declared = request.args.get("type", "")
    if declared and declared not in set(FileType):
        raise InvalidInput("type must be zip, tar, directory or single_file.", "", {"field": "type"})
    announced = request.content_length
    store.check_room(folder, announced or 0, settings.upload_limit)
    with db_service.get_session() as session:
        artifact = intake.take(
            session,
            folder,
            _chunks(announced),
            filename=request.args.get("filename", "upload"),
            declared=declared,
            limit=settings.upload_limit,
            expected=request.headers.get("X-Checksum-SHA256", ""),
            by=g.caller.name,
        )
        session.refresh(artifact)
        row = artifact.to_dict()
    return answer(row, 201)


@operation(
    "GET",
    "/artifacts",
    tag="artifacts",
    summary="List artifacts, newest first",
    role=Role.VIEWER,
    parameters=(*PAGE, Parameter("file_type", "Only of this type.")),
    answers={200: Artifacts},
)
def list_artifacts() -> Response:
    """A page of artifacts."""
    query = select(Artifact)
    if (condition := one_of("file_type", FileType, Artifact.file_type)) is not None:
        query = query.where(condition)
    with db_service.get_session() as session:
        page = newest_first(session, query, Artifact.uploaded_at, Artifact.id, Artifact.to_dict)
    return answer(page)


@operation(
    "GET",
    "/artifacts/<id>",
    tag="artifacts",
    summary="Show an artifact",
    role=Role.VIEWER,
    answers={200: ArtifactRow},
)
def show_artifact(id: str) -> Response:  # noqa: A002 - the name in the address
    """One artifact."""
    with db_service.get_session() as session:
        row = session.get(Artifact, identifier(id, "artifact"))
        if row is None:
            raise NotFound(f"There is no artifact {id}.", "See GET /api/v1/artifacts.")
        return answer(row.to_dict())
