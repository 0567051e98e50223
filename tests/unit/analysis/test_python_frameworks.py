"""Every framework of the Python detector, each as the smallest program that somebody would hand in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import python

Look = Callable[[dict[str, str]], Candidate]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def at(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(python.detect(tree), tree)

    return at


def test_it_works(look: Look):
    found = look(
        {"requirements.txt": "flask==3.1.0\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n"}
    )
    assert (found.kind, found.language, found.framework, found.confidence) == ("web", "python", "flask", 0.97)
    assert [(item.file, item.line) for item in found.evidence if item.fact == "framework"] == [("app.py", 2)]


APPS = [
    (
        "flask",
        "gunicorn\nFlask",
        "import flask\napp = flask.Flask(__name__)\n",
        "gunicorn --bind 0.0.0.0:${PORT:-8000} main:app",
    ),
    (
        "flask",
        "gunicorn\nflask",
        "from flask import *\napplication = Flask(__name__)\n",
        "gunicorn --bind 0.0.0.0:${PORT:-8000} main:application",
    ),
    (
        "flask",
        "gunicorn\nflask",
        "from flask import Flask\ndef create_app(config=None):\n    app = Flask(__name__)\n    return app\n",
        'gunicorn --bind 0.0.0.0:${PORT:-8000} "main:create_app()"',
    ),
    (
        "flask",
        "gunicorn\nflask",
        "from flask import Flask\ndef create_app():\n    return Flask(__name__)\napp = create_app()\n",
        "gunicorn --bind 0.0.0.0:${PORT:-8000} main:app",
    ),
    (
        "flask",
        "flask\nwaitress",
        "from flask import Flask\napp = Flask(__name__)\n",
        "waitress-serve --host=0.0.0.0 --port=${PORT:-8080} main:app",
    ),
    (
        "flask",
        "flask\nwaitress",
        (
            "from flask import Flask\nfrom waitress import serve\napp = Flask(__name__)\n"
            "serve(app, host='0.0.0.0', port=8123)\n"
        ),
        "python main.py",
    ),
    (
        "flask",
        "flask",
        "from flask import Flask\napp = Flask(__name__)\n",
        "flask --app main run --host 0.0.0.0 --port ${PORT:-5000}",
    ),
    (
        "flask",
        "flask",
        (
            "from flask import Flask\nweb = Flask(__name__)\nif __name__ == '__main__':\n"
            "    web.run(host='0.0.0.0')\n"
        ),
        "python main.py",
    ),
    (
        "flask",
        "flask\ngunicorn\neventlet\nflask-socketio",
        (
            "from flask import Flask\nfrom flask_socketio import SocketIO\n"
            "app = Flask(__name__)\nsocketio = SocketIO(app)\n"
        ),
        "gunicorn --bind 0.0.0.0:${PORT:-8000} --worker-class eventlet --workers 1 main:app",
    ),
    (
        "flask",
        "apiflask\ngunicorn",
        "from apiflask import APIFlask\napp = APIFlask(__name__)\n",
        "gunicorn --bind 0.0.0.0:${PORT:-8000} main:app",
    ),
    (
        "fastapi",
        "fastapi\nuvicorn[standard]",
        "from fastapi import FastAPI\napp: FastAPI = FastAPI()\n",
        "uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}",
    ),
    (
        "fastapi",
        "fastapi[standard]",
        "import fastapi\napi = fastapi.FastAPI()\n",
        "uvicorn main:api --host 0.0.0.0 --port ${PORT:-8000}",
    ),
    (
        "fastapi",
        "fastapi\nhypercorn",
        "from fastapi import FastAPI\napp = FastAPI()\n",
        "hypercorn --bind 0.0.0.0:${PORT:-8000} main:app",
    ),
    (
        "fastapi",
        "fastapi\nuvicorn",
        "from fastapi import FastAPI\ndef make_app():\n    app = FastAPI()\n    return app\n",
        "uvicorn main:make_app --factory --host 0.0.0.0 --port ${PORT:-8000}",
    ),
    (
        "fastapi",
        "fastapi\nuvicorn\nmangum",
        "from fastapi import FastAPI\nfrom mangum import Mangum\napp = FastAPI()\nhandler = Mangum(app)\n",
        "uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}",
    ),
    (
        "starlette",
        "starlette\nuvicorn",
        "from starlette.applications import Starlette\napp = Starlette(routes=[])\n",
        "uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}",
    ),
    (
        "litestar",
        "litestar[standard]",
        "from litestar import Litestar, get\napp = Litestar([])\n",
        "uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}",
    ),
    (
        "sanic",
        "sanic",
        "from sanic import Sanic\napp = Sanic('x')\n",
        "sanic main:app --host=0.0.0.0 --port=${PORT:-8000}",
    ),
    (
        "quart",
        "quart",
        "from quart import Quart\napp = Quart(__name__)\n",
        "hypercorn --bind 0.0.0.0:${PORT:-8000} main:app",
    ),
    (
        "blacksheep",
        "blacksheep\nuvicorn",
        "from blacksheep import Application\napp = Application()\n",
        "uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}",
    ),
    (
        "falcon",
        "falcon\ngunicorn",
        "import falcon\napp = falcon.App()\n",
        "gunicorn --bind 0.0.0.0:${PORT:-8000} main:app",
    ),
    (
        "bottle",
        "bottle\ngunicorn",
        "import bottle\napp = bottle.default_app()\n",
        "gunicorn --bind 0.0.0.0:${PORT:-8000} main:app",
    ),
    (
        "bottle",
        "bottle",
        "from bottle import Bottle, run\napp = Bottle()\nrun(app, host='0.0.0.0', port=8080)\n",
        "python main.py",
    ),
    (
        "aiohttp",
        "aiohttp",
        "from aiohttp import web\napp = web.Application()\nweb.run_app(app)\n",
        "python main.py",
    ),
    (
        "tornado",
        "tornado",
        (
            "import tornado.web\ndef make_app():\n    return tornado.web.Application([])\n"
            "if __name__ == '__main__':\n    make_app().listen(8888)\n"
        ),
        "python main.py",
    ),
    (
        "pyramid",
        "pyramid\nwaitress",
        (
            "from pyramid.config import Configurator\n"
            "from wsgiref.simple_server import make_server\nconfig = Configurator()\n"
            "make_server('0.0.0.0', 6543, config.make_wsgi_app()).serve_forever()\n"
        ),
        "python main.py",
    ),
    ("cherrypy", "cherrypy", "import cherrypy\ncherrypy.quickstart(object())\n", "python main.py"),
    (
        "streamlit",
        "streamlit",
        "import streamlit as st\nst.title('x')\n",
        "streamlit run main.py --server.port ${PORT:-8501} --server.address 0.0.0.0",
    ),
    (
        "gradio",
        "gradio",
        "import gradio as gr\ndemo = gr.Interface(len, 'text', 'text')\ndemo.launch()\n",
        "GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=${PORT:-7860} python main.py",
    ),
    (
        "gradio",
        "gradio",
        "import gradio as gr\nwith gr.Blocks() as demo:\n    pass\ndemo.launch(server_name='0.0.0.0')\n",
        "python main.py",
    ),
    (
        "dash",
        "dash\ngunicorn",
        "from dash import Dash\napp = Dash(__name__)\nserver = app.server\n",
        "gunicorn --bind 0.0.0.0:${PORT:-8050} main:server",
    ),
    (
        "dash",
        "dash",
        "import dash\napp = dash.Dash(__name__)\napp.run()\n",
        "HOST=0.0.0.0 PORT=${PORT:-8050} python main.py",
    ),
    (
        "fasthtml",
        "python-fasthtml",
        "from fasthtml.common import *\napp, rt = fast_app()\nserve()\n",
        "python main.py",
    ),
    ("nicegui", "nicegui", "from nicegui import ui\nui.label('x')\nui.run()\n", "python main.py"),
    (
        "chainlit",
        "chainlit",
        "import chainlit as cl\n",
        "chainlit run main.py --host 0.0.0.0 --port ${PORT:-8000} --headless",
    ),
    (
        "panel",
        "panel",
        "import panel as pn\npn.panel('x').servable()\n",
        "panel serve main.py --address 0.0.0.0 --port ${PORT:-5006} --allow-websocket-origin='*'",
    ),
    (
        "reflex",
        "reflex",
        "import reflex as rx\napp = rx.App()\n",
        "reflex run --env prod --single-port --frontend-port ${PORT:-3000}",
    ),
    (
        "shiny",
        "shiny",
        "from shiny import App, ui\napp = App(ui.page_fluid(), None)\n",
        "shiny run --host 0.0.0.0 --port ${PORT:-8000} main.py",
    ),
    ("robyn", "robyn", "from robyn import Robyn\napp = Robyn(__file__)\napp.start()\n", "python main.py"),
    (
        "google-adk",
        "google-adk",
        "from google.adk.agents import Agent\nroot_agent = Agent(name='x')\n",
        "adk api_server --host 0.0.0.0 --port ${PORT:-8000}",
    ),
]


@pytest.mark.parametrize(("framework", "wanted", "source", "start"), APPS)
def test_a_web_framework_is_known_by_its_application(
    look: Look, framework: str, wanted: str, source: str, start: str
):
    found = look({"requirements.txt": wanted + "\n", "main.py": source})
    assert (found.kind, found.framework, found.start_command) == ("web", framework, start)
    assert found.confidence == 0.97
    assert found.port is not None
