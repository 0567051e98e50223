"""What the programs of all ecosystems stand on."""

from jarvis.builds.project import Project

SLIM = "debian:bookworm-slim"
"""Every image here is of this release where there is a choice, so that what one builds runs in the other."""

CERTIFICATES = "ca-certificates"

CLIENTS = {"mysql": "libmariadb3", "postgres": "libpq5", "sqlite": "libsqlite3-0"}
"""Libraries that programs link to when they speak to an engine."""


def clients(project: Project) -> tuple[str, ...]:
    """The libraries for the engines of `project`."""
    return tuple(package for engine, package in CLIENTS.items() if project.needs_engine(engine))


def first(line: str) -> str:
    """The program that a command line begins with; empty for an empty line."""
    return line.split(maxsplit=1)[0] if line else ""
