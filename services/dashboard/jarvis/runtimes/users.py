"""A user of its own for every service, where Jarvis runs as root: what one writes no other one can read.

The numbers lie beyond those that systems and containers give out; no user is made on the machine. Programs
that ask for their own name find it in a list that is shown to them alone.
"""

import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

FIRST = 1_900_000_000
"""Above what systemd gives out by itself (its page UIDS-GIDS calls 1879048192 and above unused)."""
NAME = "app"
_MOST = 1_000_000


@dataclass(frozen=True)
class User:
    """Whom a program runs as.

    Attributes:
        number: Of the user and of its group.
        passwd: The list of users that the program finds.
        group: The list of groups that it finds.
    """

    number: int
    passwd: Path
    group: Path


def of(folder: Path, service: str) -> User:
    """The user of a service: the same one for ever, and nobody else's.

    Args:
        folder: Where it is kept who has which number.
        service: Its name.
    """
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    number = _number(folder, service)
    user = User(number, folder / f"{number}.passwd", folder / f"{number}.group")
    _write(user.passwd, f"{_system('passwd')}{NAME}:x:{number}:{number}::/tmp:/bin/sh\n")
    _write(user.group, f"{_system('group')}{NAME}:x:{number}:\n")
    return user


def _number(folder: Path, service: str) -> int:
    for place in folder.glob("*.service"):
        if place.read_text(encoding="utf-8") == service:
            return int(place.stem)
    for number in range(FIRST, FIRST + _MOST):
        draft = folder / f".{number}.{os.getpid()}"
        draft.write_text(service, encoding="utf-8")
        with contextlib.suppress(FileExistsError):
            os.link(draft, folder / f"{number}.service")  # fails where another one has the number
            draft.unlink()
            return number
        draft.unlink()
        if (folder / f"{number}.service").read_text(encoding="utf-8") == service:
            return number
    raise AssertionError("a million services")


def _system(name: str) -> str:
    with contextlib.suppress(OSError):
        text = Path("/etc", name).read_text(encoding="utf-8", errors="replace")
        return text if text.endswith("\n") else f"{text}\n"
    return ""


def _write(place: Path, text: str) -> None:
    if not place.is_file() or place.read_text(encoding="utf-8") != text:
        draft = place.with_name(f".{place.name}.{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o644)
        draft.replace(place)


def give(folder: Path, user: User) -> None:
    """Let everything in `folder` belong to `user`. Safe to do again: the folder itself is given last."""
    if folder.lstat().st_uid == user.number:
        return
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(os.path.join(place, name), user.number, user.number, follow_symlinks=False)  # noqa: PTH118 - a walk over 100,000 files
    os.chown(folder, user.number, user.number)


def words(user: User) -> tuple[str, ...]:
    """The words that make the process behind them that user, for good."""
    number = str(user.number)
    return (
        "setpriv", "--reuid", number, "--regid", number, "--clear-groups", "--bounding-set=-all",
        "--inh-caps=-all", "--no-new-privs", "--pdeathsig", "KILL", "--",
    )  # fmt: skip


def possible() -> bool:
    """Are we root, and is there what it takes?"""
    return os.geteuid() == 0 and shutil.which("setpriv") is not None
