"""BuildKit, by the command of Docker: the only one that keeps caches and can give a build a secret."""

import os
import re
import tempfile
import time
from collections import deque
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from jarvis import shell
from jarvis.builds import bounds
from jarvis.builds.image import adapt, login
from jarvis.builds.image.failure import Failure, explained, overdue, too_full, too_loud
from jarvis.builds.image.order import Order
from jarvis.builds.output import LAST_LINES
from jarvis.builds.run import run
from jarvis.errors import DeployFailed, JarvisError, Overdue, StorageFull, TooLarge

_ASK_WITHIN = 10
_BELIEVED = 60.0
"""Seconds for which it is known what this machine can."""
_KEPT = 200
_TRANSFER = re.compile(r"#\d+ (?:sha256:[0-9a-f]{64}|extracting sha256:|transferring |\.\.\.)|$")
_SAID = re.compile(r"#(\d+) \d+\.\d+ (.*)")
_FAILED = re.compile(r"#(\d+) ERROR: ")
_AT = re.compile(r"\s*> \[[^\]]*\] (.+?):?\s*")
_WHY = re.compile(r"failed to solve|executor failed|failed to compute|^ERROR", re.IGNORECASE)
_OLD = 23
"""Before this version the command of Docker could do it without its addition buildx."""


def command(outside: Mapping[str, str]) -> tuple[str, ...]:
    """The words by which this machine builds with BuildKit; none where it cannot.

    What was found is believed for a while: to ask takes as long as a small build.
    """
    return _found(
        outside.get("PATH", os.defpath), outside.get("HOME", "/"), int(time.monotonic() / _BELIEVED)
    )


@lru_cache(4)
def _found(path: str, home: str, _when: int) -> tuple[str, ...]:
    for folder in path.split(os.pathsep):
        program = str(Path(folder, "docker"))
        if not folder or not os.access(program, os.X_OK):
            continue
        env = {"HOME": home, "PATH": path}
        try:
            if shell.run((program, "buildx", "version"), env=env, timeout=_ASK_WITHIN, check=False).code == 0:
                return (program, "buildx", "build", "--load")
            said = shell.run((program, "--version"), env=env, timeout=_ASK_WITHIN).out
        except shell.CommandFailed:
            continue
        version = re.search(r"version (\d+)\.", said)
        if version and int(version[1]) < _OLD:
            return (program, "build")
    return ()


def build(order: Order, words: Sequence[str], outside: Mapping[str, str]) -> None:
    """Build the image and give it its tag.

    Args:
        order: What.
        words: As `command` gives them.
        outside: Our own environment.

    Raises:
        DeployFailed: The build failed; `facts["output"]` has its last lines.
        JarvisError: It took, said or filled too much, or the work was called off.
    """
    with (
        tempfile.TemporaryDirectory(prefix="jarvis-image-") as name,
        bounds.steps(order.address, order.limits),
    ):
        scratch = Path(name)
        said = _Said(order)
        try:
            run(
                [*words, *_options(order, scratch), str(order.folder)],
                cwd=scratch,
                env={
                    "PATH": outside.get("PATH", os.defpath),
                    "HOME": name,
                    "TMPDIR": name,
                    "DOCKER_HOST": order.address,
                    "DOCKER_CONFIG": str(login.settings(scratch / "config", order.logins, outside)),
                    "DOCKER_BUILDKIT": "1",
                },
                scratch=scratch,
                say=said.take,
                hide=order.hide,
                limits=order.limits,
                disks=order.disks,
            )
        except DeployFailed as error:
            raise said.failure() from error
        except Overdue as error:
            raise _with(overdue(order.limits.seconds), said) from error
        except TooLarge as error:
            raise _with(too_loud(order.limits.output), said) from error
        except StorageFull as error:
            raise _with(too_full(order.limits.reserve), said) from error


def _with(error: JarvisError, said: "_Said") -> JarvisError:
    error.facts["output"] = said.last()
    return error


def _options(order: Order, scratch: Path) -> list[str]:
    """The words after `build`. No secret is among them: everybody on the machine could read it."""
    dockerfile = scratch / "Dockerfile"
    text = adapt.mounted(order.dockerfile, order.secrets) if order.ours else order.dockerfile.text
    dockerfile.write_text(text, encoding="utf-8")
    dockerfile.with_name("Dockerfile.dockerignore").write_text("\n".join(order.ignored), encoding="utf-8")
    words = ["--progress=plain", "--tag", order.tag, "--file", str(dockerfile)]
    for name, value in order.labels.items():
        words += ["--label", f"{name}={value}"]
    for name, value in order.arguments.items():
        words += ["--build-arg", f"{name}={value}"]
    for number, (name, value) in enumerate(order.secrets.items()):
        file = scratch / f"secret-{number}"
        file.touch(mode=0o600)
        file.write_text(value, encoding="utf-8")
        words += ["--secret", f"id={name},src={file}"]
    return words


class _Said:
    """What BuildKit says: its words are told, its counting of bytes is not."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._lines: deque[str] = deque(maxlen=_KEPT)

    def take(self, line: str) -> None:
        if not _TRANSFER.match(line):
            self._lines.append(line)
            self._order.say(line)

    def last(self) -> list[str]:
        """The last lines of the step that came last, without secrets."""
        failed = next((match[1] for line in self._lines if (match := _FAILED.match(line))), "")
        found = [match for line in self._lines if (match := _SAID.match(line))]
        number = failed or (found[-1][1] if found else "")
        lines = [match[2] for match in found if match[1] == number][-LAST_LINES:]
        return [line[:500] for line in self._order.hide("\n".join(lines)).split("\n") if line]

    def failure(self) -> JarvisError:
        """What a person is told of a build that failed."""
        lines = [line for line in self._order.hide("\n".join(self._lines)).split("\n") if line.strip()]
        at = next((match[1] for line in lines if (match := _AT.fullmatch(line))), "")
        said = next((line for line in reversed(lines) if _WHY.search(line)), lines[-1] if lines else "")
        instruction = "" if at.startswith("load metadata") else at
        return explained(Failure(said, instruction, self.last() or lines[-LAST_LINES:]))
