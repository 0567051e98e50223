"""The words that fetch what a project asks for, tool by tool."""

from jarvis.analysis.python.project import Project

_LISTED = "pip install uv && uv pip install -r pyproject.toml"
"""Only what is asked for: a folder of programs is no package, and building one of it would fail."""


def words(project: Project) -> str:
    """The command; empty where nothing can be installed. Only a tool that is the package manager is there."""
    locked = bool(project.lock)
    root = "" if project.scripts else " --no-root"
    match project.manager, project.tool:
        case "uv", _:
            return "uv sync --locked --no-dev"
        case "poetry", _:
            return f"poetry install --only main{root}"
        case "pdm", _:
            return "pdm sync --prod"
        case "pipenv", _:
            return "pipenv install --deploy" if locked else "pipenv install"
        case "pixi", _:
            return "pixi install --locked" if locked else "pixi install"
        case "conda", _:
            return f"conda env update --name base --file {project.manifest}"
        case "pyproject", "poetry" if not project.packaged:
            return f"pip install poetry && poetry install --only main{root}"
        case "pyproject", "pip" | "uv" | "pdm" if not project.packaged:
            return _LISTED if project.wanted else ""
        case "pyproject" | "setuptools", "pip" | "uv" | "pdm" | "poetry":
            return "pip install ."
        case _, "pip":
            return f"pip install -r {project.manifest}"
        case _:
            return ""


def with_server(command: str, server: str) -> str:
    """The same, and something that is not asked for."""
    if not server:
        return command
    if "pip install" in command.rpartition("&&")[2]:
        return f"{command} {server}"
    return f"{command} && pip install {server}" if command else f"pip install {server}"


def unpinned(project: Project) -> bool:
    """The next installation may fetch other versions than this one."""
    if project.lock or not project.tool:
        return False
    if project.manager == "pip":
        return any(not item.version.startswith("==") for item in project.wanted.values())
    return bool(project.wanted)
