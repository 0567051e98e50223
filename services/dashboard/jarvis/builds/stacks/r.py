"""R."""

from jarvis.builds.project import Project
from jarvis.builds.stacks.stack import Local, Stack

IMAGE = "rocker/r-ver:4.5.0"
LIBRARY = "/usr/local/lib/R/site-library"


def fits(project: Project) -> bool:
    """A project of R."""
    return project.language == "r"


def stack(project: Project) -> Stack:
    """Packages go along as they were fetched."""
    renv = {"RENV_CONFIG_CACHE_SYMLINKS": "FALSE"}
    return Stack(
        name="r",
        version="4.5",
        build_image=IMAGE if project.builds else "",
        run_image=IMAGE,
        install=project.install_command,
        build=project.build_command,
        caches=("/root/.cache/R",) if project.builds else (),
        copies=(LIBRARY,) if project.builds else (),
        build_environment=renv,
        start=project.start_command,
        notes=("R 4.5 is used.",),
        local=Local(programs=("Rscript",), environment=renv),
    )
