"""Bring the tables to the newest revision in a process of its own, whose memory goes with it.

`jarvis up` does this before web and worker start, so that neither has to load what only migrations need.
"""

import sys
from typing import LiteralString

import psycopg

import config
from jarvis import shell
from jarvis.embedded.part import environment
from jarvis.errors import Unavailable
from services import revisions

LONGEST = 600.0
"""Seconds that the migrations of a large database may take."""


def is_needed(url: str) -> bool:
    """True when the tables are not at the newest revision, or the database does not say."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:

            def ask(question: LiteralString) -> object:
                row = connection.execute(question).fetchone()
                return row[0] if row else None

            return revisions.current(ask) != revisions.head()
    except psycopg.Error:
        return True


def migrate(values: dict[str, str]) -> None:
    """Run the migrations.

    Raises:
        Unavailable: The database does not answer, or could not be migrated; the sentence says why.
    """
    try:
        shell.run(
            [sys.executable, "-P", "-m", "jarvis.embedded.migrate"],
            env=environment(config.environment(), "migrate", values),
            timeout=LONGEST,
        )
    except shell.CommandFailed as error:
        last = error.output.splitlines()[-1] if error.output else error.message
        raise Unavailable(last, "See JARVIS_DATABASE_URL, and that the server runs.") from error


def main() -> None:
    """Migrate, or say in one line why not."""
    from services.db_service import DatabaseUnavailable, MigrationFailed, db_service

    try:
        db_service.migrate()
    except (DatabaseUnavailable, MigrationFailed) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
