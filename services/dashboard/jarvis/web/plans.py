"""The pages of plans: what a deploy or a rollback would do, and a button that does just that; and of pins."""

from datetime import datetime
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jarvis.accounts.roles import Role, may
from jarvis.api.operation import RULES, chosen, identifier
from jarvis.deployments import request as requests
from jarvis.deployments.addresses import names
from jarvis.deployments.plans import back, find, promise, readable, work
from jarvis.deployments.plans.assemble import core
from jarvis.deployments.upkeep import keep
from jarvis.errors import InvalidInput
from jarvis.web.artifacts import said_better
from services.db_service import db_service

blueprint = Blueprint("plans", __name__)


@blueprint.post("/artifacts/<id>/plan")
def make(id: str) -> Response:  # noqa: A002 - the name in the address
    """Work out what a deploy of it would do."""
    with db_service.get_session() as session:
        row = work.ask(
            session,
            artifact_id=str(identifier(id, "artifact")),
            name=request.form.get("name", "").strip(),
            domain=request.form.get("domain", "").strip(),
            by=g.caller.name,
            correction=said_better(),
        )
        key = row.id
    return redirect(url_for("plans.show", id=key), 303)


@blueprint.get("/plans/<id>")
def show(id: str) -> str:  # noqa: A002 - the name in the address
    """A plan, or how far it is."""
    with db_service.get_session() as session:
        row = find.shown(session, identifier(id, "plan"))
    return render_template("plan.html", row=row, plan=row["plan"], may=may(g.caller.role, Role.ADMIN))


@blueprint.post("/plans/<id>/deploy")
def deploy(id: str) -> Response:  # noqa: A002 - the name in the address
    """Do what the plan says."""
    with db_service.get_session() as session:
        row = find.shown(session, identifier(id, "plan"))
        hashed = request.form.get("hash", "")
        if hashed != row["hash"]:
            raise InvalidInput("This is not the plan that was shown.", "Open its page again.")
        made = promise.deploy(session, hashed=hashed, by=g.caller.name)
        key = made.id
    return redirect(url_for("pages.deployment", id=key), 303)


@blueprint.get("/services/<name>/rollback")
def ask_back(name: str) -> str:
    """What going back would change."""
    target = chosen(request.args.get("to", ""), "deployment")
    with db_service.get_session() as session:
        made, row = back.back(session, names.service_name(name), target)
        key = str(row.id)
        session.rollback()
    shown = {"words": readable.sections(made), "hash": made["hash"], "deployment_id": key, "holds": True}
    return render_template("plan.html", row=shown, plan=made, may=may(g.caller.role, Role.ADMIN))


@blueprint.post("/services/<name>/rollback")
def go_back(name: str) -> Response:
    """Go back, as it was shown."""
    service, target = names.service_name(name), chosen(request.form.get("to", ""), "deployment")
    with db_service.get_session() as session:
        made = back.check(session, service, target, request.form.get("hash", ""))
        row = requests.rollback(
            session, name=service, deployment_id=target, by=g.caller.name, plan=core(made)
        )
        key = row.id
    return redirect(url_for("pages.deployment", id=key), 303)


@blueprint.post("/services/<name>/releases/<id>")
def change_pin(name: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """Pin a release, or take the pin away."""
    service, key = names.service_name(name), str(identifier(id, "deployment"))
    with db_service.get_session() as session:
        if request.form.get("do") == "unpin":
            keep.unpin(session, service, key)
        else:
            keep.pin(session, service, key, g.caller.name)
    return redirect(url_for("pages.service", name=service, _anchor="releases"), 303)


def releases(session: Session, name: str) -> list[dict[str, Any]]:
    """What the page of a service shows of its releases."""
    return [
        {**row, "deployed_at": datetime.fromisoformat(row["deployed_at"])}
        for row in keep.releases(session, name)
    ]


RULES.update(
    {
        "plans.show": Role.VIEWER,
        "plans.make": Role.ADMIN,
        "plans.deploy": Role.ADMIN,
        "plans.ask_back": Role.ADMIN,
        "plans.go_back": Role.ADMIN,
        "plans.change_pin": Role.ADMIN,
    }
)
