"""Images of releases, as Docker has them."""

import re
from dataclasses import dataclass, field
from typing import Any

from jarvis.runtimes.docker import engine
from jarvis.runtimes.docker.engine import asked, part

Json = dict[str, Any]

READ_ONLY = "jarvis.read-only"
"""A label by which an image says that it needs to write nowhere but in its volumes and /tmp."""

_TAG = re.compile(r"jarvis/(?P<service>[^:/]+):(?P<release>[0-9a-f-]{36})")


@dataclass(frozen=True)
class Image:
    """One that is there.

    Attributes:
        id: Its digest; what is run.
        ports: Those that it says it listens on.
        volumes: Paths that it says must outlive it.
        health: A command by which one sees that it is well; none where it says none.
        user: Whom it runs as; empty for root.
        size: Bytes.
        labels: Its labels.
    """

    id: str
    ports: tuple[int, ...] = ()
    volumes: tuple[str, ...] = ()
    health: tuple[str, ...] = ()
    user: str = ""
    size: int = 0
    labels: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_root(self) -> bool:
        """Does it run as root?"""
        return self.user.split(":", maxsplit=1)[0] in {"", "0", "root"}


def find(reference: str) -> Image | None:
    """The image of a tag or an id; None when it is not there."""
    import docker.errors

    with asked("look at an image"):
        try:
            row: Json = engine.api().inspect_image(reference)
        except docker.errors.NotFound:
            return None
    config = part(row, "Config")
    test: list[str] = part(config, "Healthcheck").get("Test") or []
    ports = [re.fullmatch(r"(\d+)(?:/tcp)?", port) for port in config.get("ExposedPorts") or ()]
    return Image(
        id=str(row["Id"]),
        ports=tuple(sorted(int(port[1]) for port in ports if port)),
        volumes=tuple(sorted(config.get("Volumes") or ())),
        health=_command(test),
        user=str(config.get("User") or ""),
        size=int(row.get("Size") or 0),
        labels=dict(config.get("Labels") or {}),
    )


def _command(test: list[str]) -> tuple[str, ...]:
    match test:
        case ["CMD", *words]:
            return tuple(words)
        case ["CMD-SHELL", line]:
            return ("/bin/sh", "-c", line)
        case _:
            return ()


def release(service: str, name: str) -> Image | None:
    """The image of a release of ours."""
    found = find(engine.image_tag(service, name))
    return found if found is not None and found.labels.get(engine.OWNER) == engine.owner() else None


def remove(service: str, name: str) -> None:
    """Take the tag of a release away, and with its last one the image; nothing when it is gone."""
    import docker.errors

    if release(service, name) is None:
        return
    with asked("remove an image"):
        try:
            engine.api().remove_image(engine.image_tag(service, name))
        except docker.errors.NotFound:
            return
        except docker.errors.APIError as error:
            if error.status_code != 409:  # a container uses it, and goes soon
                raise


def remove_all(service: str) -> None:
    """Remove the images of all releases of the service."""
    for _, name in releases(service):
        remove(service, name)


def releases(service: str = "") -> list[tuple[str, str]]:
    """All of them in Docker, as pairs of service and release; those of one service."""
    with asked("list its images"):
        rows: list[Json] = engine.api().images(filters=engine.ours(service))
    found = ((row, _TAG.fullmatch(tag)) for row in rows for tag in row.get("RepoTags") or ())
    # Those of stacks are named after a part of the service as well, and go with the stack's release.
    return sorted(
        {
            (one["service"], one["release"])
            for row, one in found
            if one and part(row, "Labels").get(engine.SERVICE) == one["service"]
        }
    )
