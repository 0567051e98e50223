"""The bytes of an artifact, whole or in part."""

import base64
from urllib.parse import quote

from flask import Response, request
from werkzeug.datastructures import Range
from werkzeug.http import parse_range_header

from jarvis.accounts.roles import Role
from jarvis.api.operation import Parameter, identifier, operation
from jarvis.api.problem import respond
from jarvis.artifacts.stores.store import chosen
from jarvis.errors import JarvisError, NotFound
from models import Artifact, FileType
from services.db_service import db_service

BYTES = "application/octet-stream"


class OutOfRange(JarvisError):
    """The range that was asked for lies outside of the bytes."""

    code = "range_not_satisfiable"
    status = 416


@operation(
    "GET",
    "/artifacts/<id>/content",
    tag="artifacts",
    summary="Download what was handed in",
    role=Role.ADMIN,
    parameters=(
        Parameter("Range", "Which bytes, such as bytes=0-1023.", place="header"),
        Parameter("If-Range", "The ETag that the range is of.", place="header"),
    ),
    answers={200: BYTES, 206: BYTES},
)
def artifact_content(id: str) -> Response:  # noqa: A002 - the name in the address
    """The bytes. An artifact may hold secrets, so looking at it is not for viewers."""
    with db_service.get_session() as session:
        row = session.get(Artifact, identifier(id, "artifact"))
    if row is None:
        raise NotFound(f"There is no artifact {id}.", "See GET /api/v1/artifacts.")
    if request.if_none_match.contains(row.checksum_sha256):
        return _headed(Response(status=304), row)
    asked = _range(row.checksum_sha256)
    start, end, status = 0, row.file_size, 200
    if asked is not None:
        found = asked.range_for_length(row.file_size)
        if found is None:
            return _refused(row, request.headers["Range"])
        (start, end), status = found, 206
    nothing = request.method == "HEAD"
    content = iter(()) if nothing else chosen().read(row.storage_path, start, end)
    response = _headed(Response(content, status, mimetype=BYTES, direct_passthrough=True), row)
    response.headers["Content-Length"] = str(end - start)
    response.headers["Content-Disposition"] = _disposition(row)
    if status == 206:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{row.file_size}"
    return response


def _range(etag: str) -> Range | None:
    """The one range that counts; several at once, and one of other bytes, are answered with the whole."""
    header = request.headers.get("Range")
    found = parse_range_header(header) if header else None
    if found is None or found.units != "bytes" or len(found.ranges) != 1:
        return None
    same = request.headers.get("If-Range", f'"{etag}"') == f'"{etag}"'
    return found if same else None


def _headed(response: Response, row: Artifact) -> Response:
    digest = base64.b64encode(bytes.fromhex(row.checksum_sha256)).decode()
    response.set_etag(row.checksum_sha256)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["X-Checksum-SHA256"] = row.checksum_sha256
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _refused(row: Artifact, header: str) -> Response:
    response = respond(
        OutOfRange(
            f"There are no bytes “{header[:60]}”: it has {row.file_size}.", "", {"size": row.file_size}
        )
    )
    response.headers["Content-Range"] = f"bytes */{row.file_size}"
    return response


def _disposition(row: Artifact) -> str:
    """The name for a download, in the old form for old clients and in the new one."""
    name = row.original_filename
    if row.file_type is FileType.DIRECTORY and not name.endswith(".tar"):
        name = f"{name}.tar"
    plain = "".join(
        sign if sign.isascii() and sign.isprintable() and sign not in '"\\' else "_" for sign in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
