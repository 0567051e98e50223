"""Operations on artifacts."""

import logging
from collections.abc import Mapping
from typing import Any

from flask import Response, g, request
from sqlalchemy import Select, select

from jarvis.accounts.roles import Role
from jarvis.api import etag
from jarvis.api.artifact_shapes import ArtifactRow, Artifacts
from jarvis.api.operation import Parameter, answer, identifier, operation
from jarvis.api.page import PAGE, newest_first, one_of
from jarvis.api.received import received
from jarvis.artifacts import checksums, collect, intake
from jarvis.artifacts.intake import Said
from jarvis.deployments import needs
from jarvis.deployments.addresses import names
from jarvis.errors import Conflict, InvalidInput, NotFound, Unavailable
from models import Artifact, FileType
from services.db_service import db_service

log = logging.getLogger(__name__)

TYPES = {"type": "string", "enum": [kind.value for kind in FileType]}
YES_OR_NO = {"type": "string", "enum": ["true", "false"], "default": "true"}
DIGESTS = tuple(
    Parameter(name, "SHA-256 that the bytes must have.", place="header") for name in checksums.HEADERS
)


def said(words: Mapping[str, str], expected: tuple[str, ...]) -> Said:
    """What the sender says of an upload.

    Raises:
        InvalidInput: The type or the service cannot be one.
    """
    declared = words.get("type", "")
    if declared and declared not in set(FileType):
        raise InvalidInput("type must be zip, tar, directory or single_file.", "", {"field": "type"})
    service = words.get("service", "")
    return Said(
        filename=words.get("filename", "upload"),
        declared=declared,
        expected=expected,
        service=names.service_name(service) if service else "",
        analyse=_wanted(words),
        by=g.caller.name,
    )


def _wanted(words: Mapping[str, str]) -> bool:
    """Whether the upload is to be analysed at once.

    Raises:
        InvalidInput: The word is neither true nor false.
    """
    text = words.get("analyse", "true")
    if text not in {"true", "false"}:
        raise InvalidInput("analyse must be true or false.", "", {"field": "analyse"})
    return text == "true"


def take_upload() -> dict[str, Any]:
    """Store the body of this request, as it is or as a form; the artifact's row.

    Memory stays constant; on any error nothing is kept.

    Raises:
        JarvisError: It cannot be taken.
    """
    said(request.args, ())
    with received(request.args) as (partial, words, expected), db_service.get_session() as session:
        return intake.keep(session, partial, said(words, expected)).to_dict()


@operation(
    "POST",
    "/artifacts",
    tag="artifacts",
    summary="Hand in a file, an archive or a folder, as it is or as a form (multipart/form-data)",
    role=Role.ADMIN,
    body_type="application/octet-stream",
    parameters=(
        Parameter("filename", "The name of the file or folder."),
        Parameter("type", "What it is; worked out from its first bytes when missing.", TYPES),
        Parameter("service", "The service that it is for."),
        Parameter("analyse", "Work out at once what it is: true (the default) or false.", YES_OR_NO),
        *DIGESTS,
    ),
    answers={201: ArtifactRow},
)
def upload_artifact() -> Response:
    """Stream the body into the store."""
    return answer(take_upload(), 201)


def filtered(query: Select[Any]) -> Select[Any]:
    """`query` with the filters of this request.

    Raises:
        InvalidInput: A value cannot be one.
    """
    if (condition := one_of("file_type", FileType, Artifact.file_type)) is not None:
        query = query.where(condition)
    if kind := request.args.get("service_type"):
        query = query.where(Artifact.detected_service_type == kind)
    if checksum := request.args.get("checksum"):
        query = query.where(Artifact.checksum_sha256 == checksums.from_hex(checksum, "checksum"))
    if by := request.args.get("uploaded_by"):
        query = query.where(Artifact.uploaded_by == by)
    if part := request.args.get("q"):
        query = query.where(Artifact.original_filename.icontains(part, autoescape=True))
    return query


@operation(
    "GET",
    "/artifacts",
    tag="artifacts",
    summary="List artifacts, newest first, without their analysis",
    role=Role.VIEWER,
    parameters=(
        *PAGE,
        Parameter("file_type", "Only of this type.", TYPES),
        Parameter("service_type", "Only what was found to be of this kind, such as static."),
        Parameter("checksum", "Only with this SHA-256, in hex."),
        Parameter("uploaded_by", "Only of this uploader."),
        Parameter("q", "Only with this part in the file's name, in small or capital letters."),
    ),
    answers={200: Artifacts},
)
def list_artifacts() -> Response:
    """A page of artifacts."""
    query = filtered(select(Artifact))
    with db_service.get_session() as session:
        page = newest_first(session, query, Artifact.uploaded_at, Artifact.id, _brief)
    return answer(page)


def _brief(row: Artifact) -> dict[str, Any]:
    """An artifact in a list: the analysis with its evidence and the build plan are told of one at a time."""
    shown = row.to_dict()
    kept = {key: value for key, value in row.artifact_metadata.items() if key not in {"verdict", "plan"}}
    return {**shown, "metadata": kept}


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


@operation(
    "DELETE",
    "/artifacts/<id>",
    tag="artifacts",
    summary="Delete an artifact that no deployment needs",
    role=Role.ADMIN,
    answers={204: None},
)
def delete_artifact(id: str) -> Response:  # noqa: A002 - the name in the address
    """The row goes; its bytes go with the last row that has the same."""
    with db_service.get_session() as session:
        row = session.get(Artifact, identifier(id, "artifact"), with_for_update=True)
        if row is None:
            raise NotFound(f"There is no artifact {id}.", "See GET /api/v1/artifacts.")
        etag.check(row.to_dict())
        if users := needs.who_needs(session, row.id):
            raise Conflict(
                f"The artifact “{row.original_filename}” is needed by {needs.told(users)}.",
                "Deploy something newer, or remove the service; then delete it.",
                {"deployments": [str(user.id) for user in users]},
            )
        checksum = row.checksum_sha256
        session.delete(row)
    try:
        collect.drop(checksum)
    except Unavailable as error:  # the collector comes back to it
        log.warning("The bytes of a deleted artifact are still there: %s", error.message)
    return Response(status=204)
