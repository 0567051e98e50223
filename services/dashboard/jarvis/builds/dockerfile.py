"""The Dockerfile of a plan: the same plan in Docker's words, for a person to read before it is used."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jarvis.builds import command, port
from jarvis.builds.docker import caddyfile, health, ignore, instruction
from jarvis.builds.names import Name
from jarvis.builds.project import Project
from jarvis.builds.stacks.stack import APP, Stack

SYNTAX = "# syntax=docker/dockerfile:1"
WRITTEN = (
    "# Written by Jarvis from what it found in the project.",
    "# A Dockerfile of your own in the project is used instead of this one.",
)
UID = 10001
"""The user that programs run as: no name of the machine has this number."""

CADDY = "caddy:2.11-alpine"
CADDYFILE = "/etc/caddy/Caddyfile"
PAGES = "/srv"
DATA = "/data"
"""Where a program can keep files that outlive it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a Dockerfile is written from.

    Attributes:
        port: Where the program listens; None when nobody reaches it.
        data: It has files to keep.
        sources_first: Copy everything before the first fetch, for projects whose fetch reads their sources.
    """

    project: Project
    stack: Stack
    names: tuple[Name, ...] = ()
    port: int | None = None
    data: bool = False
    sources_first: bool = False

    @property
    def static(self) -> bool:
        """Finished pages come out of it, and nothing runs but their server."""
        return self.project.kind == "static"


def images(order: Order) -> tuple[tuple[str, str], ...]:
    """(stage, image) for each stage, from the first to the last."""
    stack = order.stack
    found = [(tool.name, tool.image) for tool in stack.tools if stack.build_image]
    shared = bool(stack.base and stack.build_image)
    if shared:
        found.append(("base", stack.build_image))
    if stack.build_image:
        found.append(("build", "base" if shared else stack.build_image))
    elif order.static and _copied(order.project):
        found.append(("build", CADDY))
    run = "base" if shared else stack.run_image
    return (*found, ("run", CADDY if order.static else run))


def output(order: Order) -> tuple[str, ...]:
    """The folders of the last stage that hold what came from the project."""
    if order.static:
        return (PAGES,)
    return (*((APP,) if order.stack.sources else ()), *order.stack.copies)


def dockerignore(order: Order) -> str:
    """What is not sent to the build."""
    pages = ignore.PAGES if order.static and not order.stack.build_image else ()
    return ignore.text(*order.stack.ignored, *pages)


def render(order: Order) -> str:
    """The text. Same order, same bytes."""
    stages = dict(images(order))
    lines = [SYNTAX, *WRITTEN]
    for name, image in stages.items():
        lines += ["", f"FROM {image} AS {name}"]
        if name == "base":
            lines += [f"RUN {line}" for line in order.stack.base]
        elif name == "build":
            lines += _build(order) if order.stack.build_image else _unbuilt(order)
        elif name == "run":
            lines += _pages(order) if order.static else _run(order)
    return "\n".join(lines) + "\n"


def _build(order: Order) -> Iterator[str]:
    project, stack = order.project, order.stack
    missing = any(project.lacks(name) for name in stack.manifests if "*" not in name)
    late = order.sources_first or missing
    early = "" if late else stack.early
    install = stack.install or (stack.early if late else "")
    caches = [instruction.cache(folder) for folder in stack.caches]
    if stack.rootless:
        yield "USER root"
    yield f"WORKDIR {APP}"
    if stack.packages:
        yield instruction.packages(stack.packages)
    for tool in stack.tools:
        for there, here in tool.copies:
            yield f"COPY --from={tool.name} {there} {here}"
    yield from instruction.environment(_with_path(stack.build_environment, stack.path))
    for line in stack.prepare:
        yield f"RUN {line}"
    fetch = [*caches, *(instruction.secret(item.name) for item in order.names if item.fetch)]
    if early:
        yield "# Fetched again only when these files change."
        yield from _manifests(stack.manifests)
        yield instruction.run(early, fetch)
    yield "COPY . ."
    if install:
        yield instruction.run(install, fetch)
    if stack.build or stack.after_build:
        told = [item for item in order.names if item.build]
        yield from (f"ARG {item.name}" for item in told if item.public and not item.secret)
        secrets = [instruction.secret(item.name) for item in told if item.secret or not item.public]
        yield instruction.run(stack.build, [*caches, *secrets], stack.after_build)
    if order.static and _copied(project):
        yield _gather(project)


def _unbuilt(order: Order) -> Iterator[str]:
    yield f"WORKDIR {APP}"
    yield "COPY . ."
    yield _gather(order.project)


def _gather(project: Project) -> str:
    """Move the pages to where they can be copied from without their folder's name."""
    copy = 'mkdir -p /pages && cp -R -- "./$0/." /pages/'
    return instruction.run_words((command.SHELL, "-c", copy, project.static_dir))


