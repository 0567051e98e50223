"""Operations on workflows, and their live events."""

from typing import Any

from flask import Response, g, request
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from jarvis.accounts.roles import Role
from jarvis.api import bounded, etag
from jarvis.api.operation import Parameter, answer, chosen, identifier, operation, read_body
from jarvis.api.page import PAGE, limit, newest_first, one_of
from jarvis.api.shapes import Events, Nothing, WorkflowRow, Workflows
from jarvis.api.workflow_shapes import SHOWN, RetryRequest, WorkflowDetail, WorkflowRequest
from jarvis.deployments import request as requests
from jarvis.errors import InvalidInput, NotFound
from jarvis.workflows import control, events, stream, view
from models import Workflow, WorkflowStatus
from services.db_service import db_service

FILTERS = (
    Parameter("status", "Only with this status."),
    Parameter("type", "Only of this type, such as `deployment`."),
    Parameter("service", "Only of this service."),
    Parameter("created_by", "Only those that this one asked for."),
)
VERBS = {
    "cancel": control.cancel,
    "pause": control.pause,
    "resume": control.resume,
    "retry": control.retry,
}
"""What may be asked of a workflow, for the pages too."""


def filtered() -> Select[Workflow]:
    """The workflows that the parameters `status`, `type`, `service` and `created_by` mean."""
    query = select(Workflow)
    if (condition := one_of("status", WorkflowStatus, Workflow.status)) is not None:
        query = query.where(condition)
    columns = (
        ("type", Workflow.workflow_type),
        ("service", Workflow.service),
        ("created_by", Workflow.created_by),
    )
    for name, column in columns:
        if text := request.args.get(name):
            query = query.where(column == text)
    return query


@operation(
    "GET",
    "/workflows",
    tag="workflows",
    summary="List workflows, newest first",
    role=Role.VIEWER,
    parameters=(*PAGE, *FILTERS),
    answers={200: Workflows},
)
def list_workflows() -> Response:
    """A page of workflows."""
    query = filtered()
    with db_service.get_session() as session:
        page = newest_first(session, query, Workflow.created_at, Workflow.id, Workflow.to_dict)
    return answer(page)


@operation(
    "POST",
    "/workflows",
    tag="workflows",
    summary="Ask for a deployment, a rollback or a removal",
    role=Role.ADMIN,
    body=WorkflowRequest,
    example={"type": "rollback", "service": "mysite", "metadata": {"ticket": "OPS-7"}},
    answers={202: WorkflowRow},
)
def create_workflow() -> Response:
    """The same as the operations on deployments and services, by the type of the work."""
    body = bounded.read(WorkflowRequest)
    for field, kinds in (
        ("artifact_id", {"deployment"}),
        ("domain", {"deployment"}),
        ("deployment_id", {"rollback"}),
    ):
        if getattr(body, field) and body.type not in kinds:
            raise InvalidInput(f"A {body.type} takes no {field}.", "Leave it out.", {"field": field})
    with db_service.get_session() as session:
        row = _asked(session, body)
        row.workflow_metadata = {**body.metadata, **row.workflow_metadata}
        session.flush()
        shown = row.to_dict()
    return answer(shown, 202)


def _asked(session: Session, body: WorkflowRequest) -> Workflow:
    by = g.caller.name
    if body.type == "deployment":
        if not body.artifact_id:
            raise InvalidInput("A deployment needs an artifact_id.", "Hand one in: POST /api/v1/artifacts.")
        artifact = str(identifier(body.artifact_id, "artifact"))
        made = requests.deploy(session, artifact_id=artifact, name=body.service, domain=body.domain, by=by)
        return session.get_one(Workflow, made.workflow_id)
    if not body.service:
        raise InvalidInput(f"A {body.type} needs a service.", "", {"field": "service"})
    if body.type == "remove":
        return requests.remove(session, name=body.service, by=by)
    target = chosen(body.deployment_id, "deployment")
    made = requests.rollback(session, name=body.service, deployment_id=target, by=by)
    return session.get_one(Workflow, made.workflow_id)


