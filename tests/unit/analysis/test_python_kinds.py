"""What sort of thing a Python folder is: web application, worker, function, script, library."""

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
    assert look({"main.py": "print('x')\n"}).kind == "script"


WORKERS = [
    (
        "celery",
        "celery",
        "from celery import Celery\napp = Celery('x')\n",
        "celery --app worker worker --loglevel info",
    ),
    (
        "discord.py",
        "discord.py",
        "import discord\nclient = discord.Client()\nclient.run('')\n",
        "python worker.py",
    ),
    ("discord.py", "py-cord", "import discord\nbot = discord.Bot()\nbot.run('')\n", "python worker.py"),
    ("aiogram", "aiogram", "from aiogram import Bot, Dispatcher\n", "python worker.py"),
    (
        "python-telegram-bot",
        "python-telegram-bot",
        "from telegram.ext import Application\n",
        "python worker.py",
    ),
    (
        "scrapy",
        "scrapy",
        "import scrapy\nclass S(scrapy.Spider):\n    name = 'x'\n",
        "scrapy list | xargs -n 1 scrapy crawl",
    ),
    ("dramatiq", "dramatiq", "import dramatiq\n@dramatiq.actor\ndef f():\n    pass\n", "dramatiq worker"),
]


@pytest.mark.parametrize(("framework", "wanted", "source", "start"), WORKERS)
def test_what_nobody_calls_is_a_worker(look: Look, framework: str, wanted: str, source: str, start: str):
    found = look({"requirements.txt": wanted + "\n", "worker.py": source})
    assert (found.kind, found.framework, found.start_command) == ("worker", framework, start)
    assert found.port is None


def test_a_web_application_with_a_queue_is_a_web_application(look: Look):
    found = look(
        {
            "requirements.txt": "flask\ncelery[redis]\ngunicorn\n",
            "app.py": (
                "from flask import Flask\nfrom celery import Celery\napp = Flask(__name__)\n"
                "queue = Celery('x')\n"
            ),
        }
    )
    assert (found.kind, found.framework) == ("web", "flask")


FUNCTIONS = [
    (
        {
            "host.json": "{}",
            "function_app.py": "import azure.functions as func\napp = func.FunctionApp()\n",
            "requirements.txt": "azure-functions\n",
        },
        "azure-functions",
    ),
    (
        {
            "host.json": "{}",
            "Hello/function.json": '{"scriptFile": "__init__.py"}',
            "Hello/__init__.py": "def main(req):\n    pass\n",
        },
        "azure-functions",
    ),
    (
        {
            "requirements.txt": "functions-framework\n",
            "main.py": (
                "import functions_framework\n@functions_framework.http\ndef hello(request):\n    return 'x'\n"
            ),
        },
        "functions-framework",
    ),
    (
        {"requirements.txt": "functions-framework\n", "main.py": "def hello(request):\n    return 'x'\n"},
        "none",
    ),
    ({"lambda_function.py": "def lambda_handler(event, context):\n    return 1\n"}, "none"),
    (
        {"serverless.yml": "service: x\n", "handler.py": "def handler(event, context):\n    return 1\n"},
        "none",
    ),
    (
        {
            "requirements.txt": "chalice\n",
            "app.py": "from chalice import Chalice\napp = Chalice(app_name='x')\n",
        },
        "chalice",
    ),
    (
        {
            "api/index.py": (
                "from http.server import BaseHTTPRequestHandler\n"
                "class handler(BaseHTTPRequestHandler):\n    pass\n"
            )
        },
        "none",
    ),
]


@pytest.mark.parametrize(("files", "framework"), FUNCTIONS)
def test_what_a_platform_calls_is_a_function(look: Look, files: dict[str, str], framework: str):
    found = look(files)
    assert (found.kind, found.framework) == ("function", framework)


