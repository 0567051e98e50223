"""Frameworks that serve themselves, each by its own command."""

from collections.abc import Callable

from jarvis.analysis.python import asgi, wsgi
from jarvis.analysis.python.start import Ground, Start, run_file

_DEVELOPING = frozenset({"flask", "quart"})
"""What `app.run()` starts is a server for developing, and it listens on 127.0.0.1 unless told otherwise."""
_NO_SERVER = frozenset({"fast_app", "bind", "create_server"})
_KNOWN = ("app", "application", "create_app", "make_app")
"""Names that Flask's command finds by itself."""


def start(ground: Ground) -> Start:
    """The words for any framework but Django."""
    special = _SPECIAL.get(ground.choice.framework.name)
    if special is not None:
        return special(ground)
    if ground.choice.app is not None and ground.choice.framework.protocol:
        served = asgi.start(ground) if ground.choice.framework.protocol == "asgi" else wsgi.start(ground)
        if served is not None:
            return served
    return _itself(ground) or _program(ground)


def _itself(ground: Ground) -> Start | None:
    """The program starts a server when it is run; or Flask's command does."""
    choice, sources = ground.choice, ground.sources
    developing = choice.framework.name in _DEVELOPING
    near = [path for path in sources.files[:6] if path.count("/") <= 1]
    for path in dict.fromkeys([choice.file, *near]):
        module = sources.module(path)
        for run in module.runs if module else ():
            last = run.call.rpartition(".")[2]
            fit = wsgi.OWN_SERVER.search(run.call) is not None
            if last in _NO_SERVER or run.call.startswith(("subprocess.", "asyncio.", "anyio.")):
                continue
            if developing and not fit and run.host not in ("0.0.0.0", "::", "?"):  # noqa: S104 - read, not bound
                continue
            debug = developing and not fit and last == "run" and "socketio" not in run.call.lower()
            port = run.port or ground.port or choice.framework.port
            words = run_file(path, sources, ground.project)
            return Start(words, path, run.line, f"{path} starts its own server", "", debug, port)
    if choice.framework.name != "flask" or choice.app is None:
        return None
    target = ground.place().module if choice.app.name in _KNOWN else ground.target()
    words = f"flask --app {target} run --host 0.0.0.0 --port {ground.bind(5000)}"
    return ground.say(ground.inside(words), "it asks for no server, so Flask's own is left", 5000, debug=True)


def _program(ground: Ground) -> Start:
    why = f"{ground.choice.file} is the program"
    return ground.say(_python(ground), why, ground.choice.framework.port)


def _python(ground: Ground) -> str:
    return run_file(ground.choice.file, ground.sources, ground.project)


def _command(words: str, default: int | None, name: str) -> Callable[[Ground], Start]:
    """A framework with a command of its own; `{file}`, `{module}`, `{target}` and `{port}` are filled in."""

    def make(ground: Ground) -> Start:
        said = words.format(
            file=ground.choice.file,
            module=ground.place().module,
            target=ground.target(),
            port=ground.bind(default or 0),
        )
        return ground.say(said, f"{name} has a command for it", default)

    return make


def _gradio(ground: Ground) -> Start:
    words = _python(ground)
    module = ground.sources.module(ground.choice.file)
    if not (module and any(run.host and run.call.endswith(".launch") for run in module.runs)):
        words = f"GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT={ground.bind(7860)} {words}"
    return ground.say(words, "Gradio serves itself", 7860)


def _dash(ground: Ground) -> Start:
    module = ground.sources.module(ground.choice.file)
    if module is not None and "server" in module.names and ground.project.has("gunicorn"):
        at = ground.place()
        folder = f" --chdir {at.folder}" if at.folder else ""
        words = f"gunicorn --bind 0.0.0.0:{ground.bind(8050)}{folder} {at.module}:server"
        return ground.say(words, "it asks for gunicorn, and `server` is what gunicorn can serve", 8050)
    if module is not None and any(run.host in ("0.0.0.0", "::") for run in module.runs):  # noqa: S104 - read, not bound
        return _program(ground)
    words = f"HOST=0.0.0.0 PORT={ground.bind(8050)} {_python(ground)}"
    return ground.say(words, "Dash reads HOST and PORT", 8050)


def _fasthtml(ground: Ground) -> Start:
    module = ground.sources.module(ground.choice.file)
    if module is not None and any(run.call.rpartition(".")[2] == "serve" for run in module.runs):
        return ground.say(_python(ground), "serve() starts uvicorn and reads PORT", 5001)
    return asgi.start(ground) or _program(ground)


def _aiohttp(ground: Ground) -> Start:
    own = _itself(ground)
    if own is not None or ground.choice.app is None or not ground.project.has("gunicorn"):
        return own or _program(ground)
    worker = "--worker-class aiohttp.GunicornWebWorker"
    words = f"gunicorn --bind 0.0.0.0:{ground.bind(8080)} {worker} {ground.target()}"
    return ground.say(words, "it asks for gunicorn", 8080)


def _pyramid(ground: Ground) -> Start:
    config = ground.sources.tree.first("production.ini", "development.ini")
    if not config:
        return wsgi.start(ground) or _itself(ground) or _program(ground)
    words = f"pserve {config} http_port={ground.bind(6543)}"
    why = f"{config} tells pserve what to serve"
    return Start(words, config, None, why, debug=config.startswith("dev"), port=ground.port or 6543)


_SPECIAL: dict[str, Callable[[Ground], Start]] = {
    "streamlit": _command(
        "streamlit run {file} --server.port {port} --server.address 0.0.0.0", 8501, "Streamlit"
    ),
    "chainlit": _command("chainlit run {file} --host 0.0.0.0 --port {port} --headless", 8000, "Chainlit"),
    "panel": _command(
        "panel serve {file} --address 0.0.0.0 --port {port} --allow-websocket-origin='*'", 5006, "Panel"
    ),
    "solara": _command("solara run {file} --host 0.0.0.0 --port {port} --production", 8765, "Solara"),
    "mesop": _command("mesop {file} --port {port} --prod", 32123, "Mesop"),
    "shiny": _command("shiny run --host 0.0.0.0 --port {port} {file}", 8000, "Shiny"),
    "reflex": _command("reflex run --env prod --single-port --frontend-port {port}", 3000, "Reflex"),
    "google-adk": _command("adk api_server --host 0.0.0.0 --port {port}", 8000, "the agent kit"),
    "azure-functions": _command("func start --port {port}", 7071, "the Functions host"),
    "chalice": _command("chalice local --host 0.0.0.0 --port {port}", 8000, "Chalice"),
    "scrapy": _command("scrapy list | xargs -n 1 scrapy crawl", None, "Scrapy"),
    "celery": _command("celery --app {module} worker --loglevel info", None, "Celery"),
    "rq": _command("rq worker", None, "RQ"),
    "dramatiq": _command("dramatiq {module}", None, "Dramatiq"),
    "arq": _command("arq {module}.WorkerSettings", None, "arq"),
    "faust": _command("faust --app {module} worker --loglevel info", None, "Faust"),
    "gradio": _gradio,
    "dash": _dash,
    "fasthtml": _fasthtml,
    "aiohttp": _aiohttp,
    "pyramid": _pyramid,
}
"""What does not follow from the protocol. A new one is one line."""
