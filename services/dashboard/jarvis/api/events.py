"""What all workflows say, as pages and as one live stream."""

from uuid import UUID

import msgspec
from flask import Response, request

from jarvis.accounts.roles import Role
from jarvis.api.operation import Parameter, answer, operation
from jarvis.api.page import PAGE, limit
from jarvis.api.shapes import EventRow
from jarvis.errors import InvalidInput
from jarvis.workflows import feed
from jarvis.workflows.channel import Position
from services.db_service import db_service

LATEST = "latest"
"""As a cursor: only what comes from now on."""


class FeedRow(EventRow):
    """One line of the story of some workflow; `cursor` is its place among all of them."""

    cursor: str
    workflow_id: str
    service: str | None


class Feed(msgspec.Struct):
    """A page of events, oldest first; `next` is the cursor to give as `after`, also when nothing is new."""

    items: list[FeedRow]
    next: str


def _after() -> Position:
    """Where to begin.

    Raises:
        InvalidInput: It is no cursor, or one of another database.
    """
    given = request.headers.get("Last-Event-ID") or request.args.get("after") or "0-0"
    with db_service.get_session() as session:
        now, never = feed.horizon(session)
    if given == LATEST:
        return now
    found = feed.position(given)
    if found is None:
        raise InvalidInput(
            "after must be the cursor of an event, as the feed shows it.",
            f"Leave it out to begin with the oldest event; “{LATEST}” is for new ones only.",
            {"field": "after"},
        )
    if found >= never:
        raise InvalidInput(
            "This cursor is not one of this database.",
            "It may be from before a backup was restored: leave it out, and begin again.",
            {"field": "after"},
        )
    return found


def _wanted() -> feed.Wanted:
    workflow = request.args.get("workflow")
    try:
        key = UUID(workflow) if workflow is not None else None
    except ValueError as error:
        raise InvalidInput(
            "workflow must be the id of a workflow, a UUID.", "", {"field": "workflow"}
        ) from error
    return feed.Wanted(key, request.args.get("service"), request.args.get("kind"))


@operation(
    "GET",
    "/events",
    tag="events",
    summary="What all workflows say: a page of events, or a live stream (Accept: text/event-stream)",
    role=Role.VIEWER,
    parameters=(
        PAGE[0],
        Parameter("after", "Begin after this cursor; `latest`: only with what comes from now on."),
        Parameter("workflow", "Only of this workflow.", {"type": "string", "format": "uuid"}),
        Parameter("service", "Only of this service."),
        Parameter("kind", "Only of this kind, such as `end`."),
    ),
    answers={200: Feed},
)
def list_events() -> Response:
    """Events of all workflows after a cursor, as a page or as a stream without an end."""
    wanted, after = _wanted(), _after()
    if "text/event-stream" in request.headers.get("Accept", ""):
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(feed.sent(after, wanted), mimetype="text/event-stream", headers=headers)
    size = limit()
    with db_service.get_session() as session:
        found = feed.page(session, after, wanted, size)
    return answer({"items": found.told, "next": feed.cursor(found.top)})
