"""Deno."""

from jarvis.builds.project import Project
from jarvis.builds.stacks.stack import Local, Stack
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(language="Deno", versions=("1", "2"), usual="2", old=("1",))
IMAGES = {"1": "denoland/deno:debian-1.46.3", "2": "denoland/deno:debian-2.6.3"}
CACHE = "/opt/deno"


def fits(project: Project) -> bool:
    """A project of Deno."""
    return project.language == "deno"


def stack(project: Project) -> Stack:
    """Deno runs what it fetched from its own cache, so that goes along into the image."""
    choice = choose(SHELF, project.language_version)
    image = IMAGES[choice.version]
    early = project.install_command if project.install_command.startswith("deno install") else ""
    return Stack(
        name="deno",
        version=choice.version,
        build_image=image if project.builds else "",
        run_image=image,
        manifests=("deno.json*", "deno.lock*", "package.json*"),
        early=early,
        install="" if early else project.install_command,
        build=project.build_command,
        build_environment={"DENO_DIR": CACHE},
        run_environment={"DENO_DIR": CACHE},
        copies=(CACHE,) if project.builds else (),
        owned=(CACHE,),
        start=project.start_command,
        notes=choice.notes,
        local=Local(
            programs=("deno",), environment={"DENO_DIR": ".deno"}, run_environment={"DENO_DIR": ".deno"}
        ),
    )
