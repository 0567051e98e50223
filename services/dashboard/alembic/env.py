"""How Alembic reaches the database: online over `db_service`, offline (`--sql`) with no server at all.

All revisions run in one transaction that holds an advisory lock, so two starters do no harm: the second
waits, then finds nothing to do. A revision that cannot get a table's lock soon gives up rather than queue
everybody else behind itself.
"""

from logging.config import fileConfig
from typing import Any

from alembic import context
from sqlalchemy import Connection

from models import Base
from services.db_service import db_service

LOCK = 0x4A415256_49535442
"""The advisory lock of all migrations: "JARVISTB" in ASCII."""
SETTINGS: dict[str, Any] = {
    "target_metadata": Base.metadata,
    "compare_type": True,
    "compare_server_default": True,
    # The durable engine keeps tables of its own in the schema jarvis_dbos: never ours to compare or change.
    "include_schemas": False,
    "transaction_per_migration": False,
}


def migrate() -> None:
    """Run the revisions, first come first served."""
    with context.begin_transaction():
        context.execute("SET LOCAL lock_timeout = '120s'")
        context.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        context.execute("SET LOCAL lock_timeout = '10s'")
        context.execute("SET LOCAL statement_timeout = '300s'")
        context.run_migrations()


def online(connection: Connection) -> None:
    """Migrate over `connection`."""
    context.configure(connection=connection, **SETTINGS)
    migrate()


def offline() -> None:
    """Print the statements instead of running them."""
    context.configure(dialect_name="postgresql", literal_binds=True, **SETTINGS)
    migrate()


given: Connection | None = context.config.attributes.get("connection")
if given is None and context.config.config_file_name:
    # Only the command line sets up logging; a program that migrates has its own.
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)

if context.is_offline_mode():
    offline()
elif given is not None:
    online(given)
else:
    with db_service.translated(), db_service.engine.connect() as own:
        online(own)
