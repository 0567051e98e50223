"""Pages made by Zola."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian
from jarvis.builds.stacks.stack import Local, Stack, Tool

ZOLA = Tool("zola", "ghcr.io/getzola/zola:v0.22.1", (("/bin/zola", "/usr/local/bin/zola"),))


def fits(project: Project) -> bool:
    """Pages that Zola makes."""
    return project.language == "zola"


def stack(project: Project) -> Stack:
    """Its image has no shell, so the program is taken out of it."""
    return Stack(
        name="zola",
        version="0.22",
        build_image=debian.SLIM,
        run_image=debian.SLIM,
        tools=(ZOLA,),
        packages=(debian.CERTIFICATES,),
        install=project.install_command,
        build=project.build_command or "zola build",
        start=project.start_command,
        notes=("Zola 0.22 is used.",),
        local=Local(programs=("zola",)),
    )
