"""The form on the page of a service that sets one of its variables, or takes it away."""

from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jarvis.accounts.roles import Role, may
from jarvis.api.operation import RULES
from jarvis.deployments import first
from jarvis.deployments.addresses import names
from jarvis.errors import InvalidInput
from jarvis.settings import variables
from jarvis.settings.variables import Given, Phase
from services.db_service import db_service

PHASES: dict[str, Phase | None] = {"": None, "both": "both", "build": "build", "run": "run"}
KEPT: dict[str, bool | None] = {"": None, "secret": True, "plain": False}
"""What the form calls them; empty leaves it as it was."""

blueprint = Blueprint("variables", __name__)


def environment(session: Session, name: str) -> dict[str, Any] | None:
    """What the page shows of the environment of `name`; None for whoever may not see it."""
    return variables.shown(session, name) if may(g.caller.role, Role.ADMIN) else None


@blueprint.post("/services/<name>/environment")
def change(name: str) -> Response:
    """Set the variable of the form, or take it away."""
    service = names.service_name(name)
    form = request.form
    key = form.get("key", "").strip()
    phase, kept = form.get("phase", ""), form.get("secret", "")
    if phase not in PHASES or kept not in KEPT:
        raise InvalidInput("The form holds a choice that there is not.", "Go back and choose again.")
    given: dict[str, Given] = {}
    unset: list[str] = []
    if form.get("do") == "unset":
        unset.append(key)
    else:
        value = form.get("value", "").replace("\r\n", "\n")  # browsers write line ends so
        given[key] = Given(value, secret=KEPT[kept], phase=PHASES[phase])
    with db_service.get_session() as session:
        first.prepare(session, service)
        variables.change(session, service, given=given, unset=unset, by=g.caller.name)
    return redirect(url_for("pages.service", name=service, _anchor="environment"), 303)


RULES["variables.change"] = Role.ADMIN
