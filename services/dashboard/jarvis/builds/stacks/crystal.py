"""Crystal, with Shards."""

from jarvis.builds.project import Project
from jarvis.builds.stacks.stack import APP, Local, Stack

IMAGE = "crystallang/crystal:1.17.1"


def fits(project: Project) -> bool:
    """A project of Crystal."""
    return project.language == "crystal"


def stack(project: Project) -> Stack:
    """It runs in the image it was made in, which has the libraries that programs of Crystal link to."""
    return Stack(
        name="crystal",
        version="1.17",
        build_image=IMAGE,
        run_image=IMAGE,
        manifests=("shard.yml", "shard.lock*"),
        early=project.install_command,
        build=project.build_command or "shards build --release --production",
        caches=("/root/.cache/shards", "/root/.cache/crystal"),
        path=(f"{APP}/bin",),
        start=project.start_command,
        ignored=("lib",),
        local=Local(programs=("crystal", "shards"), path=("bin",)),
    )
