"""Removes images, and what builds left of them."""

import time
from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from jarvis.builds.image.classic import OWNER

if TYPE_CHECKING:
    import docker

DAY = 24 * 3600.0


def remove(client: "docker.DockerClient", image: str) -> None:
    """Remove an image with all its names; nothing where it is gone, or a container still uses it."""
    import docker.errors

    api: Any = client.api
    try:
        api.remove_image(image, force=True)
    except docker.errors.NotFound:
        return
    except docker.errors.APIError as error:
        if error.status_code != 409:
            raise


def prune(
    client: "docker.DockerClient", owner: str, keep: Collection[str] = (), *, older: float = DAY
) -> int:
    """Remove what builds left that has no name: steps of builds that failed, and of stages that are done.

    Args:
        client: Of Docker.
        owner: Whose; images without this label are never touched.
        keep: Ids of images that stay.
        older: Seconds since it was made, after which it goes; until then the next build is faster by it.

    Returns:
        How many went. BuildKit keeps what it needs by rules of its own, and that is not touched.
    """
    import docker.errors

    api: Any = client.api
    gone = 0
    while True:
        filters = {"label": f"{OWNER}={owner}", "dangling": True}
        rows: list[dict[str, Any]] = api.images(filters=filters)
        before = gone
        for row in rows:
            if row["Id"] in keep or time.time() - row["Created"] < older:
                continue
            with suppress(docker.errors.NotFound, docker.errors.APIError):  # in use, or gone by itself
                api.remove_image(row["Id"])
                gone += 1
        if gone == before:
            return gone
