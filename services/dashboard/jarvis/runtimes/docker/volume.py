"""Volumes of services in Docker: they outlive every container, and only an explicit wish removes them."""

import re
from typing import Any

from jarvis.errors import Conflict
from jarvis.runtimes.docker import engine
from jarvis.runtimes.docker.engine import asked, part

Json = dict[str, Any]


def named(declared: str) -> str:
    """The name of the volume for a path that an image declares."""
    return re.sub(r"[^a-z0-9]+", "-", declared.lower()).strip("-") or "root"


def make(service: str, name: str) -> str:
    """The volume of the service, made if it is not there; returns its name in Docker.

    Raises:
        Conflict: Somebody else has a volume of that name.
    """
    import docker.errors

    full = engine.volume_name(service, name)
    with asked("make a volume"):
        try:
            found: Json = engine.api().inspect_volume(full)
        except docker.errors.NotFound:
            found = engine.api().create_volume(full, labels=engine.labels(service, volume=name))
    if part(found, "Labels").get(engine.OWNER) != engine.owner():
        raise Conflict(
            f"There is a volume {full} in Docker already, and it is not of this Jarvis.",
            "Choose another name for the volume or the service; or, if nobody needs it: docker volume rm "
            f"{full}",
            {"volume": full},
        )
    return full


def remove_all(service: str) -> list[str]:
    """Delete all volumes of the service with all that is in them; returns their names in Docker."""
    with asked("remove volumes"):
        found: Json = engine.api().volumes(filters=engine.ours(service))
        names = [str(row["Name"]) for row in found.get("Volumes") or ()]
        for name in names:
            engine.api().remove_volume(name)
    return names
