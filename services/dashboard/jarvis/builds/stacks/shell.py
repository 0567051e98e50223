"""Scripts of a shell, and programs that were handed in ready to run."""

from jarvis.builds import command
from jarvis.builds.project import Project
from jarvis.builds.stacks import debian
from jarvis.builds.stacks.stack import Local, Stack

SHELLS = ("zsh", "fish", "ksh")
"""Those that Debian does not have from the beginning."""

LANGUAGES = frozenset({"shell", "bash", "sh", "zsh", "binary", "executable"})


def fits(project: Project) -> bool:
    """A script, or a program that needs nothing made."""
    return project.language in LANGUAGES


def stack(project: Project) -> Stack:
    """A bare Debian with the folder in it."""
    shells = tuple(name for name in SHELLS if project.says(name))
    started = command.words(project.start_command)[:1]
    executable = tuple(word for word in started if word.startswith("./"))
    return Stack(
        name="shell",
        build_image=debian.SLIM if project.builds else "",
        run_image=debian.SLIM,
        run_packages=(debian.CERTIFICATES, *shells),
        install=project.install_command,
        build=project.build_command,
        start=project.start_command,
        executable=executable,
        local=Local(programs=shells),
    )
