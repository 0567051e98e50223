"""Operations on uploads in pieces: tus 1.0.0 (core, creation, termination), for which there are clients.

Left out: X-HTTP-Method-Override, and uploads whose length is told later.
"""

import base64
import binascii
from contextlib import closing
from typing import Any

from flask import Response, request, url_for
from werkzeug.exceptions import UnsupportedMediaType

import config
from jarvis.accounts.roles import Role
from jarvis.api import body, etag
from jarvis.api.artifact_shapes import UploadRow
from jarvis.api.artifacts import said
from jarvis.api.operation import Parameter, answer, blueprint, identifier, operation
from jarvis.artifacts import checksums, uploads
from jarvis.errors import BadRequest, InvalidInput, JarvisError
from models import Upload
from services.db_service import db_service

VERSION = "1.0.0"
PIECES = "application/offset+octet-stream"
NUMBER = {"type": "integer", "minimum": 0}
KEPT = ("analyse",)
"""Words of Upload-Metadata that are remembered as they are, for those who work with the artifact."""
_ENDPOINTS = {"api.create_upload", "api.show_upload", "api.append_upload", "api.end_upload"}


class OtherVersion(JarvisError):
    """The client speaks a version of tus that is not known here."""

    code = "tus_version"
    status = 412


@blueprint.before_request
def refuse_other_versions() -> None:
    """Only version 1.0.0 is spoken; who names none is taken to speak it.

    Raises:
        OtherVersion: Another one is asked for.
    """
    asked = request.headers.get("Tus-Resumable", VERSION)
    if request.endpoint in _ENDPOINTS and request.method != "OPTIONS" and asked != VERSION:
        raise OtherVersion(f"This is tus {VERSION}, not {asked[:20]}.", "Send Tus-Resumable: 1.0.0.")


@blueprint.after_request
def say_what_is_spoken(response: Response) -> Response:
    """What every answer of tus carries."""
    if request.endpoint in _ENDPOINTS:
        response.headers["Tus-Resumable"] = VERSION
        if request.method == "OPTIONS" or response.status_code == OtherVersion.status:
            response.headers["Tus-Version"] = VERSION
            response.headers["Tus-Extension"] = "creation,termination"
            response.headers["Tus-Max-Size"] = str(config.settings().upload_limit)
    if response.status_code == body.Stalled.status:
        response.headers["Connection"] = "close"
    return response


def _words() -> dict[str, str]:
    """Upload-Metadata as words: `key base64, key base64`.

    Raises:
        InvalidInput: It has another form.
    """
    found: dict[str, str] = {}
    for item in request.headers.get("Upload-Metadata", "").split(","):
        key, _, value = item.strip().partition(" ")
        try:
            text = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise InvalidInput(
                "Upload-Metadata cannot be read.",
                "Its form is: KEY BASE64,KEY BASE64 - for example filename c2l0ZS56aXA=.",
                {"field": "Upload-Metadata"},
            ) from error
        if "\x00" in text:
            raise BadRequest("Upload-Metadata holds the sign NUL.", "Leave it out.")
        if key:
            found[key] = text
    return found


def _number(name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidInput(f"{name} must be a number of bytes, not “{text[:20]}”.", "", {"field": name})
    return int(text)


def _shown(row: Upload) -> dict[str, Any]:
    shown = row.to_dict()
    return {**shown, "offset": uploads.offset(row), "expires_at": (row.updated_at + uploads.LIFE).isoformat()}


def _matched(id: str) -> None:  # noqa: A002 - the name in the address
    """Heed If-Match. Between two who append, `Upload-Offset` decides: it is looked at under a lock."""
    if "If-Match" in request.headers:
        etag.check(_shown(uploads.find(identifier(id, "upload"))))


def _told(response: Response, row: Upload) -> Response:
    """How far it is, in headers."""
    response.headers["Upload-Offset"] = str(uploads.offset(row))
    response.headers["Upload-Length"] = str(row.size)
    if row.artifact_id is not None:
        response.headers["Upload-Artifact"] = str(row.artifact_id)
    return response


@operation(
    "POST",
    "/uploads",
    tag="uploads",
    summary="Begin an upload in pieces, which goes on after a broken connection (tus 1.0.0)",
    role=Role.ADMIN,
    parameters=(
        Parameter("Upload-Length", "The bytes of the whole upload.", NUMBER, "header"),
        Parameter(
            "Upload-Metadata",
            "Words and their values in base64: filename, type, service, analyse (true or false), "
            "sha256 (of the whole, in hex).",
            place="header",
        ),
    ),
    answers={201: UploadRow},
)
def create_upload() -> Response:
    """The address in `Location` takes the pieces."""
    words = _words()
    size = _number("Upload-Length")
    expected = (checksums.from_hex(words["sha256"], "sha256"),) if "sha256" in words else ()
    with db_service.get_session() as session:
        row = uploads.create(
            session,
            said(words, expected),
            size=size,
            limit=config.settings().upload_limit,
            more={key: words[key] for key in KEPT if key in words},
        )
    response = answer(_shown(row), 201)
    response.headers["Location"] = url_for("api.show_upload", id=row.id)
    return _told(response, row)


@operation(
    "GET",
    "/uploads/<id>",
    tag="uploads",
    summary="Show how far an upload is; HEAD tells it in headers",
    role=Role.ADMIN,
    answers={200: UploadRow},
)
def show_upload(id: str) -> Response:  # noqa: A002 - the name in the address
    """One upload."""
    row = uploads.find(identifier(id, "upload"))
    return _told(answer(_shown(row)), row)


@operation(
    "PATCH",
    "/uploads/<id>",
    tag="uploads",
    summary="Send the next bytes; with the last one the upload becomes an artifact",
    role=Role.ADMIN,
    body_type=PIECES,
    parameters=(Parameter("Upload-Offset", "Where the upload stands.", NUMBER, "header"),),
    answers={204: None},
)
def append_upload(id: str) -> Response:  # noqa: A002 - the name in the address
    """`Upload-Artifact` of the answer to the last bytes is the artifact's id."""
    if request.mimetype != PIECES:
        raise UnsupportedMediaType
    at = _number("Upload-Offset")
    _matched(id)
    with closing(body.pieces()) as pieces:
        row = uploads.append(identifier(id, "upload"), at, pieces, body.announced())
    return _told(Response(status=204), row)


@operation(
    "DELETE",
    "/uploads/<id>",
    tag="uploads",
    summary="End an upload before its time",
    role=Role.ADMIN,
    answers={204: None},
)
def end_upload(id: str) -> Response:  # noqa: A002 - the name in the address
    """What came is removed; an artifact that it became stays."""
    _matched(id)
    uploads.remove(identifier(id, "upload"))
    return Response(status=204)
