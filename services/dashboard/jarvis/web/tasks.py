"""The pages of tasks: what only a person can do, and the form to answer it."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from jarvis.accounts.roles import Role, may
from jarvis.api import tasks as api
from jarvis.api.operation import RULES
from jarvis.api.page import newest_first
from jarvis.errors import InvalidInput
from jarvis.tasks import answer
from jarvis.tasks.ask import OPEN
from jarvis.web.workflows import asked, plain
from models import Task, TaskPriority, TaskStatus, TaskType, Workflow
from services.db_service import db_service

FILTERS = ("status", "type", "priority", "service", "assigned_to")
LONGEST = 10_000
"""Signs of a note or a reason."""

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/tasks")
def listing() -> str | Response:
    """Tasks, newest first."""
    if (elsewhere := plain(FILTERS)) is not None:
        return elsewhere
    with db_service.get_session() as session:
        page = newest_first(session, api.filtered(), Task.created_at, Task.id, lambda row: row)
        return render_template(
            "tasks.html",
            rows=page["items"],
            next=page["next"],
            asked=asked(FILTERS),
            statuses=[one.value for one in TaskStatus],
            types=[one.value for one in TaskType],
            priorities=[one.value for one in TaskPriority],
        )


@blueprint.get("/tasks/<id>")
def show(id: str) -> str:  # noqa: A002 - the name in the address
    """One task: what is to be done, and how to say that it is."""
    with db_service.get_session() as session:
        row = api.found(session, id)
        said = row.answer or {}
        return render_template(
            "task.html",
            row=row,
            workflow=session.get(Workflow, row.workflow_id) if row.workflow_id else None,
            open=row.status in OPEN,
            may=may(g.caller.role, Role.ADMIN),
            said=said.get("answer") or {},
            note=said.get("note") or "",
            longest=LONGEST,
        )


@blueprint.post("/tasks/<id>/done")
def done(id: str) -> Response:  # noqa: A002 - the name in the address
    """It is done."""
    note = _words("note")
    with db_service.get_session() as session:
        answer.done(session, str(api.found(session, id, lock=True).id), g.caller.name, {}, note)
    return redirect(url_for("tasks.show", id=id), 303)


@blueprint.post("/tasks/<id>/reject")
def reject(id: str) -> Response:  # noqa: A002 - the name in the address
    """It will not be done."""
    reason = _words("reason")
    if not reason:
        raise InvalidInput("A task is rejected with a reason.", "Go back and say why.", {"field": "reason"})
    with db_service.get_session() as session:
        answer.reject(session, str(api.found(session, id, lock=True).id), g.caller.name, reason)
    return redirect(url_for("tasks.show", id=id), 303)


def _words(field: str) -> str:
    """What the form says in `field`.

    Raises:
        InvalidInput: It is too long, or holds NUL.
    """
    text = request.form.get(field, "").strip()
    if len(text) > LONGEST or "\x00" in text:
        raise InvalidInput(
            f"The {field} is too long, or holds the sign NUL.",
            f"It may have {LONGEST:,} signs.",
            {"field": field},
        )
    return text


RULES.update(
    {
        "tasks.listing": Role.VIEWER,
        "tasks.show": Role.VIEWER,
        "tasks.done": Role.ADMIN,
        "tasks.reject": Role.ADMIN,
    }
)
