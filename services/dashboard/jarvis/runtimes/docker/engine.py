"""The Docker of this machine: how it is reached, and by what we know again what is ours in it.

Only the worker uses it: whoever reaches Docker can do everything on the machine.
"""

import os
import re
import threading
import time
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import config
from jarvis import control
from jarvis.errors import InvalidInput, JarvisError, Unavailable
from jarvis.home import Home

if TYPE_CHECKING:  # the package takes 0.3 s to load: only those who use Docker wait for it
    import docker

USUAL = "unix:///var/run/docker.sock"
OWNER, SERVICE, DEPLOYMENT = "jarvis.owner", "jarvis.service", "jarvis.deployment"
"""Labels. OWNER has the id of the JARVIS_HOME: what has another one, or none, is never touched."""
T = TypeVar("T")
PART = "docker"
"""What the errors say that mean that Docker does not answer."""
AWAY, LOOK_EVERY = 60.0, 0.3
"""Seconds for which work waits for a Docker that does not answer, and between two questions."""
ANSWER_WITHIN = 60
"""Seconds for an answer of Docker; it copies files of large images within them."""

_GONE = re.compile(
    r"Cannot connect to the Docker daemon|error during connect|transport is closing|graceful_stop"
    r"|error reading from server|docker\.sock: connect: |[Uu]nexpected EOF|connection reset by peer"
)
"""How programs that talk to Docker say that it went away."""

_LOCK = threading.Lock()
_CLIENT: "dict[str, docker.DockerClient]" = {}


def address(wanted: str | None = None) -> str:
    """Where Docker is to be; empty where it is not to be used.

    Args:
        wanted: JARVIS_DOCKER_HOST, where it is not the one of this process.
    """
    wanted = config.settings().docker_host if wanted is None else wanted
    return "" if wanted == "off" else wanted or USUAL


def client() -> "docker.DockerClient":
    """The connection to Docker, one for all threads of this process.

    Raises:
        Unavailable: There is none, it does not answer, or this user may not use it.
    """
    place = address()
    if not place:
        raise Unavailable("Docker is not to be used here.", "Unset JARVIS_DOCKER_HOST, which says off.")
    if not is_there(place):
        raise _silent(FileNotFoundError(f"there is no {place}"))
    with _LOCK:
        if place not in _CLIENT:
            _CLIENT[place] = connected(place)
        return _CLIENT[place]


def connected(place: str) -> "docker.DockerClient":
    """A connection of one's own, which asks for the version of Docker's API and speaks that.

    Raises:
        Unavailable: There is no Docker, it does not answer, or this user may not use it.
    """
    import docker

    with asked("talk to us"):
        return docker.DockerClient(base_url=place, version="auto", timeout=ANSWER_WITHIN)


def api() -> Any:
    """The same, as the API of Docker itself: plain JSON in and out."""
    return client().api


