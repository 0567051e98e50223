"""Operations on workflows, and their live events."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Response, request
from sqlalchemy import select

from jarvis.accounts.roles import Role
from jarvis.api.operation import Parameter, answer, identifier, operation
from jarvis.api.page import PAGE, limit, newest_first, one_of
from jarvis.api.shapes import Events, WorkflowRow, Workflows
from jarvis.errors import InvalidInput, NotFound
from jarvis.workflows import events
from jarvis.workflows.stream import follow
from models import Workflow, WorkflowStatus
from services.db_service import DatabaseUnavailable, db_service


@operation(
    "GET",
    "/workflows",
    tag="workflows",
    summary="List workflows, newest first",
    role=Role.VIEWER,
    parameters=(
        *PAGE,
        Parameter("status", "Only with this status."),
        Parameter("type", "Only of this type."),
        Parameter("service", "Only of this service."),
    ),
    answers={200: Workflows},
)
def list_workflows() -> Response:
    """A page of workflows."""
    query = select(Workflow)
    if (condition := one_of("status", WorkflowStatus, Workflow.status)) is not None:
        query = query.where(condition)
    if kind := request.args.get("type"):
        query = query.where(Workflow.workflow_type == kind)
    if service := request.args.get("service"):
        query = query.where(Workflow.workflow_metadata["service"].astext == service)
    with db_service.get_session() as session:
        page = newest_first(session, query, Workflow.created_at, Workflow.id, Workflow.to_dict)
    return answer(page)


def _exists(id: str) -> dict[str, Any]:  # noqa: A002 - the name in the address
    with db_service.get_session() as session:
        row = session.get(Workflow, identifier(id, "workflow"))
        if row is None:
            raise NotFound(f"There is no workflow {id}.", "See GET /api/v1/workflows.")
        return row.to_dict()


@operation(
    "GET",
    "/workflows/<id>",
    tag="workflows",
    summary="Show a workflow",
    role=Role.VIEWER,
    answers={200: WorkflowRow},
)
def show_workflow(id: str) -> Response:  # noqa: A002 - the name in the address
    """One workflow."""
    return answer(_exists(id))


def _after() -> int:
    text = request.headers.get("Last-Event-ID") or request.args.get("after") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInput("after must be the sequence of an event.", "", {"field": "after"})
    return int(text)


def _sent(workflow_id: str, after: int) -> Iterator[bytes]:
    """The event stream's bytes. When the database goes away it ends; clients come back by themselves."""
    yield b"retry: 1000\n\n"
    try:
        for event in follow(workflow_id, after):
            if event is None:
                yield b": still here\n\n"
            else:
                data = json.dumps(event, separators=(",", ":"))
                yield f"id: {event['sequence']}\nevent: {event['kind']}\ndata: {data}\n\n".encode()
    except DatabaseUnavailable:
        yield b": the database is away\n\n"


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
    answers={200: Events},
)
def workflow_events(id: str) -> Response:  # noqa: A002 - the name in the address
    """Events after a sequence; as a stream up to the event `end`, or as a page."""
    after = _after()
    key = str(_exists(id)["id"])
    if "text/event-stream" in request.headers.get("Accept", ""):
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(_sent(key, after), mimetype="text/event-stream", headers=headers)
    size = limit()
    with db_service.get_session() as session:
        rows = [events.public(event) for event in events.read(session, key, after=after, limit=size)]
    return answer({"items": rows, "next": rows[-1]["sequence"] if len(rows) == size else None})
