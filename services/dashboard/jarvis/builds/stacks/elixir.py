"""Elixir, started by mix or as a release."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian, node
from jarvis.builds.stacks.stack import Local, Stack
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(
    language="Elixir", versions=("1.16", "1.17", "1.18", "1.19", "1.20"), usual="1.18", old=("1.16",)
)
MIX = {"MIX_ENV": "prod", "MIX_HOME": "/opt/mix", "HEX_HOME": "/opt/hex"}


def fits(project: Project) -> bool:
    """A project of Elixir."""
    return project.language == "elixir"


def stack(project: Project) -> Stack:
    """Both images have the same Erlang, so a release and a start by mix run alike."""
    choice = choose(SHELF, project.language_version)
    image = f"elixir:{choice.version}-otp-{'26' if choice.version == '1.16' else '27'}"
    early = project.install_command if not project.nested("mix.exs") else ""
    mixed = debian.first(project.start_command) == "mix"
    return Stack(
        name="elixir",
        version=choice.version,
        build_image=image,
        run_image=f"{image}-slim",
        tools=node.tools(project, manifest=True),
        prepare=("mix local.hex --force && mix local.rebar --force",),
        manifests=("mix.exs", "mix.lock*"),
        early=early,
        install="" if early else project.install_command,
        build=project.build_command,
        caches=("/root/.cache/rebar3",),
        copies=("/opt/mix", "/opt/hex") if mixed else (),
        build_environment=MIX,
        run_environment={"LANG": "C.UTF-8", **(MIX if mixed else {})},
        start=project.start_command,
        ignored=("_build", "deps", "**/node_modules"),
        notes=choice.notes,
        local=Local(
            programs=("elixir", "mix"), environment={"MIX_ENV": "prod"}, run_environment={"MIX_ENV": "prod"}
        ),
    )
