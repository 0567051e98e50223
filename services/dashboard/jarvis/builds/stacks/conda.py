"""Python with the packages of conda, fetched by micromamba."""

import re

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian
from jarvis.builds.stacks.python import direct
from jarvis.builds.stacks.stack import Local, Stack

IMAGE = "mambaorg/micromamba:2.9.0-debian12-slim"
FOLDER = "/opt/conda/envs/app"


def fits(project: Project) -> bool:
    """A project of Python or R that names its packages for conda."""
    return project.package_manager in {"conda", "micromamba", "mamba"}


def stack(project: Project) -> Stack:
    """The environment is a folder that needs nothing of the image it was made in."""
    name = "environment.yaml" if project.has("environment.yaml") else "environment.yml"
    return Stack(
        name="conda",
        build_image=IMAGE,
        rootless=True,
        run_image=debian.SLIM,
        run_packages=(debian.CERTIFICATES,),
        manifests=(name,),
        early=f"micromamba create --yes --prefix {FOLDER} --file {name}",
        build=project.build_command,
        caches=("/opt/conda/pkgs",),
        path=(f"{FOLDER}/bin",),
        copies=(FOLDER,),
        run_environment={"CONDA_PREFIX": FOLDER, "PYTHONUNBUFFERED": "1"},
        start=_direct(project.start_command),
        probe="python" if project.language == "python" else "bash",
        notes=("The packages are fetched by micromamba, from the same file.",),
        local=Local(
            programs=("micromamba",),
            before=(("micromamba", "create", "--yes", "--prefix", ".conda", "--file", name),),
            fetches=True,
            path=(".conda/bin",),
            start=_direct(project.start_command),
        ),
    )


def _direct(start: str) -> str:
    flags = r"(?:-n +\S+ +|--name +\S+ +|--no-capture-output +|--live-stream +)*"
    return direct(re.sub(rf"(?<![\w./-])(?:conda|mamba|micromamba) run +{flags}", "", start))
