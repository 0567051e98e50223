"""Servers for ASGI applications; without one that is asked for, uvicorn is installed beside it."""

from jarvis.analysis.python.requirements import Requirement
from jarvis.analysis.python.start import Ground, Start

_BUNDLES = ("fastapi", "litestar", "starlite", "connexion")
_WITH_SERVER = frozenset({"standard", "all", "uvicorn"})


def start(ground: Ground) -> Start | None:
    """The server; None for an application that no server can be given."""
    app, project = ground.choice.app, ground.project
    if app is None or (app.factory and not app.plain):
        return None
    name = ground.choice.framework.name
    asked = project.has("uvicorn", "uvicorn-worker", "hypercorn", "daphne", "granian")
    server = asked.name if asked else {"quart": "hypercorn", "sanic": "sanic"}.get(name, "uvicorn")
    factory = " --factory" if app.factory else ""
    why = (
        f"it asks for {asked.written}" if asked else f"{name} is served by {server} unless it says otherwise"
    )
    port = ground.bind(8000)
    if server == "hypercorn":
        words = f"hypercorn --bind 0.0.0.0:{port} {ground.target(called=True)}"
    elif server == "daphne":
        words = f"daphne -b 0.0.0.0 -p {port} {ground.target()}"
    elif server == "granian":
        words = f"granian --interface asgi --host 0.0.0.0 --port {port}{factory} {ground.target()}"
    elif server == "sanic":
        words = f"sanic {ground.target()} --host=0.0.0.0 --port={port}{factory}"
    else:
        folder = ground.place().folder
        into = f" --app-dir {folder}" if folder else ""
        words = f"uvicorn {ground.target()}{into}{factory} --host 0.0.0.0 --port {port}"
        missing = "" if asked or _bundled(ground) else "uvicorn"
        return ground.say(words, why, 8000, server=missing)
    return ground.say(ground.inside(words), why, 8000)


def _bundled(ground: Ground) -> bool:
    """Something that is asked for brings uvicorn along."""
    project = ground.project
    if project.has("python-fasthtml", "fastapi-cli", "nicegui", "gradio", "chainlit"):
        return True
    found: list[Requirement] = [item for name in _BUNDLES if (item := project.has(name))]
    return any(_WITH_SERVER & set(item.extras) for item in found)
