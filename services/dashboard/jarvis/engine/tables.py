"""The connections of the engine's own tables: their commits do not wait for the disk."""

from dataclasses import replace

from psycopg import Connection
from sqlalchemy import Engine, event

import config
from services.db_service import DatabaseService

CONNECTIONS = 8
"""Connections that stay open between workflows; each costs the server some megabytes."""


def _do_not_wait(connection: Connection, *_: object) -> None:
    connection.autocommit = True
    connection.execute("SET synchronous_commit = off")
    connection.autocommit = False
    connection.prepare_threshold = 1  # the same few statements again and again: planned once


def engine() -> Engine:
    """A pool of its own for the engine's checkpoints.

    A crash of the database may take the last of them; then a step runs again, and each may run twice. It
    never takes a checkpoint and keeps a row written after it: PostgreSQL has one log, in order, and the
    commits of rows wait for the disk. So a step costs two waits for the disk less.
    """
    made = DatabaseService(replace(config.settings(), db_pool_size=CONNECTIONS)).engine
    event.listen(made, "connect", _do_not_wait)
    return made
