"""C and C++, with make, CMake or Meson."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian
from jarvis.builds.stacks.stack import Local, Stack

TOOLS = ("build-essential", "cmake", "git", "meson", "ninja-build", "pkg-config")
HEADERS = {"mysql": "libmariadb-dev", "postgres": "libpq-dev", "sqlite": "libsqlite3-dev"}


def fits(project: Project) -> bool:
    """A project of C or C++."""
    return project.language in {"c", "cpp", "c++"}


def stack(project: Project) -> Stack:
    """Debian's compiler, and the libraries that can be told from what it needs."""
    missing = "Libraries beyond the usual ones are not known from the project: if the build misses one, use a"
    headers = tuple(package for engine, package in HEADERS.items() if project.needs_engine(engine))
    return Stack(
        name="cpp",
        build_image=debian.SLIM,
        run_image=debian.SLIM,
        packages=(*TOOLS, *headers),
        run_packages=(debian.CERTIFICATES, "libssl3", *debian.clients(project)),
        install=project.install_command,
        build=project.build_command,
        start=project.start_command,
        notes=(f"{missing} Dockerfile of your own.",),
        local=Local(
            programs=("cc", *(name for name in ("cmake", "make", "meson", "ninja") if project.says(name)))
        ),
    )
