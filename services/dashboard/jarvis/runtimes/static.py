"""A static site: the proxy serves its release folder, so there is no program to start or stop."""

from pathlib import Path

from jarvis.builds import release as releases
from jarvis.errors import NotProven

KIND = "static"


def start(release: Path, marker: str) -> None:
    """Look that the release is there and whole.

    Raises:
        NotProven: It is not, for example because somebody deleted it.
    """
    found = status(release)
    if found != marker:
        raise NotProven(
            "The release folder is not there or not whole.", "Deploy it again: the artifact is still kept."
        )


def status(release: Path) -> str:
    """The id that the release carries; empty when there is no whole release."""
    mark = release / releases.MARKER
    return mark.read_text(encoding="ascii") if mark.is_file() else ""


def remove(release: Path) -> None:
    """Delete the release folder."""
    releases.discard(release)
