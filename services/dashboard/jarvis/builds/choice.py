"""Which way a project is built, why, and what a person should know or say about it."""

from dataclasses import dataclass
from typing import Literal

from jarvis.builds import port as ports
from jarvis.builds import refusal, stacks
from jarvis.builds.names import exposed
from jarvis.builds.project import Project
from jarvis.builds.stacks.stack import Stack

Uses = Literal["static", "own-dockerfile", "generated-dockerfile", "compose", "nothing"]
REACHED = frozenset({"web", "static", "dockerfile"})
LOST = "The database is a file beside the program: what is not in a volume is lost with every deploy."


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The way, in words for a person. A question is (what it is about, its text)."""

    uses: Uses
    why: str
    hint: str = ""
    file: str = ""
    stack: Stack | None = None
    warnings: tuple[str, ...] = ()
    questions: tuple[tuple[str, str], ...] = ()


def choose(project: Project) -> Chosen:
    """A Dockerfile of the project's own wins over one of ours; a compose file says which ones there are."""
    if project.kind == "compose" and project.compose:
        return _compose(project)
    stack = None if project.kind in refusal.KINDS else stacks.find(project)
    if project.dockerfile:
        return _own(project, stack)
    found = refusal.of_kind(project)
    about = "root" if project.kind == "monorepo" else "kind"
    if found is None and stack is None:
        found, about = refusal.of_language(project), "language"
    if found is None and stack is not None and project.kind != "static" and not stack.start:
        found, about = refusal.of_start(project), "start_command"
    if found is None and project.strays:
        found, about = refusal.of_pages(), "root"
    if found is not None or stack is None:
        why, hint = found or refusal.of_language(project)
        return Chosen(uses="nothing", why=why, hint=hint, questions=_choice(project, about, hint))
    return _made(project, stack)


def _made(project: Project, stack: Stack) -> Chosen:
    uses: Uses = "generated-dockerfile"
    if project.kind == "static" and not project.builds and not stack.build:
        uses, why = "static", "These are finished pages: Jarvis serves the folder itself and builds nothing."
    elif project.kind == "static":
        why = "Pages are made from this once, and then served; nothing of it runs."
    else:
        why = "The project has no Dockerfile, so Jarvis wrote one. One in the project is used instead of it."
    return Chosen(
        uses=uses,
        why=why,
        stack=stack,
        warnings=(*(stack.notes if uses != "static" else ()), *_warnings(project, stack)),
        questions=_questions(project),
    )


def _own(project: Project, stack: Stack | None) -> Chosen:
    warnings: list[str] = []
    if project.compose:
        warnings.append(f"There is also {project.compose}; it is not used.")
    if stack is not None and stack.start:
        warnings.append("On a machine without Docker the recipe is used, which does not know the Dockerfile.")
    return Chosen(
        uses="own-dockerfile",
        why=f"The project has its own Dockerfile, {project.dockerfile}: Jarvis uses that and writes none.",
        file=project.dockerfile,
        stack=stack,
        warnings=(*warnings, *_warnings(project, stack)),
        questions=_questions(project),
    )


def _compose(project: Project) -> Chosen:
    why = f"The project says in {project.compose} what belongs together; that is used as it is."
    if project.dockerfile:
        why += f" Its own Dockerfile, {project.dockerfile}, is built where that file names it."
    public = [part.name for part in project.parts if part.public]
    if len(public) == 1:
        return Chosen(uses="compose", why=why, file=project.compose)
    some = public or [part.name for part in project.parts]
    listed = f" ({', '.join(some)})" if some else ""
    question = ("parts", f"Which service should people reach{listed}?")
    return Chosen(uses="compose", why=why, file=project.compose, questions=(question,))


def _choice(project: Project, about: str, hint: str) -> tuple[tuple[str, str], ...]:
    if project.kind in {"empty", "config-only", "unsupported"}:
        return ()
    listed = ", ".join(part.root or part.name for part in project.parts)
    return ((about, f"{hint[:-1]}: {listed}." if listed and about == "root" else hint),)


def _warnings(project: Project, stack: Stack | None) -> list[str]:
    found = [
        f"{name} becomes part of the pages, where everybody can read it. Give it no value that is secret."
        for name in exposed(project)
    ]
    if project.kind in {"web", "dockerfile"} and project.port is None and not (stack and stack.port):
        found.append(
            f"It is not known where it listens: it is told PORT={ports.DEFAULT}."
            " Whether it obeys is seen when it runs."
        )
    if project.kind == "script":
        found.append("It runs once and ends; there is nothing to visit.")
    return found


def _questions(project: Project) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    required = [item.name for item in project.environment if item.required]
    if required:
        text = f"Which values should {', '.join(required)} have? It does not do without them."
        found.append(("environment", text))
    found += [
        ("needs", f"Which {need.engine} should it use? It connects to one.")
        for need in project.needs
        if need.level == "required"
    ]
    for engine in embedded(project):
        text = f"In which folder does it keep its {engine} file? {LOST} Only that folder must be kept."
        found.append(("volumes", text))
    return tuple(found)


def embedded(project: Project) -> tuple[str, ...]:
    """Engines whose database is a file of the program's own."""
    return tuple(need.engine for need in project.needs if need.level == "embedded")


def port(project: Project, stack: Stack | None) -> int | None:
    """Where it listens; None for what nobody reaches."""
    if project.kind not in REACHED:
        return None
    if project.kind == "static" and not project.dockerfile:
        return ports.DEFAULT
    fixed = stack.port if stack and not project.dockerfile else None
    return fixed or project.port or ports.DEFAULT


def told(project: Project, stack: Stack | None) -> tuple[bool, dict[str, str]]:
    """Whether the port is known, and the names by which the program is told."""
    pages = project.kind == "static" and not project.dockerfile
    ours = pages or bool(stack and stack.port)
    return (ours or project.port is not None, {"PORT": "{port}"} if pages else ports.variables(project))
