"""Gleam, on Erlang."""

from jarvis.builds.project import Project
from jarvis.builds.stacks.stack import Local, Stack

IMAGE = "ghcr.io/gleam-lang/gleam:v1.15.0-erlang-alpine"
BUILD = "gleam export erlang-shipment"
START = "./build/erlang-shipment/entrypoint.sh run"


def fits(project: Project) -> bool:
    """A project of Gleam."""
    return project.language == "gleam"


def stack(project: Project) -> Stack:
    """What is exported wants the Erlang it was made with, so it runs in the same image."""
    start = project.start_command or START
    return Stack(
        name="gleam",
        version="1.15",
        build_image=IMAGE,
        run_image=IMAGE,
        manifests=("gleam.toml", "manifest.toml*"),
        early=project.install_command,
        build=project.build_command or (BUILD if start == START else ""),
        start=start,
        probe="busybox",
        ignored=("build",),
        local=Local(programs=("gleam", "erl"), start=start),
    )
