"""Every error as `application/problem+json` (RFC 9457), or as a page for a browser."""

import logging

import msgspec
from flask import Flask, Response, render_template, request
from psycopg.errors import DiskFull
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from jarvis.errors import JarvisError, StorageFull, Unavailable, problem, unexpected
from services.db_service import DatabaseFull, DatabaseUnavailable

log = logging.getLogger(__name__)

_WORDS = {
    400: ("bad_request", "The request could not be read.", "Check its form against /api/docs."),
    404: ("not_found", "There is nothing at this address.", "See /api/docs for the addresses there are."),
    405: ("method_not_allowed", "This address does not know that method.", "See /api/docs."),
    413: ("too_large", "The request is larger than this address takes.", "See /api/docs."),
    415: (
        "unsupported_media_type",
        "This address does not take that content type.",
        "Send JSON as application/json, and a file as it is: application/octet-stream.",
    ),
}


def wants_page() -> bool:
    """True when a browser asked, rather than a program."""
    if request.path.startswith("/api/v1"):
        return False
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"


def respond(error: JarvisError) -> Response:
    """The response for `error`."""
    headers = {"WWW-Authenticate": 'Bearer realm="jarvis"'} if error.status == 401 else {}
    if error.transient:
        headers["Retry-After"] = str(error.facts.get("retry_after", 5))
    body = problem(error)
    if wants_page():
        return Response(
            render_template("error.html", problem=body), error.status, headers, mimetype="text/html"
        )
    return Response(msgspec.json.encode(body), error.status, headers, mimetype="application/problem+json")


def _foreign(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return Response(error.get_response().get_data(), error.code, dict(error.get_headers()))
    code, sentence, hint = _WORDS.get(error.code, ("error", error.description or error.name, ""))
    translated = JarvisError(sentence, hint)
    translated.code, translated.status = code, error.code
    response = respond(translated)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def _away(error: Exception) -> Response:
    log.warning("The database is away: %s", type(error).__name__)
    return respond(
        Unavailable(
            "The database does not answer.", "Try again in a moment; jarvis status shows when it is back."
        )
    )


def _full(error: Exception) -> Response:
    log.error("The disk of the database is full: %s", type(error).__name__)
    return respond(
        StorageFull(
            "The disk of the database is full, so nothing can be written.",
            "Free some space on it, then try again; sites go on, and what is there can be read.",
        )
    )


def _bug(error: Exception) -> Response:
    log.error("A request broke", exc_info=error)
    return respond(unexpected(error))


def _driver(error: DBAPIError) -> Response:
    if isinstance(error.orig, DiskFull):
        return _full(error)
    lost = isinstance(error, OperationalError) or error.connection_invalidated
    return _away(error) if lost else _bug(error)


def install(app: Flask) -> None:
    """Let `app` answer every error in this one shape."""
    app.register_error_handler(JarvisError, respond)
    app.register_error_handler(HTTPException, _foreign)
    app.register_error_handler(DatabaseUnavailable, _away)
    app.register_error_handler(DatabaseFull, _full)
    app.register_error_handler(DBAPIError, _driver)
    app.register_error_handler(Exception, _bug)
