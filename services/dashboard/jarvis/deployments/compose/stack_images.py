"""The images of a stack: built from the artifact, or fetched; each tagged for a release, and so kept."""

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import config
from jarvis import control
from jarvis.builds import bounds
from jarvis.builds.image import login
from jarvis.builds.image.failure import Failure, explained
from jarvis.builds.run import run
from jarvis.deployments.build_limits import build_limits
from jarvis.deployments.compose.assembly import Seen
from jarvis.deployments.docker.logins import logins
from jarvis.errors import DeployFailed, InvalidInput, JarvisError, NotProven
from jarvis.private import write_private
from jarvis.runtimes.compose import command, read
from jarvis.runtimes.compose.rules import part
from jarvis.runtimes.docker import engine, image
from jarvis.runtimes.docker.engine import asked
from jarvis.runtimes.docker.image import Image

Json = dict[str, Any]
Say = Callable[[str], None]

BUILD_WITHIN = 1800.0
BUILT = frozenset({
    "additional_contexts", "args", "context", "dockerfile", "dockerfile_inline", "entitlements",
    "extra_hosts", "labels", "network", "no_cache", "platforms", "privileged", "pull",
    "shm_size", "target", "ulimits",
})  # fmt: skip
"""What of a build is taken over. Caches are not: they may be folders of this machine."""


def repository(service: str, name: str) -> str:
    """What the images of one service of a stack are called."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "x"
    mark = "" if slug == name else f"-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
    return f"jarvis/{service}-{slug}{mark}"


def make(
    facts: Json, seen: Seen, *, say: Say, hide: Callable[[str], str], disk: Path | None
) -> dict[str, Image]:
    """The images of all services, as they are now.

    Args:
        facts: Of the deployment.
        seen: What its compose file says.
        say: Gets every line.
        hide: Takes secrets out of the lines that go into an error.
        disk: Where Docker keeps images, if that is on a disk of this machine.

    Raises:
        InvalidInput: An image cannot be fetched.
        DeployFailed: A build ended with an error.
        JarvisError: The work was called off, or Docker does not answer.
    """
    service, key = facts["service"], facts["deployment_id"]
    services = part(seen.document, "services")
    built = {name: raw for name, raw in services.items() if raw.get("build")}
    if built:
        _build(facts, built, say=say, hide=hide, disk=disk)
    found: dict[str, Image] = {}
    for name, raw in sorted(services.items()):
        tag = f"{repository(service, name)}:{key}"
        if name not in built:
            wanted = str(raw.get("image") or "")
            _fetch(name, wanted, str(raw.get("pull_policy") or ""), say)
            with asked("tag an image"):
                engine.api().tag(wanted, repository(service, name), key)
        one = image.find(tag)
        if one is None:
            raise NotProven(f"The image of {name} is not there after it was made.", "Deploy it again.")
        found[name] = one
    return found


def _build(facts: Json, built: Json, *, say: Say, hide: Callable[[str], str], disk: Path | None) -> None:
    service, key = facts["service"], facts["deployment_id"]
    labels = engine.labels(service)  # not the deployment: a service whose image stays the same is not changed
    wanted: Json = {}
    for name, raw in sorted(built.items()):
        build = {key: value for key, value in raw["build"].items() if key in BUILT}
        if inline := build.pop("dockerfile_inline", None):
            file = Path(build["context"], f".jarvis-{name}.Dockerfile")
            file.write_text(str(inline), encoding="utf-8")
            build["dockerfile"] = file.name
        build["labels"] = {**part(build, "labels"), **labels}
        wanted[name] = {"image": f"{repository(service, name)}:{key}", "build": build}
    limits = build_limits(BUILD_WITHIN)
    with (
        tempfile.TemporaryDirectory(prefix="jarvis-compose-") as folder,
        bounds.steps(engine.address(), limits),
    ):
        scratch = Path(folder)
        file = scratch / "compose.json"
        write_private(file, json.dumps(read.escaped({"name": f"jarvis-{service}", "services": wanted})))
        try:
            run(
                command.words(f"jarvis-{service}", file, "build"),
                cwd=scratch,
                env={
                    **command.environment(home=folder),
                    "TMPDIR": folder,
                    "DOCKER_CONFIG": str(login.settings(scratch / "config", logins(), config.environment())),
                },
                scratch=scratch,
                say=lambda line: None if line.startswith(("time=", " Image ")) else say(line),
                hide=hide,
                limits=limits,
                disks=(disk,) if disk else (),
            )
        except DeployFailed as error:
            lines: list[str] = error.facts["output"]
            if any(map(engine.is_gone, lines)):
                raise engine.silent(lines[-1]) from error
            said = next(
                (line for line in reversed(lines) if "failed to solve" in line), lines[-1] if lines else ""
            )
            raise explained(Failure(said, "", lines)) from error


def _fetch(name: str, wanted: str, policy: str, say: Say) -> None:
    """Bring an image here, unless it is here and the file does not want it anew."""
    import docker.errors

    there = image.find(wanted) if wanted else None
    if there is not None and policy not in {"always", "daily", "weekly"}:
        return
    say(f"{name}: fetching {wanted}")
    try:
        with asked("fetch an image"):
            for row in _pulled(wanted):
                control.check()
                if row.get("error"):
                    raise docker.errors.APIError(str(row["error"]))
    except JarvisError as error:
        control.check()
        raise InvalidInput(
            f"The image {wanted} of the service {name} cannot be fetched: {error.message}",
            "Is its name right, and may this machine see it?",
            {"service": name, "image": wanted},
        ) from error


def _pulled(wanted: str) -> Iterator[Json]:
    account = login.account(logins(), wanted)
    yield from engine.api().pull(*_parted(wanted), stream=True, decode=True, auth_config=account)


def _parted(wanted: str) -> tuple[str, str]:
    """Name and tag, or digest; without a tag, Docker would fetch all of them."""
    if "@" in wanted:
        name, _, digest = wanted.partition("@")
        return name, digest
    place, slash, last = wanted.rpartition("/")
    name, _, tag = last.partition(":")
    return f"{place}{slash}{name}", tag or "latest"


def remove(service: str, release: str) -> None:
    """Take the tags of a release away; with its last tag an image goes that nothing runs."""
    import docker.errors

    with asked("list its images"):
        rows: list[Json] = engine.api().images()
    tags = [tag for row in rows for tag in row.get("RepoTags") or ()]
    for tag in tags:
        name, _, key = tag.rpartition(":")
        if not name.startswith(f"jarvis/{service}-") or key != release:
            continue
        with asked("remove an image"), suppress(docker.errors.NotFound):
            try:
                engine.api().remove_image(tag)
            except docker.errors.APIError as error:
                if error.status_code != 409:  # a container uses it, and goes soon
                    raise
