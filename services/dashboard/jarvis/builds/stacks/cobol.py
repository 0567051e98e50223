"""COBOL, with GnuCOBOL."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian
from jarvis.builds.stacks.stack import Local, Stack

PACKAGES = ("gcc", "gnucobol4", "libc6-dev")


def fits(project: Project) -> bool:
    """A project of COBOL."""
    return project.language == "cobol"


def stack(project: Project) -> Stack:
    """The compiler comes with Debian, and with it the library that programs link to."""
    return Stack(
        name="cobol",
        build_image=debian.SLIM,
        run_image=debian.SLIM,
        packages=PACKAGES,
        run_packages=("libcob5",),
        install=project.install_command,
        build=project.build_command,
        start=project.start_command,
        local=Local(programs=("cobc",)),
    )
