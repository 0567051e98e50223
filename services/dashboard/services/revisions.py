"""Which revision the tables have and which is the newest, without loading Alembic.

Alembic costs a process 12 MB for the rest of its life; it is loaded only where there is something to migrate.
"""

from collections.abc import Callable
from pathlib import Path
from typing import LiteralString

VERSIONS = Path(__file__).parent.parent / "alembic" / "versions"

Ask = Callable[[LiteralString], object]
"""Asks the database a question and gives the first value of the answer."""


def head() -> str:
    """The newest revision: files are named `<revision>_<what>.py` and numbered; a test compares Alembic."""
    return max(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))


def current(ask: Ask) -> str | None:
    """The revision of the tables; None when there are none."""
    if ask("SELECT to_regclass('alembic_version')::text") is None:
        return None
    found = ask("SELECT version_num FROM alembic_version")
    return None if found is None else str(found)
