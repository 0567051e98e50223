"""The frameworks, in the order in which the outer one is believed where two meet. A new one is one row."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Framework:
    """One framework.

    Attributes:
        distributions: Normalised names under which it, or something that is useless without it, is installed.
        modules: What a program of it imports; of `aiohttp.web` the importing of `aiohttp` says nothing.
        makers: Dotted calls that make the application.
        kind: As in `Candidate.kind`.
        protocol: `wsgi`, `asgi`, or empty where no foreign server can serve it.
        port: What it listens on by itself.
        alone: Importing it is enough; no application object is there to be found.
    """

    name: str
    distributions: tuple[str, ...]
    modules: tuple[str, ...]
    makers: tuple[str, ...] = ()
    kind: str = "web"
    protocol: str = ""
    port: int | None = 8000
    alone: bool = False


FRAMEWORKS: tuple[Framework, ...] = (
    Framework(
        "azure-functions", ("azure-functions", "azure-functions-durable"), ("azure.functions",),
        tuple(f"azure.functions.{name}" for name in ("FunctionApp", "AsgiFunctionApp", "WsgiFunctionApp")),
        "function", port=7071, alone=True,
    ),
    Framework(
        "functions-framework", ("functions-framework",), ("functions_framework",), (), "function", port=8080,
        alone=True,
    ),
    Framework("chalice", ("chalice",), ("chalice",), ("chalice.Chalice",), "function", port=8000),
    Framework("google-adk", ("google-adk",), ("google.adk",), (), port=8000, alone=True),
    Framework("reflex", ("reflex", "pynecone"), ("reflex", "pynecone"), (), port=3000, alone=True),
    Framework("chainlit", ("chainlit",), ("chainlit",), port=8000, alone=True),
    Framework("streamlit", ("streamlit",), ("streamlit",), port=8501, alone=True),
    Framework(
        "django", ("django", "djangorestframework", "wagtail", "django-cms", "django-ninja", "mezzanine"),
        ("django",), ("django.core.wsgi.get_wsgi_application", "django.core.asgi.get_asgi_application"),
        protocol="wsgi",
    ),
    Framework("nicegui", ("nicegui",), ("nicegui",), port=8080, alone=True),
    Framework(
        "dash", ("dash", "dash-bootstrap-components"), ("dash",), ("dash.Dash", "jupyter_dash.JupyterDash"),
        port=8050,
    ),
    Framework(
        "fasthtml", ("python-fasthtml",), ("fasthtml", "fasthtml.common"),
        tuple(f"fasthtml.{name}" for name in (
            "FastHTML", "fast_app", "common.FastHTML", "common.fast_app", "core.FastHTML", "fastapp.fast_app",
        )),
        protocol="asgi", port=5001,
    ),
    Framework("solara", ("solara",), ("solara",), port=8765, alone=True),
    Framework("shiny", ("shiny",), ("shiny",), ("shiny.App",), protocol="asgi"),
    Framework("mesop", ("mesop",), ("mesop",), port=32123, alone=True),
    Framework("panel", ("panel",), ("panel",), port=5006, alone=True),
    Framework(
        "fastapi", ("fastapi", "fastapi-slim", "fastapi-cli", "langserve"), ("fastapi",),
        ("fastapi.FastAPI",), protocol="asgi",
    ),
    Framework(
        "gradio", ("gradio",), ("gradio",),
        tuple(f"gradio.{name}" for name in ("Blocks", "Interface", "ChatInterface", "TabbedInterface")),
        port=7860, alone=True,
    ),
    Framework(
        "litestar", ("litestar", "starlite"), ("litestar", "starlite"),
        ("litestar.Litestar", "starlite.Starlite"), protocol="asgi",
    ),
    Framework(
        "quart", ("quart",), ("quart",), ("quart.Quart", "quart_trio.QuartTrio"), protocol="asgi", port=5000,
    ),
    Framework("sanic", ("sanic",), ("sanic",), ("sanic.Sanic",), protocol="asgi"),
    Framework("robyn", ("robyn",), ("robyn",), ("robyn.Robyn",), port=8080),
    Framework("blacksheep", ("blacksheep",), ("blacksheep",), ("blacksheep.Application",), protocol="asgi"),
    Framework(
        "flask",
        ("flask", "apiflask", "flask-openapi3", "flask-appbuilder", "flask-restful", "flask-restx", "eve"),
        ("flask", "apiflask", "flask_openapi3", "eve"),
        (
            "flask.Flask", "flask.app.Flask", "apiflask.APIFlask", "flask_openapi3.OpenAPI", "eve.Eve",
            "flask_api.FlaskAPI",
        ),
        protocol="wsgi", port=5000,
    ),
    Framework(
        "connexion", ("connexion",), ("connexion",),
        ("connexion.App", "connexion.FlaskApp", "connexion.AsyncApp", "connexion.AioHttpApp"),
        protocol="asgi",
    ),
    Framework(
        "starlette", ("starlette",), ("starlette", "starlette.applications"),
        ("starlette.applications.Starlette",), protocol="asgi",
    ),
    Framework(
        "falcon", ("falcon",), ("falcon",), ("falcon.App", "falcon.API", "falcon.asgi.App"), protocol="wsgi",
    ),
    Framework(
        "pyramid", ("pyramid",), ("pyramid",), ("pyramid.config.Configurator",), protocol="wsgi", port=6543,
    ),
    Framework(
        "bottle", ("bottle",), ("bottle",), ("bottle.Bottle", "bottle.default_app", "bottle.app"),
        protocol="wsgi", port=8080,
    ),
    Framework("cherrypy", ("cherrypy",), ("cherrypy",), ("cherrypy.tree.mount",), port=8080, alone=True),
    Framework("web.py", ("web-py",), ("web",), ("web.application",), protocol="wsgi", port=8080),
    Framework("hug", ("hug",), ("hug",), ("hug.API",), alone=True),
    Framework("microdot", ("microdot",), ("microdot",), ("microdot.Microdot",), port=5000),
    Framework(
        "masonite", ("masonite",), ("masonite",), ("masonite.foundation.Application",), protocol="wsgi",
    ),
    Framework("aiohttp", ("aiohttp",), ("aiohttp.web",), ("aiohttp.web.Application",), port=8080),
    Framework(
        "tornado", ("tornado",), ("tornado.web", "tornado.httpserver"), ("tornado.web.Application",),
        port=8888,
    ),
    Framework("twisted", ("twisted",), ("twisted.web",), ("twisted.web.server.Site",), port=8080),
    Framework("scrapy", ("scrapy",), ("scrapy",), (), "worker", port=None, alone=True),
    Framework("celery", ("celery",), ("celery",), ("celery.Celery",), "worker", port=None),
    Framework("rq", ("rq",), ("rq",), ("rq.Worker",), "worker", port=None),
    Framework("dramatiq", ("dramatiq",), ("dramatiq",), (), "worker", port=None, alone=True),
    Framework("huey", ("huey",), ("huey",), ("huey.SqliteHuey", "huey.RedisHuey"), "worker", port=None),
    Framework("arq", ("arq",), ("arq",), (), "worker", port=None, alone=True),
    Framework("faust", ("faust", "faust-streaming"), ("faust",), ("faust.App",), "worker", port=None),
    Framework(
        "discord.py", ("discord-py", "py-cord", "nextcord", "disnake", "discord"),
        ("discord", "nextcord", "disnake"), (), "worker", port=None, alone=True,
    ),
    Framework("aiogram", ("aiogram",), ("aiogram",), (), "worker", port=None, alone=True),
    Framework(
        "python-telegram-bot", ("python-telegram-bot",), ("telegram.ext",), (), "worker", port=None,
        alone=True,
    ),
    Framework("telebot", ("pytelegrambotapi",), ("telebot",), (), "worker", port=None, alone=True),
)  # fmt: skip

BY_NAME = {item.name: item for item in FRAMEWORKS}
MAKERS = {maker: item for item in FRAMEWORKS for maker in item.makers}
BASES = frozenset(maker.rpartition(".")[2] for maker in MAKERS)
"""The last word of every maker, for a quick look before a file is parsed."""
ORDER = {item.name: at for at, item in enumerate(FRAMEWORKS)}
