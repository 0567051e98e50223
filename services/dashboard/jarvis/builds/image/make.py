"""Builds the image of a plan, and looks at what came out."""

import re
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jarvis.builds.image import buildkit, classic
from jarvis.builds.image.context import IGNORE, ignored, inside
from jarvis.builds.image.failure import gone, needs_buildkit
from jarvis.builds.image.instructions import Dockerfile, parse
from jarvis.builds.image.login import Logins
from jarvis.builds.image.order import Order
from jarvis.builds.run import Limits
from jarvis.errors import InvalidInput

if TYPE_CHECKING:
    import docker

Json = dict[str, Any]

USUAL = "unix:///var/run/docker.sock"
LIMITS = Limits(seconds=1800)
_LARGEST = 1024 * 1024
_KNOWN_BY_ALL = frozenset(
    name
    for upper in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY")
    for name in (upper, upper.lower())
)
"""Arguments that a Dockerfile need not declare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What was built.

    Attributes:
        id: Its digest: `sha256:` and 64 digits.
        ports: Those that it says it listens on (EXPOSE).
        volumes: Folders that it says must outlive it (VOLUME).
        health: It says how one sees that it is well (HEALTHCHECK).
        user: Whom it runs as; empty for root.
        size: Bytes.
        command: It says what is to be run (CMD or ENTRYPOINT).
    """

    id: str
    ports: tuple[int, ...]
    volumes: tuple[str, ...]
    health: bool
    user: str
    size: int
    command: bool


def make(
    tree: Path,
    plan: Mapping[str, Any],
    tag: str,
    *,
    client: "docker.DockerClient",
    environment: Mapping[str, str],
    labels: Mapping[str, str],
    say: Callable[[str], None],
    hide: Callable[[str], str] = str,
    limits: Limits = LIMITS,
    logins: Logins | None = None,
    address: str = USUAL,
    outside: Mapping[str, str] | None = None,
    images: Path | None = None,
) -> Image:
    """Build the image: by BuildKit where this machine has it, else by the old builder. Safe to run again.

    Args:
        tree: The unpacked artifact; it is left as it is.
        plan: As `BuildPlan.to_dict()` gives it.
        tag: The name that the image gets.
        client: Of the Docker that builds.
        environment: The project's own values that the build may read. What `hide` takes out of a text, or
            the plan calls secret, is never given as an argument, since an image tells those to everybody.
        labels: Of the image.
        say: Gets every line; it must take out secrets itself.
        hide: Takes secrets out of the lines that go into an error.
        limits: What the build may take. Memory is bounded by Docker's old builder alone.
        logins: For registries: host → user and password.
        address: Of that Docker.
        outside: Our own environment, by which the command of Docker is found; none: it is not used.
        images: Where Docker keeps what is built, if that is on a disk of this machine.

    Raises:
        InvalidInput: There is nothing to build an image from, or it needs BuildKit and there is none.
        DeployFailed: The build failed; `facts["output"]` has its last lines.
        Unavailable: Docker or a registry does not answer: it can be tried again.
        Overdue: It took too long.
        TooLarge: It said too much.
        StorageFull: It filled the disk.
        JarvisError: The work was called off.
    """
    folder = inside(tree, plan["root"])
    ours = plan["uses"] != "own-dockerfile"
    dockerfile, ignore = _written(plan) if ours else _own(tree, plan["file"], folder)
    words = buildkit.command(outside) if outside else ()
    modern = "" if ours else dockerfile.modern()
    if modern and not words:
        raise needs_buildkit(modern)
    secret = _secret(plan, environment, hide)
    for name in sorted(dockerfile.arguments & secret):
        say(
            f"{name} is a secret, and is not given as an argument of the build: whoever has the image could "
            f"read it. A Dockerfile gets it by RUN --mount=type=secret,id={name}."
        )
    mounted = dockerfile.secrets & environment.keys()
    if mounted and not words:
        names = ", ".join(sorted(mounted))
        say(f"Built without {names}: only BuildKit can give it to a build (apt install docker-buildx).")
    arguments = (dockerfile.arguments | _KNOWN_BY_ALL) & (environment.keys() - secret)
    order = Order(
        folder=folder,
        dockerfile=dockerfile,
        ours=ours,
        ignored=ignore,
        tag=tag,
        labels=labels,
        arguments={name: environment[name] for name in sorted(arguments)},
        secrets={name: environment[name] for name in sorted(mounted)},
        logins=logins or {},
        address=address,
        say=say,
        hide=hide,
        limits=limits,
        disks=(tree, images) if images else (tree,),
    )
    api: Any = client.api
    if words and outside is not None:
        buildkit.build(order, words, outside)
    else:
        with _asked():
            memory = int(api.info().get("MemTotal") or 0)
        classic.build(order, str(api.api_version), memory)
    return look(client, tag)


def look(client: "docker.DockerClient", name: str) -> Image:
    """What an image says of itself.

    Raises:
        Unavailable: Docker does not answer.
    """
    api: Any = client.api
    with _asked():
        row: Json = api.inspect_image(name)
    config: Json = row.get("Config") or {}
    health: Json = config.get("Healthcheck") or {}
    test: list[str] = health.get("Test") or []
    ports = [re.fullmatch(r"(\d+)(?:/tcp)?", port) for port in config.get("ExposedPorts") or ()]
    return Image(
        id=str(row["Id"]),
        ports=tuple(sorted(int(port[1]) for port in ports if port)),
        volumes=tuple(sorted(config.get("Volumes") or ())),
        health=bool(test) and test != ["NONE"],
        user=str(config.get("User") or ""),
        size=int(row.get("Size") or 0),
        command=bool(config.get("Cmd") or config.get("Entrypoint")),
    )


@contextmanager
def _asked() -> Generator[None]:
    import docker.errors
    import requests.exceptions

    try:
        yield
    except (docker.errors.DockerException, requests.exceptions.RequestException, OSError) as error:
        raise gone(str(error)) from error


def _secret(
    plan: Mapping[str, Any], environment: Mapping[str, str], hide: Callable[[str], str]
) -> frozenset[str]:
    """The names whose values are secret."""
    called = {str(item["name"]) for item in plan.get("environment") or () if item["secret"]}
    return frozenset(
        name for name, value in environment.items() if name in called or (value and hide(value) != value)
    )


def _written(plan: Mapping[str, Any]) -> tuple[Dockerfile, tuple[str, ...]]:
    """The Dockerfile that Jarvis wrote."""
    found = plan["dockerfile"]
    if not found:
        raise InvalidInput("There is nothing to build an image from.", str(plan["hint"]))
    return parse(found["text"]), ignored(found["ignore"])


def _own(tree: Path, file: str, folder: Path) -> tuple[Dockerfile, tuple[str, ...]]:
    """The project's, with what it wants to leave out: of that Dockerfile alone, or of the folder."""
    place = inside(tree, file)
    text = _read(place, file)
    for ignore in (place.with_name(f"{place.name}{IGNORE}"), folder / IGNORE):
        if ignore.is_file() and not ignore.is_symlink():
            return parse(text), ignored(_read(ignore, ignore.name))
    return parse(text), ()


def _read(place: Path, name: str) -> str:
    if not place.is_file() or place.stat().st_size > _LARGEST:
        raise InvalidInput(f"{name} is no file of text.", "Check what was handed in.")
    try:
        return place.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{name} is not UTF-8.", "Save it as UTF-8, then deploy again.") from error
