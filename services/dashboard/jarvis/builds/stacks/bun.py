"""Projects of Node.js that are fetched and run by Bun."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import node
from jarvis.builds.stacks.stack import APP, Local, Stack

IMAGE = "oven/bun:1.3.10-debian"
MANIFESTS = ("package.json", "bun.lock*", "bunfig.toml*", ".npmrc*")


def fits(project: Project) -> bool:
    """Bun is its package manager, or what it is written for."""
    return project.language == "bun" or (node.fits(project) and project.package_manager == "bun")


def stack(project: Project) -> Stack:
    """Made and run in one image; where a program asks for `node`, Bun answers."""
    early = project.install_command if not project.nested("package.json") else ""
    return Stack(
        name="bun",
        version="1.3",
        build_image=IMAGE if project.builds else "",
        run_image=IMAGE,
        manifests=(*MANIFESTS, *node.folders(project)),
        early=early,
        install="" if early else project.install_command,
        build=project.build_command,
        caches=("/root/.bun/install/cache",),
        run_environment={"NODE_ENV": "production"},
        path=(f"{APP}/node_modules/.bin",),
        start=project.start_command,
        ignored=node.MADE if project.install_command else (),
        local=Local(
            programs=("bun",), path=("node_modules/.bin",), run_environment={"NODE_ENV": "production"}
        ),
    )
