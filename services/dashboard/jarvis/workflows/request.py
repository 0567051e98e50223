"""Ask for a workflow: its row, its first event and the engine's entry, in the caller's transaction."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from jarvis.engine.request import enqueue
from jarvis.workflows import events
from models import Workflow


def ask(
    session: Session,
    kind: str,
    *,
    type: str,  # noqa: A002 - the document's word
    title: str,
    queue: str,
    by: str,
    facts: dict[str, Any],
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

    Raises:
        Unavailable: No worker has ever started on this database.
    """
    workflow = Workflow(
        id=uuid.uuid4(), name=title[:255], workflow_type=type, created_by=by, workflow_metadata=facts
    )
    session.add(workflow)
    session.flush()
    events.append(session, str(workflow.id), "queued", f"{title}: waiting for a worker")
    enqueue(session, kind, str(workflow.id), service=queue)
    return workflow
