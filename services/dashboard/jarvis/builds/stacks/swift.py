"""Swift, with its package manager."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian
from jarvis.builds.stacks.stack import APP, Local, Stack
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(language="Swift", versions=("6.2", "6.3"), usual="6.2", minimum=True)


def fits(project: Project) -> bool:
    """A project of Swift."""
    return project.language == "swift"


def stack(project: Project) -> Stack:
    """The slim image has the libraries that every program of Swift links to."""
    choice = choose(SHELF, project.language_version)
    return Stack(
        name="swift",
        version=choice.version,
        build_image=f"swift:{choice.version}-bookworm",
        run_image=f"swift:{choice.version}-bookworm-slim",
        packages=("libsqlite3-dev",) if project.needs_engine("sqlite") else (),
        run_packages=(debian.CERTIFICATES, *debian.clients(project)),
        manifests=("Package.swift", "Package.resolved*"),
        early=project.install_command,
        build=project.build_command or "swift build -c release",
        caches=("/root/.cache/org.swift.swiftpm",),
        path=(f"{APP}/.build/release",),
        start=project.start_command,
        ignored=(".build",),
        notes=choice.notes,
        local=Local(programs=("swift",), path=(".build/release",)),
    )
