"""Go."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian, node
from jarvis.builds.stacks.stack import APP, Local, Stack
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(language="Go", versions=("1.24", "1.25", "1.26", "1.27"), usual="1.26", minimum=True)
BUILD, START = "go build -o bin/app .", "./bin/app"
LONE = "go build -o bin/app *.go"
"""Without a go.mod, Go wants the names of the files."""


def fits(project: Project) -> bool:
    """A project of Go."""
    return project.language == "go"


def stack(project: Project) -> Stack:
    """One program in a small image; the sources stay beside it, because templates are read from there."""
    choice = choose(SHELF, project.language_version)
    image = f"golang:{choice.version}-bookworm"
    whole = project.has("vendor/modules.txt", "go.work") or project.nested("go.mod")
    early = "" if whole or project.install_command != "go mod download" else project.install_command
    start = project.start_command or START
    lone = project.package_manager in {"", "none"} and not project.has("go.mod")
    runs = debian.first(start) == "go"
    return Stack(
        name="go",
        version=choice.version,
        build_image=image,
        run_image=image if runs else debian.SLIM,
        tools=node.tools(project),
        run_packages=() if runs else (debian.CERTIFICATES, "tzdata"),
        manifests=("go.mod", "go.sum*"),
        early=early,
        install="" if early else project.install_command,
        build=project.build_command or ("" if runs else LONE if lone else BUILD),
        caches=() if runs else ("/go/pkg/mod", "/root/.cache/go-build"),
        copies=("/go",) if runs else (),
        path=(f"{APP}/bin",),
        start=start,
        notes=choice.notes,
        local=Local(programs=("go",), path=("bin",), start=start),
    )
