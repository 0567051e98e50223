"""Finished pages, or pages that a few commands finish."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian, node
from jarvis.builds.stacks.stack import Stack


def fits(project: Project) -> bool:
    """Pages in no language of a program."""
    plain = project.language in {"static", "html", "none", ""} or not project.builds
    return project.kind == "static" and plain


def stack(project: Project) -> Stack:
    """Nothing runs; a command that makes them finds a shell, and Node.js if it asks for it."""
    return Stack(
        name="pages",
        build_image=debian.SLIM if project.builds else "",
        run_image=debian.SLIM,
        tools=node.tools(project),
        install=project.install_command,
        build=project.build_command,
    )
