"""What an ecosystem answers: how a project of its kind is fetched, made and started."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from jarvis.builds.docker.health import Probe
from jarvis.builds.project import Project

APP = "/app"
"""The folder of the program in every image."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that is taken from an image of its own into the build: (from there, to here)."""

    name: str
    image: str
    copies: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """The same without Docker, in a release folder.

    Attributes:
        programs: What must be on the machine, in the project's words.
        before: Programs that prepare the folder, each as its words.
        fetches: They do what the project's install command would.
        path: Folders within the release that go before PATH.
        environment: Set for every step; `run_environment` for the start.
        install: Where it differs from the stack's; so does `start`.
    """

    programs: tuple[str, ...] = ()
    before: tuple[tuple[str, ...], ...] = ()
    fetches: bool = False
    path: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    run_environment: Mapping[str, str] = field(default_factory=dict[str, str])
    install: str = ""
    start: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One project in the words of its ecosystem. Commands are lines; those of the project stay as they are.

    Attributes:
        name: Of the ecosystem.
        build_image: Where it is fetched and made; empty when there is nothing to do.
        run_image: Where it runs.
        rootless: The build image begins as another user than root.
        version: Of the language; empty when there is no choice.
        tools: Programs from other images that the build needs.
        packages: Of Debian, for the build; `run_packages` for the run.
        base: Our commands in the image, where build and run share it.
        prepare: Our commands before anything of the project is there.
        manifests: What the first fetch reads; copied before the sources, so that an unchanged list of
            dependencies is not fetched again. A `*` means: if it is there; a `/` at the end: the folder.
        early: Fetches with the manifests alone; empty when the sources are needed.
        install: Fetches with the sources there; empty when `early` did everything.
        build: Makes what is started or served.
        after_build: Ours, in the same step as the build, while the caches are there.
        caches: Folders that outlive a build, outside the image.
        build_environment: Our own values; `run_environment` for the run.
        path: Folders that go before PATH, in the image.
        copies: Folders that go from the build into the image as they are, beside the program's own.
        sources: The program's folder goes into the image, because it may read more of it than what was made.
        out: The build leaves more below /out; it is put into the program's folder.
        files: Our own files in the run image: path → lines.
        start: The command that starts it.
        port: Where it listens, whatever the project says; None where the project decides.
        owned: Folders beside the program's own that it must be able to write to.
        run_prepare: Our commands in the run image.
        executable: Files that are started, and may have lost the right to be.
        probe: What the image has to ask the program whether it is well.
        ignored: Lines for .dockerignore.
        notes: What a person should know.
    """

    name: str
    run_image: str
    build_image: str = ""
    rootless: bool = False
    version: str = ""
    tools: tuple[Tool, ...] = ()
    packages: tuple[str, ...] = ()
    run_packages: tuple[str, ...] = ()
    base: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    early: str = ""
    install: str = ""
    build: str = ""
    after_build: str = ""
    caches: tuple[str, ...] = ()
    build_environment: Mapping[str, str] = field(default_factory=dict[str, str])
    run_environment: Mapping[str, str] = field(default_factory=dict[str, str])
    path: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    sources: bool = True
    out: bool = False
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    start: str = ""
    port: int | None = None
    owned: tuple[str, ...] = ()
    run_prepare: tuple[str, ...] = ()
    executable: tuple[str, ...] = ()
    probe: Probe = "bash"
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    local: Local = field(default_factory=Local)


class Ecosystem(Protocol):
    """The inside of every module that is listed in `jarvis.builds.stacks`."""

    def fits(self, project: Project) -> bool:
        """It is one of ours."""
        ...

    def stack(self, project: Project) -> Stack:
        """How it is fetched, made and started."""
        ...
