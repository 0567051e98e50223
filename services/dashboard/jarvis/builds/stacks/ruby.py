"""Ruby, with Bundler."""

from jarvis.builds import command
from jarvis.builds.project import Project
from jarvis.builds.stacks import debian, node
from jarvis.builds.stacks.stack import Local, Stack
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(
    language="Ruby",
    versions=("2.7", "3.0", "3.1", "3.2", "3.3", "3.4", "4.0"),
    usual="3.4",
    old=("2.7", "3.0", "3.1", "3.2"),
)
BEFORE_BOOKWORM = ("2.7", "3.0")
GEMS = "/usr/local/bundle"


def fits(project: Project) -> bool:
    """A project of Ruby; Jekyll's and Middleman's pages are made by it too."""
    return project.language in {"ruby", "jekyll"}


def stack(project: Project) -> Stack:
    """Gems are fetched in the full image, which has compilers, and go along into the slim one."""
    choice = choose(SHELF, project.language_version)
    debian_name = "bullseye" if choice.version in BEFORE_BOOKWORM else "bookworm"
    rails = project.framework == "rails"
    gem = any(file.endswith(".gemspec") for file in project.files)
    early = "" if gem or project.nested("Gemfile") else project.install_command
    mode = {
        "RACK_ENV": "production",
        **({"RAILS_ENV": "production", "RAILS_LOG_TO_STDOUT": "1"} if rails else {}),
    }
    build = _keyless(project.build_command) if rails else project.build_command
    without = {"BUNDLE_WITHOUT": "development:test"} if project.kind != "static" else {}
    return Stack(
        name="ruby",
        version=choice.version,
        build_image=f"ruby:{choice.version}-{debian_name}" if project.builds else "",
        run_image=f"ruby:{choice.version}-slim-{debian_name}",
        tools=node.tools(project, manifest=True),
        run_packages=(*debian.clients(project), *(("libvips42",) if rails else ())),
        manifests=("Gemfile*", "gems.rb*", "gems.locked*", ".ruby-version*"),
        early=early,
        install="" if early else project.install_command,
        build=build,
        caches=("/root/.bundle/cache",),
        build_environment={"BUNDLE_GLOBAL_GEM_CACHE": "true", **without, **mode},
        run_environment={**without, **mode},
        copies=(GEMS,) if project.builds else (),
        start=project.start_command,
        ignored=("log/*", "tmp/*", "vendor/bundle"),
        notes=choice.notes,
        local=Local(
            programs=("ruby", "bundle") if project.install_command else ("ruby",),
            environment={"BUNDLE_PATH": "vendor/bundle", **without, **mode},
            run_environment={"BUNDLE_PATH": "vendor/bundle", **without, **mode},
        ),
    )


def _keyless(build: str) -> str:
    """Rails wants a key even to press its assets; the real one is there only when it runs."""
    if not build or "SECRET_KEY_BASE" in build:
        return build
    setting = "SECRET_KEY_BASE_DUMMY=1"
    return f"export {setting} && {build}" if command.scan(build).shell else f"{setting} {build}"
