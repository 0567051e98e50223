"""The image of a deployment in the registry of the swarm, where all machines get it."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from jarvis.deployments.docker import copies
from jarvis.deployments.docker.logins import logins
from jarvis.runtimes.docker import engine, image
from jarvis.runtimes.docker.engine import asked
from jarvis.runtimes.docker.image import Image
from jarvis.runtimes.swarm import registry
from jarvis.runtimes.swarm.registry import Registry

Json = dict[str, Any]


def place() -> Registry:
    """The registry to use; ours is started where it does not run.

    Raises:
        JarvisError: There is none, and none can be.
    """
    return registry.chosen(logins())


def there(facts: Json) -> str:
    """Under which name, and digest, every machine gets the image; empty where the registry has it not."""
    return registry.reference(place(), facts["service"], copies.release_of(facts))


def published(facts: Json, say: Callable[[str], None] = lambda _: None) -> str:
    """Let the registry have the image; returns under which name, and digest, every machine gets it.

    Raises:
        JarvisError: The registry does not take it, or there is no image.
    """
    found, name, release = place(), facts["service"], copies.release_of(facts)
    if at := registry.reference(found, name, release):
        return at
    copies.image_of(facts)
    say(f"Giving the image to the registry {found.host}")
    with registry.using():
        return registry.push(found, name, release)


def image_of(facts: Json) -> Image:
    """The image, fetched from the registry where this machine has lost it.

    Raises:
        NotProven: Neither has it.
    """
    release = copies.release_of(facts)
    if image.release(facts["service"], release) is None:
        found = place()
        if registry.reference(found, facts["service"], release):
            _fetch(found, facts["service"], release)
    return copies.image_of(facts)


def _fetch(found: Registry, name: str, release: str) -> None:
    api, repository = engine.api(), found.repository(name)
    with asked("fetch an image"):
        api.pull(repository, release, auth_config=found.account)
        tag, _, version = engine.image_tag(name, release).rpartition(":")
        api.tag(f"{repository}:{release}", tag, version)
        api.remove_image(f"{repository}:{release}", noprune=True)


def clear(name: str, release: str = "") -> None:
    """Remove the images of a service, or of one release of it, from this machine, by whatever name."""
    import docker.errors

    with asked("remove images"):
        rows: list[Json] = engine.api().images(filters=engine.ours(name, release))
        for row in rows:
            with suppress(docker.errors.APIError):  # a container uses it, and goes soon
                engine.api().remove_image(row["Id"], force=True)
