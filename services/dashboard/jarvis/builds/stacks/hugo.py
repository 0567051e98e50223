"""Pages made by Hugo."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian
from jarvis.builds.stacks.stack import Local, Stack

IMAGE = "ghcr.io/gohugoio/hugo:v0.152.2"


def fits(project: Project) -> bool:
    """Pages that Hugo makes."""
    return project.language == "hugo"


def stack(project: Project) -> Stack:
    """Its image has Node.js, Go and Git too, which themes and modules ask for."""
    return Stack(
        name="hugo",
        version="0.152",
        build_image=IMAGE,
        rootless=True,
        run_image=debian.SLIM,
        install=project.install_command,
        build=project.build_command or "hugo --minify",
        caches=("/cache", "/root/.npm"),
        build_environment={"HUGO_CACHEDIR": "/cache"},
        start=project.start_command,
        ignored=("resources/_gen", *(("**/node_modules",) if project.install_command else ())),
        notes=("Hugo 0.152 is used.",),
        local=Local(programs=("hugo",)),
    )
