"""ETags: what a resource looks like now, so that nobody changes what they have not seen.

An ETag is a checksum of the JSON that a GET answers, so that no resource needs a version of its own.
"""

import hashlib
from typing import Any

import msgspec
from flask import Response, request

from jarvis.api.operation import Parameter, blueprint
from jarvis.errors import JarvisError

IF_MATCH = Parameter(
    "If-Match", "Only if the resource still has this ETag; else nothing is done (412).", place="header"
)
IF_NONE_MATCH = Parameter(
    "If-None-Match", "Answer 304 without a body if the resource still has this ETag.", place="header"
)


class PreconditionFailed(JarvisError):
    """The resource is not what the caller has seen."""

    code = "precondition_failed"
    status = 412


def _tag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def tag(shown: Any) -> str:
    """The ETag of a resource, from what GET answers for it."""
    return _tag(msgspec.json.encode(shown))


def check(shown: Any) -> None:
    """Refuse to change what the caller has not seen. Call it in the transaction of the change, row locked.

    Args:
        shown: What GET would answer now.

    Raises:
        PreconditionFailed: `If-Match` names another state of it.
    """
    if "If-Match" not in request.headers:
        return
    now = tag(shown)
    if not request.if_match.contains(now):
        raise PreconditionFailed(
            "It has changed since you looked: If-Match does not fit.",
            "Get it again, and decide anew with the ETag of that answer.",
            {"etag": f'"{now}"'},
        )


@blueprint.after_request
def add_etag(response: Response) -> Response:
    """An ETag on what GET answers as JSON; 304 for a caller who has it already."""
    readable = request.method in {"GET", "HEAD"} and response.mimetype == "application/json"
    if (
        readable
        and response.status_code == 200
        and not response.is_streamed
        and "ETag" not in response.headers
    ):
        response.set_etag(_tag(response.get_data()))
        if request.if_none_match.contains_weak(response.get_etag()[0] or ""):
            response.status_code = 304
            response.set_data(b"")
            response.headers.pop("Content-Type", None)
            response.headers.pop("Content-Length", None)
    return response
