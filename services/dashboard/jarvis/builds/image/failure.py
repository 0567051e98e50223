"""Why Docker built no image, as a sentence and what to do about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jarvis import telling
from jarvis.builds.output import short
from jarvis.errors import DeployFailed, InvalidInput, JarvisError, Overdue, StorageFull, TooLarge, Unavailable


@dataclass(frozen=True, slots=True)
class Failure:
    """What is known of a build that failed, without secrets.

    Attributes:
        said: Docker's own words.
        instruction: The one at which it ended; empty when it did not come so far.
        output: Its last lines.
    """

    said: str
    instruction: str = ""
    output: Sequence[str] = ()


_CODE = re.compile(r"(?:returned a non-zero code|exit code|exit status): (\d+)")
_IMAGE = re.compile(
    r"(?:pull access denied for|manifest for|docker\.io/library/|metadata for) ?([\w./:@-]+[\w])"
)
_REGISTRY = re.compile(r"https?://([^/\"\s]+)/v2")
_FULL = re.compile(r"no space left on device|ENOSPC|disk quota exceeded", re.IGNORECASE)
_LOGIN = re.compile(
    r"unauthorized|no basic auth|authentication required|access denied|denied: requested|authorization failed"
    r"|incorrect username or password|403 Forbidden|401 Unauthorized",
    re.IGNORECASE,
)
_MANY = re.compile(r"toomanyrequests|429 Too Many|rate limit", re.IGNORECASE)
_NONE = re.compile(
    r"manifest unknown|manifest for \S+ not found|repository does not exist|not found: not found"
    r"|: not found$|name unknown|invalid reference format",
    re.IGNORECASE | re.MULTILINE,
)
_SILENT = re.compile(
    r"no such host|dial tcp|i/o timeout|connection refused|TLS handshake timeout|network is unreachable"
    r"|Client\.Timeout|server misbehaving|x509:|failed to do request|EOF$",
    re.IGNORECASE | re.MULTILINE,
)
_ABSENT = re.compile(
    r"COPY failed|ADD failed|not found in build context|no such file or directory|failed to compute cache key"
    r"|failed to calculate checksum",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"Cannot connect to the Docker daemon|transport is closing|error reading from server|graceful_stop",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"dockerfile parse error|unknown instruction|no build stage|cannot be empty|unknown flag"
    r"|file with no instructions|requires at least|invalid from flag|no FROM",
    re.IGNORECASE,
)


def explained(failure: Failure) -> JarvisError:
    """The error of a build that ended without an image."""
    facts: dict[str, Any] = {"output": list(failure.output)}
    if failure.instruction:
        facts["instruction"] = failure.instruction
    said = failure.said.strip()
    everything = "\n".join((said, *failure.output))
    if _FULL.search(everything):
        hint = "Free some space, also in Docker (docker system df shows what takes it), then try again."
        return StorageFull("The disk became full while the image was built.", hint, facts)
    if _GONE.search(said):
        return gone(said)
    if found := _CODE.search(said):
        return _ended(failure, int(found[1]), facts)
    return _of_base(said, facts) or _of_text(said, failure, facts)


def _ended(failure: Failure, code: int, facts: dict[str, Any]) -> JarvisError:
    """A program in the build ended with an error."""
    facts["exit_code"] = code
    said = telling.line(line for line in failure.output if not _NOISE.search(line))
    why = f": {short(said)}" if said else "."
    what = short(failure.instruction) or "A step"
    hint = "Its last lines say more. Correct the project and deploy it again."
    if code == 137:
        hint = (
            "It was killed: the machine ran out of memory, or of what builds may take (JARVIS_BUILD_MEMORY)."
        )
    elif code == 127:
        hint = "A program that it calls is not in the image: add what installs it to the Dockerfile."
    return DeployFailed(f"{what} ended with code {code}{why}", hint, facts)


_NOISE = re.compile(
    r"^(?: ?---> |Removing intermediate|Step \d+/\d+ :|------|\s*>{1,3} |executor failed|ERROR: failed to "
    r"|#\d+ |Dockerfile:\d+|failed to solve|\s*\d+ \|)|did not complete successfully"
)


def _of_base(said: str, facts: dict[str, Any]) -> JarvisError | None:
    """An image that it stands on could not be had."""
    image = _IMAGE.search(said)
    name = f"The image {image[1].rstrip(':')}" if image else "An image that it stands on"
    host = found[1] if (found := _REGISTRY.search(said)) else "the registry"
    why = {"cause": said[:500], **facts}
    if _MANY.search(said):
        hint = "Wait some hours, or give Jarvis an account there: jarvis registries add"
        return Unavailable(f"There are no more images for now from {host}.", hint, why)
    if "pull access denied" in said or _LOGIN.search(said):
        hint = "Check its name. If it is private, give Jarvis its registry: jarvis registries add HOST USER"
        return DeployFailed(f"{name} is not there, or its registry did not accept our login.", hint, why)
    if _SILENT.search(said):
        hint = "Check that this machine reaches it, and its name in FROM. Then deploy again."
        return Unavailable(f"{name} could not be fetched: {host} does not answer.", hint, why)
    if _NONE.search(said) and not _ABSENT.search(said):
        return DeployFailed(f"{name} does not exist.", "Check name and tag after FROM.", why)
    return None


def _of_text(said: str, failure: Failure, facts: dict[str, Any]) -> JarvisError:
    sentence = short(said.splitlines()[-1] if said else "it did not say why").rstrip(".")
    if "requires BuildKit" in said or "BuildKit" in said:
        return needs_buildkit(sentence)
    if _ABSENT.search(said):
        what = short(failure.instruction) or "The build"
        hint = "Check the path: it counts from the folder that is built. A .dockerignore may leave it out."
        return DeployFailed(f"{what} found nothing to copy: {sentence}.", hint, facts)
    if _TEXT.search(said):
        return DeployFailed(
            f"The Dockerfile cannot be read: {sentence}.", "Correct it, then deploy again.", facts
        )
    return DeployFailed(f"Docker could not build the image: {sentence}.", "Its last lines say more.", facts)


def needs_buildkit(what: str) -> JarvisError:
    """The Dockerfile wants more than the Docker of this machine has."""
    return InvalidInput(
        f"This Dockerfile needs BuildKit ({what}), and the Docker of this machine has it not.",
        "Install it (apt install docker-buildx; docker-buildx-plugin where Docker is not Debian's), or "
        "write the Dockerfile without it.",
    )


def gone(cause: str) -> Unavailable:
    """Docker went away in the middle of it; `part` tells those who try again."""
    facts = {"part": "docker", "cause": cause[:500]}
    return Unavailable(
        "Docker went away in the middle of the build.",
        "See its log (journalctl -u docker), then deploy again.",
        facts,
    )


def overdue(seconds: float) -> Overdue:
    """It took too long."""
    return Overdue(
        f"The image was not built within {seconds:g} seconds, and the build was stopped.",
        "See its last lines: it may wait for something that does not come.",
    )


def too_loud(limit: int) -> TooLarge:
    """It said too much."""
    return TooLarge(
        f"The build said more than {limit:,} bytes and was stopped.",
        "Let it say less, or look whether it goes round in a circle.",
    )


def too_full(reserve: int) -> StorageFull:
    """It left too little of the disk."""
    return StorageFull(
        f"The build was stopped: less than {reserve // 1024**2:,} MiB of the disk are free.",
        "Free some space, then deploy again.",
    )