def part(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """A member within members of an answer; empty where Docker left one of them out or says null."""
    found: Any = row
    for name in names:
        found = found.get(name) or {}
    return dict(found)


def folder() -> Path | None:
    """Where it keeps images and containers; None where that is on no disk that we see.

    Raises:
        Unavailable: It does not answer.
    """
    with asked("say where it keeps images"):
        said = str(api().info().get("DockerRootDir") or "")
    place = Path(said)
    return place if said and address().startswith("unix://") and os.path.isdir(place) else None  # noqa: PTH112 - Path.is_dir raises where we may not look


def available() -> bool:
    """Does Docker answer?"""
    if not is_there(address()):
        return False
    try:
        with asked("answer"):
            return bool(client().ping())
    except JarvisError:
        return False


def is_there(place: str) -> bool:
    """May there be a Docker at this address? Where its socket is missing there is none."""
    return bool(place) and (
        not place.startswith("unix://") or Path(place.removeprefix("unix://")).is_socket()
    )


@contextmanager
def asked(what: str) -> Generator[None]:
    """What Docker answers that is no answer, as sentences.

    Args:
        what: What it was asked to do, for the sentence.

    Raises:
        Unavailable: It does not answer, or failed in itself.
        InvalidInput: It refused.
    """
    import docker.errors
    import requests.exceptions
    import urllib3.exceptions

    try:
        yield
    except docker.errors.APIError as error:
        said = str(error.explanation or error)[:1000]
        kind = InvalidInput if error.is_client_error() else Unavailable
        raise kind(f"Docker could not {what}: {said.rstrip('.')}.", "See the log of Docker.") from error
    except (docker.errors.DockerException, requests.exceptions.RequestException, OSError) as error:
        raise _silent(error) from error
    except urllib3.exceptions.HTTPError as error:
        raise _silent(error) from error


def _silent(error: Exception) -> Unavailable:
    if "Permission denied" in str(error):
        return Unavailable(
            "This user may not use Docker.",
            "Let the user of Jarvis into the group docker, and start Jarvis again.",
            {"cause": str(error)[:500]},
        )
    return silent(str(error))


def is_gone(said: str) -> bool:
    """Does a program that talks to Docker say that it went away?"""
    return _GONE.search(said) is not None


def silent(cause: str) -> Unavailable:
    """The error of a Docker that does not answer; `patiently` knows it again."""
    return Unavailable(
        "Docker does not answer.",
        "Start it (systemctl start docker), or install it (apt install docker.io). "
        "JARVIS_DOCKER_HOST says where it is.",
        {"cause": cause[:500], "part": PART},
    )


def _nothing(*_: object) -> None:
    """Nobody wants to know."""


def patiently(
    work: Callable[[], T],
    back: Callable[[], object] = _nothing,
    say: Callable[[str], object] = _nothing,
) -> T:
    """Do something that may run twice, again where Docker was away meanwhile: it is updated, or restarted.

    Args:
        work: What is done.
        back: Is called when Docker is back, before the work is done again; it may fail.
        say: Is told that Docker is waited for.

    Raises:
        JarvisError: As `work` raised it; where Docker did not come back, that it does not answer.
    """
    end = time.monotonic() + AWAY
    while True:
        try:
            return work()
        except Unavailable as error:
            if error.facts.get("part") != PART:
                raise
            cause = error
        if not available():
            say(f"Docker does not answer. It is waited for, at most {AWAY:g} seconds.")
        while not available():
            if time.monotonic() > end:
                raise _lost(cause) from cause
            control.check()
            time.sleep(LOOK_EVERY)
        if time.monotonic() > end:
            raise cause
        with suppress(JarvisError):
            back()


def _lost(cause: Unavailable) -> Unavailable:
    """It was waited for long enough."""
    error = Unavailable(
        f"Docker went away, and did not come back within {AWAY:g} seconds.",
        "Start it (systemctl start docker), then deploy again. What ran in it goes on when it is back.",
        cause.facts,
    )
    error.transient = False
    return error


def owner() -> str:
    """The id of this JARVIS_HOME in Docker."""
    file = Home(config.settings().home).owner
    with suppress(FileNotFoundError):
        return file.read_text(encoding="ascii").strip()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".owner.{uuid.uuid4().hex}")
    draft.write_text(f"{uuid.uuid4()}\n", encoding="ascii")
    try:
        with suppress(FileExistsError):
            os.link(draft, file)  # whole, and only once, however many try
    finally:
        draft.unlink()
    return file.read_text(encoding="ascii").strip()


def labels(service: str = "", deployment: str = "", **more: str) -> dict[str, str]:
    """The labels of something that we make. `more` are named without `jarvis.`."""
    known = {OWNER: owner(), SERVICE: service, DEPLOYMENT: deployment}
    extra = {f"jarvis.{name}": value for name, value in more.items()}
    return {name: value for name, value in {**known, **extra}.items() if value}


def ours(service: str = "", deployment: str = "") -> dict[str, Any]:
    """A filter of Docker for what we made."""
    return {"label": [f"{name}={value}" for name, value in labels(service, deployment).items()]}


def container_name(service: str, deployment: str, number: int) -> str:
    """The name of one copy of a deployment."""
    return f"jarvis-{service}-{deployment[:8]}-{number}"


def network_name(service: str) -> str:
    """The name of the network that the containers of a service share."""
    return f"jarvis-{service}"


def volume_name(service: str, name: str) -> str:
    """The name of a volume of a service."""
    return f"jarvis-{service}-{name}"


def image_tag(service: str, release: str) -> str:
    """The tag of the image of a release."""
    return f"jarvis/{service}:{release}"
