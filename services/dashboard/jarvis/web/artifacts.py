"""The pages of artifacts: hand something in, see what it is and why, correct it, deploy it."""

from typing import Any

import msgspec
from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

import config
from jarvis.accounts.roles import Role
from jarvis.api import artifacts as api
from jarvis.api.analysis import members
from jarvis.api.artifact_shapes import Correction
from jarvis.api.operation import RULES, identifier
from jarvis.api.page import newest_first
from jarvis.artifacts import ask
from jarvis.artifacts.title import title
from jarvis.deployments import request as requests
from jarvis.errors import InvalidInput, NotFound
from jarvis.web import card
from models import Artifact, Deployment, Workflow, WorkflowStatus
from services.db_service import db_service

blueprint = Blueprint("artifacts", __name__)
blueprint.add_app_template_filter(title, "kind_title")


@blueprint.get("/artifacts")
def listing() -> str:
    """What was handed in, newest first, and the way to hand in more."""
    with db_service.get_session() as session:
        query = api.filtered(select(Artifact))
        page = newest_first(session, query, Artifact.uploaded_at, Artifact.id, lambda row: row)
        return render_template(
            "artifacts.html",
            rows=page["items"],
            next=page["next"],
            limit=config.settings().upload_limit,
            asked=request.args.get("q", ""),
        )


@blueprint.post("/artifacts")
def upload() -> Response:
    """A form with a file, as a browser without JavaScript sends it."""
    row = api.take_upload()
    return redirect(url_for("artifacts.show", id=row["id"]), 303)


@blueprint.post("/artifacts/git")
def fetch() -> Response:
    """A form with the address of a git repository."""
    with db_service.get_session() as session:
        workflow = ask.fetch(
            session,
            url=request.form.get("url", "").strip(),
            ref=request.form.get("ref", "").strip(),
            service="",
            analyse=True,
            by=g.caller.name,
        )
        key = workflow.id
    return redirect(url_for("artifacts.fetching", id=key), 303)


@blueprint.get("/artifacts/git/<id>")
def fetching(id: str) -> str | Response:  # noqa: A002 - the name in the address
    """How far the fetching is; once it is done, the artifact's page."""
    with db_service.get_session() as session:
        row = session.get(Workflow, identifier(id, "workflow"))
        if row is None or row.workflow_type != "fetch":
            raise NotFound(f"There is no fetching {id[:60]}.", "See the artifacts for what was handed in.")
        if row.status is WorkflowStatus.COMPLETED and session.get(Artifact, row.id) is not None:
            return redirect(url_for("artifacts.show", id=row.id), 303)
        return render_template("fetch.html", workflow=row)


@blueprint.get("/artifacts/<id>")
def show(id: str) -> str:  # noqa: A002 - the name in the address
    """One artifact: its facts, what it is, why, and how it would be made."""
    with db_service.get_session() as session:
        row = session.get(Artifact, identifier(id, "artifact"))
        if row is None:
            raise NotFound(f"There is no artifact {id}.", "See the artifacts for what was handed in.")
        used = (
            select(Deployment).where(Deployment.artifact_id == row.id).order_by(Deployment.created_at.desc())
        )
        kept = row.artifact_metadata
        return render_template(
            "artifact.html",
            row=row,
            verdict=kept.get("verdict"),
            plan=kept.get("plan"),
            error=kept.get("error"),
            looking=_analysis_of(session, row),
            facts=card.facts(kept["verdict"]) if kept.get("verdict") else [],
            deployments=list(session.scalars(used.limit(20))),
            kinds=card.KINDS,
            service=kept.get("service") or "",
        )


def _analysis_of(session: Any, row: Artifact) -> Workflow | None:
    """The analysis that goes on now, if any."""
    query = select(Workflow).where(
        Workflow.workflow_type == "analysis",
        Workflow.workflow_metadata["artifact_id"].astext == str(row.id),
        Workflow.status.in_((WorkflowStatus.PENDING, WorkflowStatus.RUNNING)),
    )
    found: Workflow | None = session.scalars(query.limit(1)).first()
    return found


@blueprint.post("/artifacts/<id>/analysis")
def analyse(id: str) -> Response:  # noqa: A002 - the name in the address
    """Look at it again."""
    with db_service.get_session() as session:
        ask.analyse(session, _found(session, id), by=g.caller.name)
    return redirect(url_for("artifacts.show", id=id), 303)


@blueprint.post("/artifacts/<id>/deploy")
def deploy(id: str) -> Response:  # noqa: A002 - the name in the address
    """Deploy it, with what the person says better."""
    form = request.form
    correction = said_better()
    with db_service.get_session() as session:
        row = _found(session, id)
        made = requests.deploy(
            session,
            artifact_id=str(row.id),
            name=form.get("name", "").strip(),
            domain=form.get("domain", "").strip(),
            by=g.caller.name,
            correction=correction,
        )
        key = made.id
    return redirect(url_for("pages.deployment", id=key), 303)


def said_better() -> dict[str, Any]:
    """What the form says better of the artifact.

    Raises:
        InvalidInput: It cannot be meant.
    """
    form = request.form
    fields = Correction.__struct_fields__
    said: dict[str, Any] = {key: text for key in fields if (text := form.get(key, "").strip())}
    if "port" in said and said["port"].isascii() and said["port"].isdigit():
        said["port"] = int(said["port"][:6])
    try:
        return members(msgspec.convert(said, Correction))
    except msgspec.ValidationError as error:
        raise InvalidInput(
            f"What you said better does not fit: {error}.", "Correct it, or leave it empty."
        ) from error


@blueprint.post("/artifacts/<id>/delete")
def delete(id: str) -> Response:  # noqa: A002 - the name in the address
    """Delete it."""
    api.delete_artifact(id)
    return redirect(url_for("artifacts.listing"), 303)


def _found(session: Any, key: str) -> Artifact:
    row: Artifact | None = session.get(Artifact, identifier(key, "artifact"))
    if row is None:
        raise NotFound(f"There is no artifact {key}.", "See the artifacts for what was handed in.")
    return row


RULES.update(
    {
        "artifacts.listing": Role.VIEWER,
        "artifacts.show": Role.VIEWER,
        "artifacts.fetching": Role.VIEWER,
        "artifacts.upload": Role.ADMIN,
        "artifacts.fetch": Role.ADMIN,
        "artifacts.analyse": Role.ADMIN,
        "artifacts.deploy": Role.ADMIN,
        "artifacts.delete": Role.ADMIN,
    }
)