def _copied(project: Project) -> bool:
    """The folder of the pages has a name that means something to COPY."""
    folder = project.static_dir
    return folder not in {"", "."} and not instruction.PLAIN_PATH.fullmatch(folder)


def _manifests(names: Sequence[str]) -> Iterator[str]:
    yield " ".join(("COPY", *(name for name in names if not name.endswith("/")), "./"))
    for name in names:
        if name.endswith("/"):
            yield f"COPY {name} ./{name}"


def _with_path(values: Mapping[str, str], path: Sequence[str]) -> dict[str, str]:
    return {**values, "PATH": ":".join((*path, "$PATH"))} if path else dict(values)


def _run(order: Order) -> Iterator[str]:
    stack, own = order.stack, f"--chown={UID}:{UID}"
    if stack.run_packages:
        yield instruction.packages(stack.run_packages)
    for line in (*(() if stack.build_image else stack.base), *stack.run_prepare):
        yield f"RUN {line}"
    yield "# The program runs as a user that is nobody on the machine."
    yield instruction.user(UID, ("/home/app", APP, *stack.owned, *((DATA,) if order.data else ())))
    for path, lines in stack.files.items():
        yield instruction.file(path, lines)
    told = port.filled(port.variables(order.project), "0.0.0.0", order.port) if order.port else {}  # noqa: S104  # in the image
    yield from instruction.environment({**_with_path(stack.run_environment, stack.path), **told})
    yield f"WORKDIR {APP}"
    if not stack.build_image:
        yield f"COPY {own} . ./"
    else:
        if stack.sources:
            yield f"COPY --from=build {own} {APP} ./"
        if stack.out:
            yield f"COPY --from=build {own} /out ./"
        for folder in stack.copies:
            yield f"COPY --from=build {own} {folder} {folder}"
    if stack.executable:
        yield instruction.run_words(("chmod", "+x", "--", *stack.executable))
    yield f"USER {UID}:{UID}"
    if order.port:
        yield from _reached(order.port, health.words(stack.probe, order.project.health_path))
    yield "ENTRYPOINT []"
    yield f"CMD {instruction.listed(command.words(stack.start))}"


def _pages(order: Order) -> Iterator[str]:
    project, folder = order.project, order.project.static_dir
    yield "# A copy has lost the right to low ports, with which it could not start without privileges."
    yield "RUN cp /usr/bin/caddy /tmp/caddy && mv /tmp/caddy /usr/bin/caddy"
    yield instruction.file(CADDYFILE, caddyfile.pages(spa=project.spa))
    yield from instruction.environment(
        {"PORT": str(order.port), "XDG_CONFIG_HOME": "/tmp", "XDG_DATA_HOME": "/tmp"}  # noqa: S108  # in the image
    )
    inside = "" if folder in {"", "."} else f"{folder}/"
    if _copied(project):
        yield f"COPY --from=build /pages/ {PAGES}/"
    elif order.stack.build_image:
        yield f"COPY --from=build {APP}/{inside} {PAGES}/"
    else:
        yield f"COPY {inside or '.'} {PAGES}/"
    yield f"USER {UID}:{UID}"
    if order.port:
        yield from _reached(order.port, health.words("busybox", ""))
    yield "ENTRYPOINT []"
    yield f"CMD {instruction.listed(('caddy', 'run', '--config', CADDYFILE, '--adapter', 'caddyfile'))}"


def _reached(number: int, probe: Sequence[str]) -> Iterator[str]:
    yield f"EXPOSE {number}"
    times = "--interval=10s --timeout=5s --start-period=60s --retries=3"
    yield f"HEALTHCHECK {times} CMD {instruction.listed(probe)}"
