"""Flutter, for pages in the browser."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian
from jarvis.builds.stacks.stack import Local, Stack

IMAGE = "ghcr.io/cirruslabs/flutter:3.41.2"


def fits(project: Project) -> bool:
    """A project of Flutter."""
    return project.framework == "flutter" and project.language == "dart"


def stack(project: Project) -> Stack:
    """Only the pages are of use here; what it makes for phones is not served."""
    return Stack(
        name="flutter",
        version="3.41",
        build_image=IMAGE,
        run_image=debian.SLIM,
        manifests=("pubspec.yaml", "pubspec.lock*"),
        early=project.install_command,
        build=project.build_command or "flutter build web",
        caches=("/root/.pub-cache",),
        start=project.start_command,
        ignored=(".dart_tool", "build"),
        local=Local(programs=("flutter",)),
    )
