"""Zig."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian
from jarvis.builds.stacks.stack import APP, Local, Stack
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(
    language="Zig", versions=("0.11.0", "0.12.1", "0.13.0", "0.14.1", "0.15.2", "0.16.0"), usual="0.15.2"
)
IMAGE = "python:3.13-bookworm"
"""There is no image of Zig; its compiler is also packed for Python."""


def fits(project: Project) -> bool:
    """A project of Zig."""
    return project.language == "zig"


def stack(project: Project) -> Stack:
    """Programs of Zig link to nothing, or to the C library."""
    choice = choose(SHELF, project.language_version)
    where = "import os, ziglang; print(os.path.dirname(ziglang.__file__))"
    return Stack(
        name="zig",
        version=choice.version,
        build_image=IMAGE,
        run_image=debian.SLIM,
        run_packages=(debian.CERTIFICATES,),
        prepare=(
            f"pip install ziglang=={choice.version}",
            f"ln -s \"$(python -c '{where}')/zig\" /usr/local/bin/zig",
        ),
        install=project.install_command,
        build=project.build_command or "zig build --release=safe",
        caches=("/root/.cache/zig",),
        path=(f"{APP}/zig-out/bin",),
        start=project.start_command,
        ignored=(".zig-cache", "zig-cache", "zig-out"),
        notes=choice.notes,
        local=Local(programs=("zig",), path=("zig-out/bin",)),
    )