SERVERS = [
    (
        "from http.server import HTTPServer, BaseHTTPRequestHandler\n"
        "HTTPServer(('', 8000), BaseHTTPRequestHandler).serve_forever()\n"
    ),
    (
        "import socketserver\nimport http.server\n"
        "with socketserver.TCPServer(('', 8000), http.server.SimpleHTTPRequestHandler) as s:\n"
        "    s.serve_forever()\n"
    ),
    (
        "from wsgiref.simple_server import make_server\n"
        "def app(environ, start_response):\n    return []\n"
        "make_server('', 8000, app).serve_forever()\n"
    ),
    (
        "import asyncio, websockets\nasync def main():\n"
        "    async with websockets.serve(None, '', 8000):\n        pass\n"
        "asyncio.run(main())\n"
    ),
    "import BaseHTTPServer\nprint 'old'\nBaseHTTPServer.HTTPServer(('', 8000), None).serve_forever()\n",
]


@pytest.mark.parametrize("source", SERVERS)
def test_a_script_that_serves_is_a_web_application_without_a_framework(look: Look, source: str):
    found = look({"main.py": source})
    assert (found.kind, found.framework, found.start_command) == ("web", "none", "python main.py")
    assert found.port in (8000, None)


def test_a_plain_wsgi_function_is_given_to_a_server(look: Look):
    found = look({"web.py": "def application(environ, start_response):\n    return []\n"})
    assert found.kind == "web"
    assert found.start_command == "gunicorn --bind 0.0.0.0:${PORT:-8000} web:application"
    assert found.install_command == "pip install gunicorn"


NOT_BUILT_ON = [
    (
        "aiohttp\nrequests",
        "import aiohttp\n\nasync def main():\n    async with aiohttp.ClientSession():\n        pass\n",
    ),
    ("tornado", "from tornado import ioloop\n"),
    ("flask==3.0.0\nrequests", "import requests\nprint(requests.get('https://example.com'))\n"),
    ("starlette", "from starlette.testclient import TestClient\n"),
    ("celery", "import json\nprint(json.dumps({}))\n"),
]


@pytest.mark.parametrize(("wanted", "source"), NOT_BUILT_ON)
def test_a_list_alone_or_a_client_proves_no_framework(look: Look, wanted: str, source: str):
    found = look({"requirements.txt": wanted + "\n", "main.py": source})
    assert (found.kind, found.framework) == ("script", "none")
    assert found.start_command == "python main.py"


def test_only_a_list_of_packages_is_a_library_of_the_framework_that_it_names(look: Look):
    found = look({"requirements.txt": "Django==5.0\n"})
    assert (found.kind, found.framework, found.start_command) == ("library", "django", "")


def test_a_framework_of_tests_and_tools_is_not_believed(look: Look):
    found = look(
        {
            "pyproject.toml": (
                '[project]\nname = "x"\ndependencies = ["requests"]\n[dependency-groups]\ndev = ["flask"]\n'
            ),
            "main.py": "import requests\n",
            "tests/test_x.py": "from flask import Flask\napp = Flask(__name__)\n",
        }
    )
    assert found.framework == "none"
    assert "flask" not in found.dependencies


MIXED = [
    (
        {
            "main.py": (
                "from fastapi import FastAPI\nimport gradio as gr\napp = FastAPI()\n"
                "demo = gr.Blocks()\napp = gr.mount_gradio_app(app, demo, '/')\n"
            )
        },
        "fastapi\ngradio\nuvicorn",
        "fastapi",
    ),
    ({"main.py": "import gradio as gr\ndemo = gr.Blocks()\ndemo.launch()\n"}, "fastapi\ngradio", "gradio"),
    (
        {
            "streamlit_app.py": "import streamlit as st\n",
            "tools/api.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        },
        "streamlit\nfastapi",
        "streamlit",
    ),
    (
        {
            "app.py": (
                "import dash\nfrom flask import Flask\nserver = Flask(__name__)\n"
                "app = dash.Dash(server=server)\n"
            )
        },
        "dash\nflask",
        "dash",
    ),
    (
        {
            "main.py": "import discord\nfrom keep import start\nclient = discord.Client()\n",
            "keep.py": (
                "from flask import Flask\napp = Flask('')\ndef start():\n"
                "    app.run(host='0.0.0.0', port=8080)\n"
            ),
        },
        "discord.py\nflask",
        "flask",
    ),
]


@pytest.mark.parametrize(("files", "wanted", "framework"), MIXED)
def test_of_two_frameworks_the_one_that_answers_is_named(
    look: Look, files: dict[str, str], wanted: str, framework: str
):
    assert look({**files, "requirements.txt": wanted}).framework == framework
