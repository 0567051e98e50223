"""What is said where there is nothing to build."""

from jarvis.builds.project import Project

KINDS = {
    "config-only": (
        "There is configuration here, but no program and no pages.",
        "Hand in the folder with the program in it.",
    ),
    "empty": ("There are no files to make anything of.", "Hand in a folder or an archive with files in it."),
    "function": (
        "This is a function that a cloud calls; nothing in it listens for visitors.",
        "Add a small server that calls it and say what starts it, or hand in a Dockerfile.",
    ),
    "library": (
        "This is a library: other programs use it, and nothing in it starts by itself.",
        "Hand in a program that uses it, or correct the start command if it has one.",
    ),
    "monorepo": (
        "There are several programs here, and Jarvis does not guess which one is meant.",
        "Choose one of them by its folder.",
    ),
    "unsupported": (
        "This cannot run on Linux, so it cannot run here.",
        "Move it to a version that runs on Linux, or hand in a Dockerfile.",
    ),
}
"""Kind → why there is nothing to build, and what a person can do."""


def of_kind(project: Project) -> tuple[str, str] | None:
    """(why, what to do) for a kind that is never built; None for the others."""
    return KINDS.get(project.kind)


def of_language(project: Project) -> tuple[str, str]:
    """The same for a language without an image."""
    language = project.language or "this"
    return (
        f"Jarvis has no image that builds and runs {language!r}.",
        "Hand in a Dockerfile, or correct the language if it is not the right one.",
    )


def of_pages() -> tuple[str, str]:
    """The same for pages that come out beside what is built."""
    return (
        "The pages are made in a folder outside of the one that is built.",
        "Choose the folder above both as root, and the commands that belong there.",
    )


def of_start(project: Project) -> tuple[str, str]:
    """The same for a program that nothing starts."""
    return (
        f"It is not known what starts this {project.kind}.",
        "Say what starts it: correct `start_command`, or add a Procfile with a line such as `web: …`.",
    )
