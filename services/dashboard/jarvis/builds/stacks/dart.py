"""Dart, as a program or run from its sources."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian
from jarvis.builds.stacks.stack import Local, Stack
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(language="Dart", versions=("3.13",), usual="3.13", minimum=True)
CACHE = "/opt/pub-cache"


def fits(project: Project) -> bool:
    """A project of Dart without Flutter."""
    return project.language == "dart" and project.framework != "flutter"


def stack(project: Project) -> Stack:
    """A compiled program needs nothing of Dart."""
    choice = choose(SHELF, project.language_version)
    image = f"dart:{choice.version}"
    runs = debian.first(project.start_command) == "dart"
    return Stack(
        name="dart",
        version=choice.version,
        build_image=image,
        run_image=image if runs else debian.SLIM,
        run_packages=() if runs else (debian.CERTIFICATES,),
        manifests=("pubspec.yaml", "pubspec.lock*"),
        early=project.install_command if not project.nested("pubspec.yaml") else "",
        install=project.install_command,
        build=project.build_command,
        caches=() if runs else (CACHE,),
        copies=(CACHE,) if runs else (),
        build_environment={"PUB_CACHE": CACHE},
        run_environment={"PUB_CACHE": CACHE} if runs else {},
        start=project.start_command,
        ignored=(".dart_tool",),
        notes=choice.notes,
        local=Local(programs=("dart",)),
    )
