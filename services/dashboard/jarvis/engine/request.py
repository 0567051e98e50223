"""Ask for a workflow in the transaction that writes its rows: both are there, or neither."""

from functools import cache

from dbos import DBOSClient, EnqueueOptions
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from jarvis.engine.terms import APPLICATION, QUEUE, SCHEMA, VERSION, WAKE_CHANNEL, JsonSerializer, life_id
from jarvis.errors import Unavailable
from services.db_service import db_service


@cache
def client() -> DBOSClient:
    """The engine, for who only asks it: no threads, no executor."""
    return DBOSClient(
        system_database_engine=db_service.engine,
        dbos_system_schema=SCHEMA,
        serializer=JsonSerializer(),
        application_name=APPLICATION,
        lazy=True,
        retry_connection_errors=False,
    )


def enqueue(session: Session, workflow: str, workflow_id: str, *, service: str, life: int = 1) -> None:
    """Enqueue `workflow` for `service` within the caller's transaction, and wake a worker at its commit.

    Args:
        session: The transaction.
        workflow: The registered name.
        workflow_id: The id of its row, which its function gets.
        service: The queue; the work of one queue runs one after the other.
        life: How many-th time it is given to the engine.

    Raises:
        Unavailable: No worker has ever started on this database, so the engine's tables are missing.
    """
    options: EnqueueOptions = {
        "workflow_name": workflow,
        "queue_name": QUEUE,
        "workflow_id": life_id(workflow_id, life),
        "queue_partition_key": service,
        "app_version": VERSION,
    }
    try:
        client().enqueue_in_transaction(session, options, workflow_id)
    except ProgrammingError as error:
        raise Unavailable(
            "The worker has not prepared the database yet.",
            "Wait a moment, or start a worker; then try again.",
        ) from error
    session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": WAKE_CHANNEL})
