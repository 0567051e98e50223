"""The data folder of the embedded PostgreSQL: made whole or not at all, checked before it is used."""

import os
import shutil
import tempfile
from pathlib import Path

from jarvis import shell
from jarvis.embedded.postgres_binaries import Binaries
from jarvis.embedded.postgres_passwords import sync_folder
from jarvis.embedded.postgres_settings import ENVIRONMENT, initdb_options
from jarvis.embedded.service_user import NAME, give, passage
from jarvis.errors import Conflict, StorageFull, Unavailable

NEEDED_BYTES = 300 * 1024 * 1024

_HALF = "data.new-"


def data_version(data: Path) -> int | None:
    """Returns the major version that made `data`; None when there is no such folder.

    Raises:
        Conflict: The folder is there, but not PostgreSQL's.
    """
    if not data.exists():
        return None
    try:
        return int((data / "PG_VERSION").read_text(errors="replace"))
    except (FileNotFoundError, ValueError) as error:
        raise Conflict(
            f"{data} is not a data folder of PostgreSQL, or it is damaged.",
            "Move it away; restore a backup if there was data in it.",
        ) from error


def check_owner(data: Path, user: shell.User | None) -> None:
    """Checks that the user who will run PostgreSQL owns `data`.

    Raises:
        Conflict: Somebody else does: Jarvis ran as another user, or the folder comes from another machine.
    """
    owner = os.geteuid() if user is None else user[0]
    found = data.stat().st_uid
    if found != owner:
        hand_over = "." if user is None else f", or hand it over: chown -R {NAME}: {data}"
        raise Conflict(
            f"{data} belongs to user {found}, but PostgreSQL would run as user {owner}.",
            f"Run Jarvis as the user who made it{hand_over}",
        )


def clear_half_made(data: Path) -> None:
    """Deletes what an initdb left whose supervisor was killed."""
    for half in data.parent.glob(f"{_HALF}*"):
        # It may still run for a moment and delete as well; what is left then, the next start deletes.
        shutil.rmtree(half, ignore_errors=True)


def make_data(data: Path, binaries: Binaries, password: str, user: shell.User | None) -> None:
    """Runs initdb beside the final place, so that half a data folder is never taken for a whole one.

    Args:
        data: The final place.
        binaries: PostgreSQL's programs.
        password: What the superuser gets.
        user: Whom PostgreSQL runs as.

    Raises:
        StorageFull: There is too little room.
        Unavailable: initdb failed.
    """
    folder = data.parent
    if shutil.disk_usage(folder).free < NEEDED_BYTES:
        raise StorageFull(
            f"There is no room for a database in {folder}.",
            f"Free {NEEDED_BYTES // 1024**2} MB and start again.",
        )
    # A name of its own: an initdb whose supervisor was killed may still write to the last one.
    half = Path(tempfile.mkdtemp(prefix=_HALF, dir=folder))
    give(half, user)
    _initdb(half, binaries, password, user)
    half.rename(data)
    sync_folder(folder)


def _hint(folder: Path, output: str) -> str:
    said = output.strip()
    return "\n".join(
        [
            f"See that {folder} is on a disk of this machine and may be written to, then start again.",
            *([f"What initdb said last: {said.splitlines()[-1]}"] if said else ()),
        ]
    )


def _initdb(half: Path, binaries: Binaries, password: str, user: shell.User | None) -> None:
    # The password's own file is closed to the service user; this one has no name and lasts as long as initdb.
    lent = os.memfd_create("password")
    try:
        os.write(lent, password.encode())
        os.fchmod(lent, 0o400)
        if user is not None:
            os.fchown(lent, *user)
        with passage([half], user) as ((name,), descriptors):
            options = [f"--pwfile=/proc/self/fd/{lent}", *initdb_options(binaries.major)]
            shell.run(
                [binaries.program("initdb"), "-D", name, *options],
                timeout=300,
                env=ENVIRONMENT,
                cwd=Path("/"),
                user=user,
                pass_fds=[*descriptors, lent],
            )
    except shell.CommandFailed as error:
        if "No space left" in error.output:
            raise StorageFull(
                f"The disk is full: {half.parent}.", "Free some room and start again."
            ) from error
        raise Unavailable(
            f"The database could not be made: {error.message}",
            _hint(half.parent, error.output),
            {"output": error.output},
        ) from error
    finally:
        os.close(lent)
