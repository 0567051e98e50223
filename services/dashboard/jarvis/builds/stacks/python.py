"""Python, with pip, uv, Poetry, Pipenv or PDM, in a virtual environment."""

import re
import shlex
from dataclasses import dataclass, field
from itertools import pairwise

from jarvis.builds import command
from jarvis.builds.docker.instruction import PLAIN_PATH
from jarvis.builds.project import Project
from jarvis.builds.stacks import debian, node
from jarvis.builds.stacks.stack import Local, Stack, Tool
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(
    language="Python",
    versions=("3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"),
    usual="3.13",
    old=("3.7", "3.8", "3.9", "3.10"),
)
VENV = "/opt/venv"
UV = Tool("uv", "ghcr.io/astral-sh/uv:0.12.10", (("/uv", "/usr/local/bin/uv"),))
RUNNER = re.compile(r"(?<![\w./-])(?:uv|poetry|pipenv|pdm) run +(?=[A-Za-z0-9_./])(\S+\.py\b)?")

BRINGS = re.compile(r"(?:python3? -m )?pip install (uv|poetry|pipenv|pdm)\s*&&\s*(?=\S)")


@dataclass(frozen=True)
class Manager:
    """How a package manager is brought in, and how it fetches without the sources.

    Attributes:
        early: Put after its install command to leave the project itself out; None where that cannot be.
    """

    prepare: tuple[str, ...]
    manifests: tuple[str, ...]
    caches: tuple[str, ...]
    begins: tuple[str, ...] = ()
    early: str | None = None
    environment: dict[str, str] = field(default_factory=dict[str, str])
    local: dict[str, str] = field(default_factory=dict[str, str])
    tools: tuple[Tool, ...] = ()


PIP = Manager((f"python -m venv {VENV}",), (), ("/root/.cache/pip",))
MANAGERS = {
    "uv": Manager(
        (f"uv venv {VENV}",),
        ("pyproject.toml*", "uv.lock*", ".python-version*"),
        ("/root/.cache/uv",),
        ("uv sync",),
        " --no-install-project",
        {"UV_LINK_MODE": "copy", "UV_PROJECT_ENVIRONMENT": VENV, "UV_PYTHON_DOWNLOADS": "never"},
        tools=(UV,),
    ),
    "poetry": Manager(
        ("pip install poetry==2.*", *PIP.prepare),
        ("pyproject.toml", "poetry.lock*", "poetry.toml*"),
        ("/root/.cache/pypoetry", "/root/.cache/pip"),
        ("poetry install", "poetry sync"),
        " --no-root",
        local={"POETRY_VIRTUALENVS_IN_PROJECT": "true"},
    ),
    "pipenv": Manager(
        ("pip install pipenv==2026.*", *PIP.prepare),
        ("Pipfile", "Pipfile.lock*"),
        ("/root/.cache/pipenv", "/root/.cache/pip"),
        ("pipenv install", "pipenv sync"),
        "",
        local={"PIPENV_VENV_IN_PROJECT": "1"},
    ),
    "pdm": Manager(
        ("pip install pdm==2.*", *PIP.prepare),
        ("pyproject.toml", "pdm.lock*", "pdm.toml*"),
        ("/root/.cache/pdm",),
        ("pdm install", "pdm sync"),
        " --no-self",
    ),
}


def fits(project: Project) -> bool:
    """A project of Python; pages of MkDocs and Sphinx are made by it too."""
    return project.language in {"python", "mkdocs", "sphinx"}


def stack(project: Project) -> Stack:
    """Fetched in the full image, which has compilers; run in the slim one, with libraries of databases."""
    choice = choose(SHELF, project.language_version)
    name, install = _manager(project)
    manager = MANAGERS.get(name, PIP)
    early, manifests = _early(project, manager, install)
    by_pip = manager is PIP or install != project.install_command
    return Stack(
        name="python",
        version=choice.version,
        build_image=f"python:{choice.version}-bookworm" if project.builds else "",
        run_image=f"python:{choice.version}-slim-bookworm",
        tools=(*manager.tools, *node.tools(project)),
        run_packages=debian.clients(project),
        prepare=manager.prepare,
        manifests=manifests,
        early=early,
        install="" if early == install else install,
        build=project.build_command,
        caches=manager.caches,
        build_environment={"VIRTUAL_ENV": VENV, **manager.environment},
        run_environment={"PYTHONUNBUFFERED": "1"},
        path=(f"{VENV}/bin",) if project.builds else (),
        copies=(VENV,) if project.builds else (),
        start=direct(project.start_command),
        probe="python",
        notes=choice.notes,
        local=Local(
            programs=("python3",) if by_pip else ("python3", name),
            before=(("python3", "-m", "venv", ".venv"),) if by_pip else (),
            path=(".venv/bin",),
            environment=manager.local,
            run_environment={"PYTHONUNBUFFERED": "1"},
            install=project.install_command,
            start=direct(project.start_command),
        ),
    )


def direct(start: str) -> str:
    """Without `uv run` and its like: they may fetch at every start, and the environment is on PATH anyway."""
    return RUNNER.sub(lambda found: f"python {found[1]}" if found[1] else "", start)


def _manager(project: Project) -> tuple[str, str]:
    """The package manager, and the install command without the fetch of that manager: the stack brings it."""
    found = BRINGS.match(project.install_command)
    if found:
        return found[1], project.install_command[found.end() :]
    return project.package_manager, project.install_command


def _early(project: Project, manager: Manager, install: str) -> tuple[str, tuple[str, ...]]:
    """The command that fetches without the sources, and the files it reads."""
    if not install or command.scan(install).shell:
        return "", ()
    if manager is PIP or install.startswith("uv pip install"):
        return _requirements(install)
    if manager.early is None or not install.startswith(manager.begins) or project.nested("pyproject.toml"):
        return "", ()
    return (install if manager.early in install else install + manager.early), manager.manifests


def _requirements(install: str) -> tuple[str, tuple[str, ...]]:
    try:
        words = shlex.split(install)
    except ValueError:
        return "", ()
    flags = {"-r", "--requirement"}
    named = [word for flag, word in pairwise(words) if flag in flags]
    local = [word for word in words if word in {".", "-e", "--editable"} or word.startswith((".[", "./"))]
    if not named or local or not all(PLAIN_PATH.fullmatch(name) for name in named):
        return "", ()
    folders = dict.fromkeys(f"{name.split('/', maxsplit=1)[0]}/" for name in named if "/" in name)
    tops = dict.fromkeys(name for name in named if "/" not in name)
    return install, (*tops, "requirements*.txt", "constraints*.txt", *folders)
