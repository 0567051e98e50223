"""What a candidate gets from files that no language owns: Procfile, platform files, containers."""

import re

from jarvis.analysis import container, dsn, platforms, stack
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.environment import variables
from jarvis.analysis.procfile import NAME, processes
from jarvis.analysis.tree import Tree

ONCE = frozenset({"release", "console", "rake", "predeploy", "postdeploy", "setup", "migrate"})
"""Processes that are run once or by hand."""
_SERVER = re.compile(
    r"\$\{?PORT\b|\b(?:gunicorn|uvicorn|hypercorn|daphne|waitress-serve|granian|uwsgi|puma|unicorn|thin|passenger"
    r"|rackup|rails s(?:erver)?|heroku-php-\w+|apache2|nginx|caddy|streamlit run|shiny|next start|serve)\b"
)
SERVE = "caddy file-server --root {} --listen :${{PORT:-8080}}"
"""How finished pages can be served by themselves."""


def complete(found: Candidate, tree: Tree) -> None:
    """Let platform files and then the Procfile overrule, and add what containers tell."""
    _platform(found, tree)
    _procfile(found, tree)
    if found.kind != "compose":
        if found.kind != "dockerfile":
            _image(found, tree)
        _stack(found, tree)
    _databases(found, tree)


def serve(found: Candidate) -> None:
    """Say how pages are served that nothing else starts."""
    if found.kind == "static" and not found.start_command:
        file = next((item.file for item in found.evidence if item.fact in {"static_dir", "kind"}), "")
        pages = found.static_dir or "."
        claim(found, file, "serves the finished pages", start_command=SERVE.format(pages))


def _platform(found: Candidate, tree: Tree) -> None:
    if said := platforms.start(tree):
        claim(found, said.file, "the project says so to another platform", said.line, start_command=said.text)
    if found.language == "none" and (said := platforms.provider(tree)):
        claim(found, said.file, "the project says so to another platform", said.line, language=said.text)
    if said := platforms.health(tree):
        claim(found, said.file, "another platform is told to ask for it", said.line, health_path=said.text)


def _procfile(found: Candidate, tree: Tree) -> None:
    """`web` is what the world reaches; a single other process is a worker."""
    named = processes(tree)
    lasting = [name for name in named if name not in ONCE]
    name = "web" if "web" in named else lasting[0] if len(lasting) == 1 else ""
    if not name:
        return
    command, line = named[name]
    claim(found, NAME, f"the process {name} of the Procfile", line, start_command=command)
    if name == "web" and found.kind in {"script", "library", "config-only"} and _listens(command, tree):
        claim(found, NAME, "a web process that is given a port answers requests", line, kind="web")
    elif name != "web" and found.kind in {"script", "library", "web", "config-only"}:
        claim(found, NAME, "its only process is not a web one", line, kind="worker")


def _listens(command: str, tree: Tree) -> bool:
    """Does the command, or a source, take the port that it is given? One that does not only says hello."""
    return _SERVER.search(command) is not None or any(item.name == "PORT" for item in variables(tree))


def _image(found: Candidate, tree: Tree) -> None:
    """The port and the path that its own Dockerfile tells, because that is what is built."""
    file = container.dockerfile(tree)
    image = container.read(tree, file) if file else None
    if image is None:
        return
    if image.ports and found.kind in {"web", "script", "static"}:
        port, line = next(iter(image.ports.items()))
        claim(found, file, "EXPOSE names the port", line, port=port)
    if not found.health_path and (health := image.health_path()):
        claim(found, file, "HEALTHCHECK asks for it", health[1], health_path=health[0])
    if not found.start_command and (started := image.start()):
        claim(found, file, "what the container runs", started[1], start_command=started[0])


def _stack(found: Candidate, tree: Tree) -> None:
    """Databases beside it in the compose file: required where the service built from here depends on them."""
    file = stack.compose_file(tree)
    services = stack.services(tree, file) if file else []
    own = [service for service in services if service.build == ""]
    needed = {beside.name for service in own for beside in stack.uses(services, service)}
    for service in services:
        if service.engine:
            level = "required" if service.name in needed else "optional"
            why = f"the service {service.name} of the compose file runs {service.image}"
            found.need(service.engine, level, file, why, service.line)


def _databases(found: Candidate, tree: Tree) -> None:
    """Add-ons, and addresses in example settings where nothing else tells of a database."""
    for engine, addon, file, line in platforms.addons(tree):
        found.need(engine, "required", file, f"the add-on {addon} is asked for", line)
    if any(need.level != "optional" for need in found.needs) or found.kind in {
        "static",
        "library",
        "compose",
    }:
        return
    for name, value, file, line in dsn.settings(tree):
        if "://" in value and (engine := dsn.engine(value)):
            # where the dependencies are known, a driver would have been seen among them
            level = "optional" if found.dependencies else "required"
            found.need(engine, level, file, f"{name} is set to its address", line)
