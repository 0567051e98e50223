"""The pages of workflows: what Jarvis does and did, step by step, and the verbs to steer it."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from jarvis.accounts.roles import Role, may
from jarvis.api import workflows as api
from jarvis.api.operation import RULES
from jarvis.api.page import newest_first
from jarvis.errors import InvalidInput, NotFound
from jarvis.web.timeline import Timeline, kept, tell
from jarvis.workflows import events, view
from models import Deployment, Workflow, WorkflowEvent, WorkflowStatus
from services.db_service import db_service

EVENTS = 2000
"""Events that a page shows at most, the last ones."""
FILTERS = ("status", "type", "service", "created_by")

blueprint = Blueprint("workflows", __name__)


def asked(names: tuple[str, ...]) -> dict[str, str]:
    """The filters of this page that are set. A form sends empty ones for those that are not."""
    return {name: text for name in names if (text := request.args.get(name, ""))}


def plain(names: tuple[str, ...]) -> Response | None:
    """The same page without the empty filters of a form, where there are such."""
    if all(request.args.get(name) != "" for name in names):
        return None
    return redirect(f"{request.path}?{urlencode(asked((*names, 'cursor')))}".rstrip("?"), 303)


@blueprint.get("/workflows")
def listing() -> str | Response:
    """Workflows, newest first."""
    if (elsewhere := plain(FILTERS)) is not None:
        return elsewhere
    with db_service.get_session() as session:
        page = newest_first(session, api.filtered(), Workflow.created_at, Workflow.id, lambda row: row)
        return render_template(
            "workflows.html",
            rows=page["items"],
            next=page["next"],
            asked=asked(FILTERS),
            statuses=[status.value for status in WorkflowStatus],
        )


@blueprint.get("/workflows/<id>")
def show(id: str) -> str:  # noqa: A002 - the name in the address
    """One workflow."""
    with db_service.get_session() as session:
        row = api.found(session, id)
        story, left_out = _story(session, row)
        steps = view.steps(session, row)
        if not story.steps:
            story.steps = kept(steps)
        tasks = view.tasks(session, row)
        query = select(Deployment).where(Deployment.workflow_id == row.id).limit(1)
        return render_template(
            "workflow.html",
            row=row,
            story=story,
            left_out=left_out,
            problem=_problem(story, row),
            tasks=tasks,
            can=view.can(row, tasks) if may(g.caller.role, Role.ADMIN) else [],
            deployment=session.scalars(query).one_or_none(),
        )


def _story(session: Any, row: Workflow) -> tuple[Timeline, bool]:
    """The story that the page shows, and whether its beginning is left out."""
    query = select(WorkflowEvent).where(WorkflowEvent.workflow_id == row.id)
    newest = list(session.scalars(query.order_by(WorkflowEvent.sequence.desc()).limit(EVENTS)))
    newest.reverse()
    return tell([events.public(event) for event in newest]), len(newest) == EVENTS


def _problem(story: Timeline, row: Workflow) -> dict[str, Any] | None:
    """What went wrong."""
    said: dict[str, Any] | None = (story.ending or {}).get("error")
    return said or ({"detail": row.error_message} if row.error_message else None)


@blueprint.post("/workflows/<id>/<verb>")
def steer(id: str, verb: str) -> Response:  # noqa: A002 - the name in the address
    """Ask something of it."""
    act = api.VERBS.get(verb)
    if act is None:
        raise NotFound("There is nothing at this address.", "See the page of the workflow.")
    options: dict[str, Any] = {}
    if verb == "retry":
        origin = request.form.get("from", "failed")
        if origin not in ("failed", "start"):
            raise InvalidInput("A workflow begins again from the failed step or from the start.", "")
        options["start"] = origin == "start"
    with db_service.get_session() as session:
        row = api.found(session, id, lock=True)
        act(session, str(row.id), g.caller.name, **options)
    return redirect(url_for("workflows.show", id=id), 303)


RULES.update(
    {
        "workflows.listing": Role.VIEWER,
        "workflows.show": Role.VIEWER,
        "workflows.steer": Role.ADMIN,
    }
)
