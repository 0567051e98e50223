"""Rust."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian, node
from jarvis.builds.stacks.stack import APP, Local, Stack
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(language="Rust", versions=("1.98",), usual="1.98", minimum=True)
BUILD = "cargo build --release"
KEEP = (
    "mkdir -p /out/target/release"
    " && find target/release -maxdepth 1 -type f -perm -100 -exec cp {} /out/target/release/ ';'"
)


def fits(project: Project) -> bool:
    """A project of Rust."""
    return project.language == "rust"


def stack(project: Project) -> Stack:
    """The folder `target` is a cache, so the programs are taken out of it in the step that makes them."""
    choice = choose(SHELF, project.language_version)
    image = f"rust:{choice.version}-bookworm"
    runs = debian.first(project.start_command) == "cargo"
    keeps = "target/" in project.start_command
    toolchain = project.language_version.startswith(("nightly", "beta", "stable"))
    fetched = (
        f"rustup fetches {project.language_version} when the project's rust-toolchain file asks for it.",
    )
    return Stack(
        name="rust",
        version=choice.version,
        build_image=image,
        run_image=image if runs else debian.SLIM,
        tools=node.tools(project),
        run_packages=() if runs else (debian.CERTIFICATES, "libssl3", *debian.clients(project)),
        install=project.install_command,
        build=project.build_command or BUILD,
        after_build=KEEP if keeps else "",
        out=keeps,
        caches=() if runs else ("/usr/local/cargo/registry", "/usr/local/cargo/git", f"{APP}/target"),
        copies=("/usr/local/cargo",) if runs else (),
        path=(f"{APP}/target/release",),
        start=project.start_command,
        ignored=("target",),
        notes=fetched if toolchain else choice.notes,
        local=Local(programs=("cargo",), path=("target/release",)),
    )
