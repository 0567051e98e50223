"""Log in with an access token, and out again."""

import re
import uuid
from urllib.parse import urlsplit

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from jarvis.accounts import tokens
from services.db_service import db_service

_ODD = re.compile(r"[\x00-\x20\\\x7f]")
"""Browsers drop or turn these, so that `/\\t/elsewhere` becomes another host."""


def local(target: str) -> str:
    """`target` if it is an address of this Jarvis, else the first page: nobody is sent elsewhere."""
    parts = urlsplit(target) if not _ODD.search(target) else None
    if parts is None or parts.scheme or parts.netloc or not target.startswith("/") or target[1:2] == "/":
        return url_for("pages.overview")
    return target


def signed_in() -> bool:
    """Whether the session's token still counts."""
    kept = session.get("token")
    if not isinstance(kept, str):
        return False
    with db_service.get_session() as rows:
        return tokens.by_id(rows, uuid.UUID(kept)) is not None


def login() -> str | Response | tuple[str, int]:
    """Show the form, or take the token from it."""
    target = local(request.values.get("next", ""))
    if request.method == "GET":
        if signed_in():
            return redirect(target, 303)
        return render_template("login.html", next=target, wrong=False)
    with db_service.get_session() as rows:
        found = tokens.find(rows, request.form.get("token", "").strip())
        key = str(found.id) if found else ""
    if not key:
        return render_template("login.html", next=target, wrong=True), 401
    session.clear()
    session["token"] = key
    session.permanent = True
    return redirect(target, 303)


def logout() -> Response:
    """Forget the session."""
    session.clear()
    return redirect(url_for("pages.login"), 303)
