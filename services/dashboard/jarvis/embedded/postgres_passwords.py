"""The passwords of the embedded PostgreSQL: random, one file of mode 0600 each, made once."""

import os
import secrets
from pathlib import Path

from jarvis.errors import Conflict

SUPERUSER = "postgres"
ROLE = "jarvis"


def password(folder: Path, user: str) -> str:
    """Returns the password of `user`.

    Raises:
        Conflict: It is missing; a new one would not open the database.
    """
    path = _file(folder, user)
    try:
        return path.read_text().strip()
    except FileNotFoundError as error:
        raise Conflict(
            f"The database's password is missing: {path}.", "Restore the file from a backup."
        ) from error


def make_password(folder: Path, user: str) -> None:
    """Makes the password of `user` where there is none; after a power cut it is whole or missing."""
    path = _file(folder, user)
    if path.exists():
        return
    whole = path.with_suffix(".new")
    whole.unlink(missing_ok=True)
    with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(32))
        file.flush()
        os.fsync(file.fileno())
    whole.rename(path)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Makes what was renamed in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _file(folder: Path, user: str) -> Path:
    return folder / f"postgres_{'superuser' if user == SUPERUSER else user}"
