"""Servers for WSGI applications: only one that is asked for, as far as there is a choice."""

import re

from jarvis.analysis.python import place, ports
from jarvis.analysis.python.program import Program
from jarvis.analysis.python.project import Project
from jarvis.analysis.python.sources import Sources
from jarvis.analysis.python.start import Ground, Start, run_file, shell_port

OWN_SERVER = re.compile(
    r"(?:^|\.)(?:serve|serve_forever|run_simple|WSGIServer|make_server|quickstart|HTTPServer)$"
)
"""Calls that serve an application; unlike `run` they are no server for developing."""
_READS_PORT = re.compile(r"""[\[(]\s*["'](?:\w+_)?PORT["']""")


def start(ground: Ground) -> Start | None:
    """The server that is asked for; None for none."""
    app = ground.choice.app
    asked = ground.project.has("gunicorn", "waitress", "uwsgi", "granian")
    if app is None or asked is None or (app.factory and not app.plain):
        return None
    folder = ground.place().folder
    target = ground.target(called=True)
    target = f'"{target}"' if app.factory else target
    why = f"it asks for {asked.written}"
    if asked.name == "gunicorn":
        into = f" --chdir {folder}" if folder else ""
        return ground.say(f"gunicorn{_bind(ground)}{into}{_worker(ground)} {target}", why, 8000)
    if asked.name == "uwsgi":
        into = f" --chdir {folder}" if folder else ""
        words = f"uwsgi --http 0.0.0.0:{ground.bind(8000)}{into} --master --module {target}"
        return ground.say(words, why, 8000)
    if asked.name == "waitress":
        if serves(ground):
            return None
        call = " --call" if app.factory else ""
        words = f"waitress-serve --host=0.0.0.0 --port={ground.bind(8080)}{call} {ground.target()}"
        return ground.say(ground.inside(words), why, 8080)
    factory = " --factory" if app.factory else ""
    words = f"granian --interface wsgi --host 0.0.0.0 --port {ground.bind(8000)}{factory} {ground.target()}"
    return ground.say(ground.inside(words), why, 8000)


def _bind(ground: Ground) -> str:
    """Its configuration file, and the address unless that file takes it from PORT."""
    config = ports.gunicorn_config(ground.sources)
    if config and _READS_PORT.search(ground.sources.tree.text(config)):
        return f" --config {config}"
    bind = f" --bind 0.0.0.0:{ground.bind(8000)}"
    return f" --config {config}{bind}" if config else bind


def _worker(ground: Ground) -> str:
    """Sockets need a worker that can hold them."""
    if not ground.project.has("flask-socketio", "flask-sockets", "flask-sock"):
        return ""
    if ground.project.has("eventlet"):
        return " --worker-class eventlet --workers 1"
    if ground.project.has("gevent-websocket"):
        return " --worker-class geventwebsocket.gunicorn.workers.GeventWebSocketWorker --workers 1"
    return " --threads 100 --workers 1"


def serves(ground: Ground) -> bool:
    """The file starts a server of its own that is fit for production."""
    module = ground.sources.module(ground.choice.file)
    return module is not None and any(OWN_SERVER.search(run.call) for run in module.runs)


def raw(project: Project, sources: Sources, program: Program, port: int | None) -> Start:
    """A plain WSGI or ASGI function: the server that is asked for, its own, or the usual one."""
    protocol, _, name = program.raw.partition(":")
    at = place.of(program.file, sources, project)
    bind = shell_port(port or 8000)
    if protocol == "asgi":
        into = f" --app-dir {at.folder}" if at.folder else ""
        words = f"uvicorn {at.module}:{name}{into} --host 0.0.0.0 --port {bind}"
        server = "" if project.has("uvicorn") else "uvicorn"
        return Start(words, program.file, program.line, program.why, server, port=port or 8000)
    module = sources.module(program.file)
    own = next((run for run in module.runs if OWN_SERVER.search(run.call)), None) if module else None
    if own is not None and not project.has("gunicorn"):
        words = run_file(program.file, sources, project)
        return Start(words, program.file, own.line, f"{program.file} starts its own server", port=port)
    if project.has("waitress") and not project.has("gunicorn") and not at.folder:
        words = f"waitress-serve --host=0.0.0.0 --port={bind} {at.module}:{name}"
        return Start(words, program.file, program.line, program.why, port=port or 8000)
    into = f" --chdir {at.folder}" if at.folder else ""
    words = f"gunicorn --bind 0.0.0.0:{bind}{into} {at.module}:{name}"
    server = "" if project.has("gunicorn") else "gunicorn"
    return Start(words, program.file, program.line, program.why, server, port=port or 8000)
