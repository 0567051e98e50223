"""The build plan: how what was handed in becomes something that runs, as data.

Made from a verdict alone: the same verdict gives the same bytes. docs/build-plan.md explains each member.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from jarvis.builds import choice, dockerfile, recipe
from jarvis.builds.names import Name, names
from jarvis.builds.project import Project, read
from jarvis.builds.recipe import Recipe
from jarvis.builds.stacks.stack import Stack

SCHEMA = 1
"""Raised when a member changes its meaning or goes away; not when one is added."""


@dataclass(frozen=True, slots=True)
class Image:
    """What a stage of the Dockerfile stands on."""

    stage: str
    name: str


@dataclass(frozen=True, slots=True)
class Steps:
    """The project's own words; empty where there is nothing to do."""

    install: str
    build: str
    start: str


@dataclass(frozen=True, slots=True)
class Port:
    """Where the program listens, and by which names it is told.

    Attributes:
        known: The project says so; otherwise it is only hoped that the program obeys PORT.
        environment: Name → value, with `{host}` and `{port}` to fill in.
    """

    number: int
    known: bool
    environment: dict[str, str]


@dataclass(frozen=True, slots=True)
class Health:
    """How one sees that it is well: an answer below 400 at `path`, or that something listens at all."""

    check: Literal["http", "tcp"]
    path: str


@dataclass(frozen=True, slots=True)
class Volume:
    """A folder that must outlive the program."""

    path: str
    engine: str
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can say.

    Attributes:
        about: The member of the verdict or of the plan that the answer is for.
    """

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """The generated one, with what is not to be sent to the build."""

    text: str
    sha256: str
    ignore: str


@dataclass(frozen=True, slots=True)
class Static:
    """Finished pages.

    Attributes:
        root: Their folder after the build, relative to the plan's root; `.` for the root itself.
        spa: Every unknown path is answered with the first page.
    """

    root: str
    spa: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildPlan:
    """How it is built and started. docs/build-plan.md has the members."""

    schema: int = SCHEMA
    sha256: str = ""
    kind: str
    root: str
    uses: choice.Uses
    why: str
    hint: str = ""
    file: str = ""
    stack: str = ""
    images: tuple[Image, ...] = ()
    steps: Steps
    output: tuple[str, ...] = ()
    caches: tuple[str, ...] = ()
    environment: tuple[Name, ...] = ()
    port: Port | None = None
    health: Health | None = None
    user: int | None = None
    volumes: tuple[Volume, ...] = ()
    static: Static | None = None
    dockerfile: Dockerfile | None = None
    recipe: Recipe | None = None
    warnings: tuple[str, ...] = ()
    questions: tuple[Question, ...] = field(default_factory=tuple)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)

    def to_json(self) -> bytes:
        """The canonical bytes: members in order of names, no spaces, ASCII."""
        return canonical(self.to_dict())


def canonical(members: Mapping[str, Any]) -> bytes:
    """One way to write `members`, so that equal plans are equal bytes."""
    return json.dumps(members, sort_keys=True, separators=(",", ":")).encode("ascii")


def checksum(members: Mapping[str, Any]) -> str:
    """The SHA-256 of a plan's canonical bytes without its own checksum."""
    return hashlib.sha256(canonical({**members, "sha256": ""})).hexdigest()


def plan(
    verdict: Mapping[str, Any], files: Collection[str] | None = None, *, sources_first: bool = False
) -> BuildPlan:
    """How the artifact of `verdict` is built and started.

    Args:
        verdict: As `Verdict.to_dict()` gives it.
        files: The paths of the artifact, if they are known: more of them is then fetched early and cached.
        sources_first: Fetch dependencies with all sources there. Slower; for a project whose first build
            failed because its fetch reads more than its manifests.

    Raises:
        InvalidInput: The verdict holds what no verdict can hold.
    """
    project = read(verdict, files)
    chosen = choice.choose(project)
    draft = BuildPlan(
        kind=project.kind,
        root=project.root,
        uses=chosen.uses,
        why=chosen.why,
        hint=chosen.hint,
        file=chosen.file,
        steps=Steps(project.install_command, project.build_command, project.start_command),
        warnings=chosen.warnings,
        questions=tuple(Question(*question) for question in chosen.questions),
    )
    if chosen.uses not in {"nothing", "compose"}:
        draft = _filled(draft, project, chosen.stack, sources_first=sources_first)
    return replace(draft, sha256=checksum(draft.to_dict()))


def _filled(draft: BuildPlan, project: Project, stack: Stack | None, *, sources_first: bool) -> BuildPlan:
    number = choice.port(project, stack)
    embedded = choice.embedded(project)
    found = replace(
        draft,
        environment=names(project),
        port=Port(number, *choice.told(project, stack)) if number else None,
        health=_health(project) if number else None,
        volumes=tuple(Volume(dockerfile.DATA, engine, choice.LOST) for engine in embedded),
        static=Static(project.static_dir or ".", project.spa) if project.kind == "static" else None,
        recipe=recipe.make(project, stack) if stack else None,
    )
    if stack is None or draft.uses == "own-dockerfile":
        return found
    order = dockerfile.Order(
        project=project,
        stack=stack,
        names=found.environment,
        port=number,
        data=bool(embedded),
        sources_first=sources_first,
    )
    text = dockerfile.render(order)
    stages = dockerfile.images(order)
    return replace(
        found,
        stack=stack.name,
        images=tuple(Image(stage, name) for stage, name in stages if name not in dict(stages)),
        output=dockerfile.output(order),
        caches=stack.caches if stack.build_image else (),
        user=dockerfile.UID,
        dockerfile=Dockerfile(
            text, hashlib.sha256(text.encode()).hexdigest(), dockerfile.dockerignore(order)
        ),
    )


def _health(project: Project) -> Health:
    return Health("http" if project.health_path else "tcp", project.health_path)
