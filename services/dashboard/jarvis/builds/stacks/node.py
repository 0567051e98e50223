"""Node.js, with npm, Yarn or pnpm."""

from jarvis.builds.project import Project
from jarvis.builds.stacks.stack import APP, Local, Stack, Tool
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(
    language="Node.js",
    versions=("14", "16", "18", "20", "22", "24", "26"),
    usual="24",
    old=("14", "16", "18", "20"),
)

WITHOUT_COREPACK = 25
"""From here on the image has no corepack, which brings Yarn and pnpm in the version a project names."""

MANIFESTS = {
    "npm": ("package.json", "package-lock.json*", "npm-shrinkwrap.json*", ".npmrc*"),
    "yarn": ("package.json", "yarn.lock*", ".yarnrc*", ".npmrc*"),
    "pnpm": ("package.json", "pnpm-lock.yaml*", "pnpm-workspace.yaml*", ".npmrc*"),
}
FOLDERS = (".yarn/", "patches/", "prisma/")
"""Folders that a fetch reads; copied before the sources when they are known to be there."""

CACHES = {
    "npm": ("/root/.npm",),
    "yarn": ("/usr/local/share/.cache/yarn", "/root/.yarn/berry/cache"),
    "pnpm": ("/root/.local/share/pnpm/store",),
}
COREPACK = {"COREPACK_HOME": "/opt/corepack", "COREPACK_ENABLE_DOWNLOAD_PROMPT": "0"}
"""What was fetched for the build is there when the program is started, so that a start needs no network."""

MADE = ("**/node_modules", ".next", ".nuxt", ".output", ".svelte-kit")


def fits(project: Project) -> bool:
    """A project of Node.js."""
    return project.language in {"node", "javascript", "typescript"}


def stack(project: Project) -> Stack:
    """Fetched in the full image, run in the slim one with everything that was fetched."""
    choice = choose(SHELF, project.language_version)
    image = _image(choice.version)
    manager = project.package_manager if project.package_manager in MANIFESTS else "npm"
    early = project.install_command if not project.nested("package.json") else ""
    asked = manager != "npm" and manager in project.start_command
    return Stack(
        name="node",
        version=choice.version,
        build_image=image if project.builds else "",
        run_image=f"{image}-slim",
        prepare=_prepare(manager, choice.version),
        manifests=(*MANIFESTS[manager], *folders(project)),
        early=early,
        install="" if early else project.install_command,
        build=project.build_command,
        caches=CACHES[manager],
        build_environment={} if manager == "npm" else COREPACK,
        run_environment={"NODE_ENV": "production", **(COREPACK if asked else {})},
        run_prepare=_prepare(manager, choice.version) if asked else (),
        copies=(COREPACK["COREPACK_HOME"],) if asked and project.builds else (),
        path=(f"{APP}/node_modules/.bin",),
        start=project.start_command,
        probe="node",
        ignored=MADE if project.install_command else (),
        notes=choice.notes,
        local=Local(
            programs=("node", manager) if project.install_command else ("node",),
            path=("node_modules/.bin",),
            run_environment={"NODE_ENV": "production"},
        ),
    )


def folders(project: Project) -> tuple[str, ...]:
    """Those of FOLDERS that are there."""
    return tuple(name for name in FOLDERS if any(file.startswith(name) for file in project.files))


def tools(project: Project, *, manifest: bool = False) -> tuple[Tool, ...]:
    """Node.js beside another language, when a command of the project asks for it.

    Args:
        project: What is built.
        manifest: So does a package.json, because the build tool of that language looks for it.
    """
    found = manifest and (project.has("package.json") or project.nested("package.json"))
    if not found and not project.says("npm", "npx", "yarn", "pnpm", "node", "corepack"):
        return ()
    folders = (
        ("/usr/local/bin/", "/usr/local/bin/"),
        ("/usr/local/lib/node_modules/", "/usr/local/lib/node_modules/"),
    )
    return (Tool("node", f"{_image(SHELF.usual)}-slim", folders),)


def _image(version: str) -> str:
    return f"node:{version}-{'bullseye' if version == '14' else 'bookworm'}"


def _prepare(manager: str, version: str) -> tuple[str, ...]:
    if manager == "npm":
        return ()
    if int(version) >= WITHOUT_COREPACK:
        return ("npm install --global corepack@0", "corepack enable")
    return ("corepack enable",)
