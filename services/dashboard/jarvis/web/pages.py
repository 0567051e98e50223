"""The pages: what runs, the story of a deployment, a service, and the manual of the API."""

from typing import Any

from flask import Blueprint, g, render_template, request
from sqlalchemy import select

from jarvis import __version__
from jarvis.accounts.roles import Role, may
from jarvis.api.openapi import document
from jarvis.api.operation import RULES, identifier
from jarvis.errors import NotFound
from jarvis.web import after, login, manual, overview, plans, trust, variables, words
from jarvis.web.timeline import Timeline, tell
from jarvis.workflows import events
from models import Artifact, Deployment, Workflow
from services.db_service import db_service

RECENT = 20
HISTORY = 100
EVENTS = 5000
"""Events of one story that a page shows at most."""

blueprint = Blueprint("pages", __name__)


@blueprint.app_context_processor
def _common() -> dict[str, Any]:
    """What base.html shows on every page. It asks nothing of the database: error pages use it too."""
    caller = g.get("caller")
    known = caller if caller and caller.name else None
    return {"version": __version__, "caller": known, "admin": known and may(known.role, Role.ADMIN)}


@blueprint.record
def _filters(state: Any) -> None:
    state.app.jinja_env.filters.update(words.FILTERS)


@blueprint.get("/", endpoint="overview")
def overview_page() -> str:
    """What runs now, and what happened last."""
    with db_service.get_session() as session:
        return render_template(
            "overview.html",
            running=overview.running(session),
            services=overview.services(session),
            deployments=overview.deployments(session, RECENT),
            example=overview.url("mysite.localhost"),
            may=may(g.caller.role, Role.ADMIN),
        )


def _problem(story: Timeline, row: Deployment, workflow: Workflow) -> dict[str, Any] | None:
    """What went wrong, as the end of the story, the deployment or the workflow has it."""
    ending = story.ending or {}
    said: dict[str, Any] | None = ending.get("error") or row.configuration.get("error")
    return said or ({"detail": workflow.error_message} if workflow.error_message else None)


@blueprint.get("/deployments/<id>")
def deployment(id: str) -> str:  # noqa: A002 - the name in the address
    """One deployment: its facts and its steps."""
    key = identifier(id, "deployment")
    query = (
        select(Deployment, Workflow, Artifact)
        .join(Workflow, Workflow.id == Deployment.workflow_id)
        .outerjoin(Artifact, Artifact.id == Deployment.artifact_id)
        .where(Deployment.id == key)
    )
    with db_service.get_session() as session:
        found = session.execute(query).one_or_none()
        if found is None:
            raise NotFound(
                f"There is no deployment {key}.", "See the overview for the deployments there are."
            )
        row, workflow, artifact = found
        read = events.read(session, str(workflow.id), limit=EVENTS)
        story = tell([events.public(event) for event in read])
        return render_template(
            "deployment.html",
            line=overview.DeploymentLine(row, workflow, overview.url(row.domain, row)),
            row=row,
            workflow=workflow,
            artifact=artifact,
            story=story,
            problem=_problem(story, row, workflow),
        )


@blueprint.get("/services/<name>")
def service(name: str) -> str:
    """One service: its addresses, what answers now, and its history."""
    with db_service.get_session() as session:
        found = overview.services(session, name) if name.isprintable() else []
        history = overview.deployments(session, HISTORY, name) if name.isprintable() else []
        if not found and not history:
            raise NotFound(
                f"There is no service “{name[:80]}”.", "See the overview for the services there are."
            )
        return render_template(
            "service.html",
            name=name,
            line=found[0] if found else None,
            deployments=history,
            most=HISTORY,
            environment=variables.environment(session, name),
            releases=plans.releases(session, name) if found else [],
            after=after.after(session, name) if found else None,
            ours=trust.ours(found[0].deployment, [host for host, _ in found[0].urls]) if found else [],
            may=may(g.caller.role, Role.ADMIN),
        )


@blueprint.get("/api/docs")
def api_docs() -> str:
    """The OpenAPI document for people."""
    return render_template("docs.html", manual=manual.read(document(), request.host_url.rstrip("/")))


blueprint.add_url_rule("/login", "login", login.login, methods=["GET", "POST"])
blueprint.add_url_rule("/logout", "logout", login.logout, methods=["POST"])

RULES.update(
    {
        "pages.overview": Role.VIEWER,
        "pages.deployment": Role.VIEWER,
        "pages.service": Role.VIEWER,
        "pages.api_docs": Role.ANYONE,
        "pages.login": Role.ANYONE,
        "pages.logout": Role.VIEWER,
    }
)
