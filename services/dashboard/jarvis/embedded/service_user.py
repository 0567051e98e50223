"""Whom PostgreSQL runs as, and how that user reaches folders whose parents are closed to it.

PostgreSQL refuses root, and root's own folders (JARVIS_HOME below /root, say) are closed to everybody else.
Loosening the modes of folders that are not ours is out of the question. So root opens the few folders the
service user owns and hands them down as inherited descriptors: `/proc/self/fd/N` leads straight to the
folder, past the closed parents, for PostgreSQL and for everything it forks. It sees nothing else of
JARVIS_HOME.
"""

import os
import pwd
import shutil
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jarvis import shell
from jarvis.errors import Unavailable

NAME = "jarvis-postgres"


def service_user() -> shell.User | None:
    """Returns the user to run PostgreSQL as; None means ourselves, because we are not root.

    Raises:
        Unavailable: The user is missing and cannot be made.
    """
    if os.geteuid() != 0:
        return None
    return _known() or _made()


def give(folder: Path, user: shell.User | None) -> None:
    """Makes a private folder, owned by the service user. Its parent must be ours alone."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        os.chown(folder, *user, follow_symlinks=False)


@contextmanager
def passage(folders: Sequence[Path], user: shell.User | None) -> Generator[tuple[list[str], list[int]]]:
    """Lends the names by which `user` reaches `folders`, and the descriptors its process must inherit."""
    if user is None:
        yield [str(folder) for folder in folders], []
        return
    doors: list[int] = []
    try:
        # One by one, so that a folder that cannot be opened leaves none open.
        doors.extend(os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW) for folder in folders)
        yield [f"/proc/self/fd/{door}" for door in doors], doors
    finally:
        for door in doors:
            os.close(door)


def _known() -> shell.User | None:
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        return None
    return entry.pw_uid, entry.pw_gid


def _made() -> shell.User:
    nobody_logs_in = shutil.which("nologin", path="/usr/sbin:/sbin") or "/bin/false"
    words = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", nobody_logs_in, NAME]
    try:
        shell.run(words, timeout=30)
    except shell.CommandFailed as error:
        user = _known()  # another Jarvis on this machine may have been quicker
        if user is None:
            raise Unavailable(
                f"PostgreSQL does not run as root, and its user {NAME} could not be made: {error.message}",
                f"Make a system user named {NAME}, run Jarvis as a normal user, or set JARVIS_DATABASE_URL.",
            ) from error
        return user
    user = _known()
    if user is None:
        raise Unavailable(
            f"The user {NAME} was made, but this machine does not know it.",
            f"See what says so: getent passwd {NAME}. Or run Jarvis as a normal user, or with "
            "JARVIS_DATABASE_URL.",
        )
    return user
