"""What is to be built, for either of Docker's builders."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jarvis.builds.image.instructions import Dockerfile
from jarvis.builds.image.login import Logins
from jarvis.builds.run import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One image to build.

    Attributes:
        folder: What is built from.
        dockerfile: By which Dockerfile.
        ours: Jarvis wrote it.
        ignored: What is not sent of the folder, as lines of a `.dockerignore`.
        tag: The name of the image.
        labels: Of the image.
        arguments: Values for ARG; none of them is secret.
        secrets: Values that leave no trace in the image; only BuildKit can give them.
        logins: For the registries of the images that it stands on.
        address: Of Docker.
        say: Gets every line.
        hide: Takes secrets out of what goes into an error.
        limits: What the build may take.
        disks: Folders whose disks it may not fill.
    """

    folder: Path
    dockerfile: Dockerfile
    ours: bool
    ignored: tuple[str, ...]
    tag: str
    labels: Mapping[str, str]
    arguments: Mapping[str, str]
    secrets: Mapping[str, str]
    logins: Logins
    address: str
    say: Callable[[str], None]
    hide: Callable[[str], str]
    limits: Limits
    disks: tuple[Path, ...]