def found(session: Session, id: str, *, lock: bool = False) -> Workflow:  # noqa: A002 - the name in the address
    """The workflow of an address.

    Raises:
        NotFound: There is none.
    """
    row = session.get(Workflow, identifier(id, "workflow"), with_for_update=lock or None)
    if row is None:
        raise NotFound(f"There is no workflow {id}.", "See jarvis workflows list, or GET /api/v1/workflows.")
    return row


@operation(
    "GET",
    "/workflows/<id>",
    tag="workflows",
    summary="Show a workflow: its steps, its open tasks, and what may be asked of it now",
    role=Role.VIEWER,
    answers={200: WorkflowDetail},
    shown=SHOWN,
)
def show_workflow(id: str) -> Response:  # noqa: A002 - the name in the address
    """One workflow."""
    with db_service.get_session() as session:
        return answer(view.whole(session, found(session, id)))


def _wish(id: str, verb: str, **options: Any) -> Response:  # noqa: A002 - the name in the address
    with db_service.get_session() as session:
        row = found(session, id, lock=True)
        if "If-Match" in request.headers:
            etag.check(view.whole(session, row))
        shown = VERBS[verb](session, str(row.id), g.caller.name, **options).to_dict()
    return answer(shown, 202)


@operation(
    "POST",
    "/workflows/<id>/cancel",
    tag="workflows",
    summary="Call a workflow off; what it did is undone",
    role=Role.ADMIN,
    body=Nothing,
    example={},
    answers={202: WorkflowRow},
)
def cancel_workflow(id: str) -> Response:  # noqa: A002 - the name in the address
    """Cancel it."""
    read_body(Nothing)
    return _wish(id, "cancel")


@operation(
    "POST",
    "/workflows/<id>/pause",
    tag="workflows",
    summary="Let a workflow stop after the step in hand",
    role=Role.ADMIN,
    body=Nothing,
    example={},
    answers={202: WorkflowRow},
)
def pause_workflow(id: str) -> Response:  # noqa: A002 - the name in the address
    """Pause it."""
    read_body(Nothing)
    return _wish(id, "pause")


@operation(
    "POST",
    "/workflows/<id>/resume",
    tag="workflows",
    summary="Let a paused workflow go on; one that waits for a time goes on now",
    role=Role.ADMIN,
    body=Nothing,
    example={},
    answers={202: WorkflowRow},
)
def resume_workflow(id: str) -> Response:  # noqa: A002 - the name in the address
    """Resume it."""
    read_body(Nothing)
    return _wish(id, "resume")


@operation(
    "POST",
    "/workflows/<id>/retry",
    tag="workflows",
    summary="Begin a failed workflow again: from the step that failed, or from the start",
    role=Role.ADMIN,
    body=RetryRequest,
    example={"from": "failed"},
    answers={202: WorkflowRow},
)
def retry_workflow(id: str) -> Response:  # noqa: A002 - the name in the address
    """Begin it again."""
    body = read_body(RetryRequest)
    return _wish(id, "retry", start=body.origin == "start")


def _after() -> int:
    text = request.headers.get("Last-Event-ID") or request.args.get("after") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInput("after must be the sequence of an event.", "", {"field": "after"})
    return int(text)


@operation(
    "GET",
    "/workflows/<id>/events",
    tag="workflows",
    summary="What a workflow says: a page of events, or a live stream (Accept: text/event-stream)",
    role=Role.VIEWER,
    parameters=(
        PAGE[0],
        Parameter("after", "Begin after this sequence.", {"type": "integer", "minimum": 0}),
    ),
    answers={200: Events, 204: None},
)
def workflow_events(id: str) -> Response:  # noqa: A002 - the name in the address
    """Events after a sequence: as a page, or as a stream up to its last `end`; 204: it has nothing more."""
    after = _after()
    with db_service.get_session() as session:
        key = str(found(session, id).id)
    if "text/event-stream" in request.headers.get("Accept", ""):
        if stream.is_over(key, after):
            return Response(status=204)  # to a browser: do not come again
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(stream.sent(key, after), mimetype="text/event-stream", headers=headers)
    size = limit()
    with db_service.get_session() as session:
        rows = [events.public(event) for event in events.read(session, key, after=after, limit=size)]
    return answer({"items": rows, "next": rows[-1]["sequence"] if len(rows) == size else None})
