"""Who is calling, and may they? Asked before every view; a route without a declared rule is refused."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Response, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from jarvis.accounts import tokens
from jarvis.accounts.roles import Role, may
from jarvis.api.operation import RULES
from jarvis.api.problem import wants_page
from jarvis.errors import Forbidden, NotAuthenticated
from services.db_service import db_service

NOBODY = tokens.Caller("", Role.ANYONE)
SAFE = {"GET", "HEAD", "OPTIONS"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _by_header() -> tokens.Caller | None:
    """The caller of the Authorization header, or None when there is no such header.

    Raises:
        NotAuthenticated: The header is there, but Jarvis does not know what it says.
    """
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() == "bearer":
        with db_service.get_session() as rows:
            caller = tokens.recognise(rows, token.strip())
        if caller is not None:
            return caller
    raise NotAuthenticated(
        "Jarvis does not know this access token.",
        "Use the token that the first start showed; on that machine it is in JARVIS_HOME/secrets/token.",
    )


def _by_session() -> tokens.Caller | None:
    """The caller of the page's session; a form sent from another site is not theirs."""
    kept = session.get("token")
    if not isinstance(kept, str):
        return None
    if request.method not in SAFE and not _same_origin():
        raise Forbidden(
            "This request came from another site.", "Open the page of Jarvis and try again there."
        )
    with db_service.get_session() as rows:
        return tokens.by_id(rows, UUID(kept))


def _same_origin() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _check() -> AnyResponse | None:
    """Let the request pass, send a browser to the login page, or refuse."""
    g.caller = NOBODY
    if request.endpoint is None:
        return None  # no such address: answered as such
    needed = RULES.get(request.endpoint)
    if needed is None:
        raise Forbidden("This address is not open to anybody.", "This is a bug in Jarvis: it lacks a rule.")
    if needed is Role.ANYONE:
        return None
    g.caller = _by_header() or _by_session() or NOBODY
    if may(g.caller.role, needed):
        return None
    if g.caller is not NOBODY:
        raise Forbidden("This access token may look, but not change anything.", "Use a token of an admin.")
    if wants_page() and request.method == "GET":
        return redirect(url_for("pages.login", next=request.full_path.rstrip("?")))
    raise NotAuthenticated(
        "This needs an access token.", "Send it as “Authorization: Bearer …”, or log in on the page."
    )


def _harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def install(app: Flask) -> None:
    """Put the guard before every view of `app`."""
    app.before_request(_check)
    app.after_request(_harden)
