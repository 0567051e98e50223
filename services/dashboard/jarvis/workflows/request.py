"""Ask for a workflow: its row, its first event and the engine's entry, in the caller's transaction."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from jarvis.engine.request import enqueue
from jarvis.workflows import events
from models import Workflow, WorkflowStatus

_KINDS = {"deployment": "deploy", "analysis": "analyse"}
"""`workflow_type` → the engine's name, where they differ."""


def ask(
    session: Session,
    kind: str,
    *,
    type: str,  # noqa: A002 - the document's word
    title: str,
    queue: str,
    by: str,
    facts: dict[str, Any],
    service: str | None = None,
) -> Workflow:
    """Write the rows and enqueue the work; a worker wakes at the commit.

    Args:
        session: The caller's transaction.
        kind: The engine's name of the workflow.
        type: `workflow_type` of its row.
        title: What it does, for people.
        queue: What it is about; the work of one queue runs one after the other.
        by: Who asks.
        facts: Kept as the row's metadata.
        service: The service that it is about, where it is about one.

    Raises:
        Unavailable: No worker has ever started on this database.
    """
    workflow = Workflow(
        id=uuid.uuid4(),
        name=title[:255],
        workflow_type=type,
        created_by=by,
        workflow_metadata=facts,
        service=service or facts.get("service") or None,
        queue=queue[:255],
    )
    session.add(workflow)
    session.flush()
    events.append(session, str(workflow.id), "queued", f"{title}: waiting for a worker")
    enqueue(session, kind, str(workflow.id), service=queue[:255])
    return workflow


def kind_of(workflow: Workflow) -> str:
    """The engine's name of what this workflow runs."""
    return _KINDS.get(workflow.workflow_type, workflow.workflow_type)


def types_of(kinds: Iterable[str]) -> list[str]:
    """The `workflow_type` of each of these kinds."""
    types = {kind: type_ for type_, kind in _KINDS.items()}
    return [types.get(kind, kind) for kind in kinds]


def wake(session: Session, workflow: Workflow, why: str, *, queue: str = "") -> None:
    """Begin the next life of a workflow in the caller's transaction; its row must be locked by it.

    Args:
        session: The transaction.
        workflow: It ends no other life: the last one ended, or will not begin any more.
        why: For its story.
        queue: Where to run it, if not where it belongs: what calls a workflow off must not stand in line.
    """
    workflow.life += 1
    workflow.status = WorkflowStatus.PENDING
    workflow.wake_at = None
    workflow.completed_at = None
    workflow.error_message = None
    events.append(
        session, str(workflow.id), "queued", f"{why}: waiting for a worker", data={"life": workflow.life}
    )
    place = queue or workflow.queue or str(workflow.id)
    enqueue(session, kind_of(workflow), str(workflow.id), service=place, life=workflow.life)
