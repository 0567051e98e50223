"""A static site: the proxy serves its release folder, so there is no program to start or stop."""

from collections.abc import Callable
from pathlib import Path

from jarvis.errors import NotProven


def start(release: Path, marker: str, wanted: str) -> None:
    """Look that the release is there and whole.

    Args:
        release: The release folder.
        marker: The file in it that holds its id.
        wanted: The id it must hold.

    Raises:
        NotProven: It is not, for example because somebody deleted it.
    """
    if status(release, marker) != wanted:
        raise NotProven(
            "The release folder is not there or not whole.", "Deploy it again: the artifact is still kept."
        )


def status(release: Path, marker: str) -> str:
    """The id that the release carries; empty when there is no whole release."""
    mark = release / marker
    return mark.read_text(encoding="ascii") if mark.is_file() else ""


def remove(release: Path, throw: Callable[[Path], None]) -> None:
    """Take the release folder away by `throw`, and delete the list of its files beside it."""
    throw(release)
    release.with_name(f"{release.name}.json").unlink(missing_ok=True)
