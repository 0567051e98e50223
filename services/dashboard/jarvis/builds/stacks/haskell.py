"""Haskell, with Stack or Cabal."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian
from jarvis.builds.stacks.stack import APP, Local, Stack

IMAGE = "haskell:9.10-bookworm"


def fits(project: Project) -> bool:
    """A project of Haskell."""
    return project.language == "haskell"


def stack(project: Project) -> Stack:
    """Programs link to little; one that is started by its build tool keeps the whole image."""
    runs = debian.first(project.start_command) in {"stack", "cabal"}
    home = {"CABAL_DIR": "/opt/cabal", "STACK_ROOT": "/opt/stack"}
    return Stack(
        name="haskell",
        version="9.10",
        build_image=IMAGE,
        run_image=IMAGE if runs else debian.SLIM,
        run_packages=() if runs else (debian.CERTIFICATES, "libgmp10", "libnuma1", *debian.clients(project)),
        prepare=("mkdir -p /opt/cabal /opt/stack",) if runs else (),
        install=project.install_command,
        build=project.build_command,
        caches=() if runs else tuple(home.values()),
        copies=tuple(home.values()) if runs else (),
        build_environment=home,
        run_environment=home if runs else {},
        path=(f"{APP}/bin",),
        start=project.start_command,
        ignored=("dist-newstyle", ".stack-work"),
        notes=("GHC 9.10 is used; Stack fetches another one if the project's snapshot names it.",),
        local=Local(
            programs=("ghc", "stack" if project.package_manager == "stack" else "cabal"), path=("bin",)
        ),
    )
