"""The same without Docker: what is done in a release folder, as lists of words."""

from dataclasses import dataclass, field

from jarvis.builds import command
from jarvis.builds.project import Project
from jarvis.builds.stacks.stack import Stack


@dataclass(frozen=True, slots=True)
class Step:
    """One program to run in the release folder.

    Attributes:
        name: `prepare`, `install` or `build`.
        words: The program and its arguments; `/bin/sh -c` where the project's line needs a shell.
    """

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a machine without Docker makes and starts it.

    Attributes:
        programs: What must be on the machine.
        version: Of the language, as the project wants it; empty when it does not say.
        steps: One after the other, in the release folder; each must end well.
        path: Folders, relative to the release, that go before PATH.
        environment: For the steps; `run_environment` for the start. Jarvis's own values, not the project's.
        start: The words of the program that stays; empty for finished pages.
    """

    programs: tuple[str, ...] = ()
    version: str = ""
    steps: tuple[Step, ...] = ()
    path: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict[str, str])
    run_environment: dict[str, str] = field(default_factory=dict[str, str])
    start: tuple[str, ...] = ()


def make(project: Project, stack: Stack) -> Recipe | None:
    """The recipe; None when what starts it is only to be had in an image."""
    local = stack.local
    start = () if project.kind == "static" else command.words(local.start or project.start_command)
    if not start and project.kind != "static":
        return None
    install = "" if local.fetches else local.install or stack.install or project.install_command
    steps = (
        *(Step("prepare", words) for words in local.before),
        Step("install", command.words(install)),
        Step("build", command.words(stack.build)),
    )
    return Recipe(
        programs=local.programs,
        version=project.language_version,
        steps=tuple(step for step in steps if step.words),
        path=local.path,
        environment=dict(local.environment),
        run_environment=dict(local.run_environment),
        start=start,
    )
