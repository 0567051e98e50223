"""Folders that outlive the versions of a program without Docker: a link in its tree leads to each of them."""

import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from jarvis.errors import InvalidInput
from jarvis.runtimes import users
from jarvis.runtimes.users import User
from jarvis.settings.service import Volume


def join(root: Path, cwd: Path, volumes: Sequence[Volume], user: User | None) -> list[Path]:
    """Let the volumes be found where the program looks for them; safe to do again.

    What the project itself has at that place becomes the first content of a volume that is new, as with
    containers.

    Args:
        root: The folder of the service's volumes.
        cwd: Where the program runs.
        volumes: Its volumes.
        user: Whose they are.

    Returns:
        Their folders.

    Raises:
        InvalidInput: A path leads out of the program's folder.
    """
    return [_join(root / volume.name, cwd, volume, user) for volume in volumes]


def _join(folder: Path, cwd: Path, volume: Volume, user: User | None) -> Path:
    path = PurePosixPath(volume.path)
    place = cwd / path
    if path.is_absolute() or ".." in path.parts or not path.parts or not _inside(place.parent, cwd):
        raise InvalidInput(
            f"The volume “{volume.name}” is wanted at {volume.path}. Without a container, a volume lies "
            "within the program's own folder.",
            "Give a relative path such as data, or deploy it as a container.",
            {"volume": volume.name, "path": volume.path},
        )
    if not place.is_symlink():
        if not folder.is_dir():
            _begin(folder, place)
        if place.is_dir():
            shutil.rmtree(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.symlink_to(folder)
    if user is not None:
        users.give(folder, user)
    return folder


def _inside(place: Path, cwd: Path) -> bool:
    return place.resolve().is_relative_to(cwd.resolve())


def _begin(folder: Path, place: Path) -> None:
    """A new volume, whole or not at all."""
    folder.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    if place.is_dir():
        shutil.copytree(place, draft, symlinks=True)
    else:
        draft.mkdir()
    draft.chmod(0o700)
    draft.replace(folder)
