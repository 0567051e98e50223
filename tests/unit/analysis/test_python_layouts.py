"""Where a Python program begins, however its folders are laid out, and how it is started from there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import python

Look = Callable[[dict[str, str]], Candidate]
FLASK = "from flask import Flask\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"
GUNICORN = {"requirements.txt": "flask\ngunicorn\n"}
UVICORN = {"requirements.txt": "fastapi\nuvicorn\n"}
BIND = "gunicorn --bind 0.0.0.0:${PORT:-8000}"
LISTEN = "--host 0.0.0.0 --port ${PORT:-8000}"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def at(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(python.detect(tree), tree)

    return at


def test_it_works(look: Look):
    found = look({**GUNICORN, "server.py": FLASK})
    assert found.start_command == f"{BIND} server:app"
    assert [(item.file, item.line) for item in found.evidence if item.fact == "start_command"] == [
        ("server.py", 2)
    ]


LAYOUTS = [
    ({**GUNICORN, "app/__init__.py": FLASK}, f"{BIND} app:app"),
    (
        {
            **GUNICORN,
            "app/__init__.py": (
                "from flask import Flask\ndef create_app():\n    app = Flask(__name__)\n    return app\n"
            ),
            "wsgi.py": "from app import create_app\napp = create_app()\n",
        },
        f"{BIND} wsgi:app",
    ),
    (
        {**GUNICORN, "app/__init__.py": FLASK, "wsgi.py": "from app import app as application\n"},
        f"{BIND} wsgi:application",
    ),
    (
        {
            **GUNICORN,
            "shop/__init__.py": (
                "from flask import Flask\ndef create_app(test=None):\n    app = Flask(__name__)\n"
                "    return app\n"
            ),
        },
        f'{BIND} "shop:create_app()"',
    ),
    (
        {**GUNICORN, "backend/app.py": FLASK, "backend/models.py": "", "frontend/x.js": ""},
        f"{BIND} backend.app:app",
    ),
    (
        {**GUNICORN, "backend/app.py": "from models import x\n" + FLASK, "backend/models.py": ""},
        "gunicorn --bind 0.0.0.0:${PORT:-8000} --chdir backend app:app",
    ),
    (
        {
            **UVICORN,
            "app/main.py": "from app.db import x\n" + FASTAPI,
            "app/db.py": "",
            "app/__init__.py": "",
        },
        f"uvicorn app.main:app {LISTEN}",
    ),
    (
        {**UVICORN, "app/main.py": "from .db import x\n" + FASTAPI, "app/db.py": ""},
        f"uvicorn app.main:app {LISTEN}",
    ),
    (
        {**UVICORN, "app/main.py": "from db import x\n" + FASTAPI, "app/db.py": ""},
        f"uvicorn main:app --app-dir app {LISTEN}",
    ),
    ({**UVICORN, "src/main.py": FASTAPI}, f"uvicorn main:app --app-dir src {LISTEN}"),
    (
        {**UVICORN, "src/shop/__init__.py": "", "src/shop/main.py": "from shop import db\n" + FASTAPI},
        f"uvicorn shop.main:app --app-dir src {LISTEN}",
    ),
    (
        {
            "pyproject.toml": (
                '[project]\nname = "shop"\ndependencies = ["fastapi", "uvicorn"]\n'
                '[build-system]\nbuild-backend = "hatchling.build"\n'
            ),
            "src/shop/__init__.py": "",
            "src/shop/main.py": FASTAPI,
        },
        f"uvicorn shop.main:app {LISTEN}",
    ),
    (
        {**UVICORN, "asgi.py": "from app.main import app\n", "app/main.py": FASTAPI},
        f"uvicorn asgi:app {LISTEN}",
    ),
    (
        {**UVICORN, "run.py": "import uvicorn\nuvicorn.run('app.main:app')\n", "app/main.py": FASTAPI},
        f"uvicorn app.main:app {LISTEN}",
    ),
    ({**GUNICORN, "main.py": FLASK, "tests/app.py": FLASK, "examples/app.py": FLASK}, f"{BIND} main:app"),
    (
        {**GUNICORN, "run.py": "from app import app\napp.run(host='0.0.0.0')\n", "app/__init__.py": FLASK},
        f"{BIND} app:app",
    ),
    (
        {
            **GUNICORN,
            "main.py": "from flask import Flask\nclass Shop(Flask):\n    pass\napp = Shop(__name__)\n",
        },
        f"{BIND} main:app",
    ),
    (
        {
            **GUNICORN,
            "main.py": (
                "try:\n    from flask import Flask\nexcept ImportError:\n    raise\nif True:\n"
                "    app = Flask(__name__)\n"
            ),
        },
        f"{BIND} main:app",
    ),
    (
        {**GUNICORN, "main.py": "import flask\n\nprint 'two'\napp = flask.Flask(__name__)\n"},
        f"{BIND} main:app",
    ),
    (
        {
            **GUNICORN,
            "gunicorn.conf.py": "import os\nbind = '0.0.0.0:' + os.environ.get('PORT', '8000')\n",
            "main.py": FLASK,
        },
        "gunicorn --config gunicorn.conf.py main:app",
    ),
    (
        {**GUNICORN, "gunicorn.conf.py": "workers = 4\n", "main.py": FLASK},
        "gunicorn --config gunicorn.conf.py --bind 0.0.0.0:${PORT:-8000} main:app",
    ),
    (
        {
            **GUNICORN,
            "main.py": FLASK,
            "app.yaml": "runtime: python312\nentrypoint: gunicorn -b :$PORT main:app\n",
        },
        "gunicorn -b :$PORT main:app",
    ),
    (
        {"Pipfile": '[packages]\nflask = "*"\n[scripts]\nstart = "gunicorn app:app"\n', "app.py": FLASK},
        "pipenv run start",
    ),
    (
        {"requirements.txt": "flask\n", "src/app.py": FLASK},
        "cd src && flask --app app run --host 0.0.0.0 --port ${PORT:-5000}",
    ),
]


@pytest.mark.parametrize(("files", "start"), LAYOUTS)
def test_the_application_is_found_where_it_is(look: Look, files: dict[str, str], start: str):
    found = look(files)
    assert (found.kind, found.start_command) == ("web", start)


SCRIPTS = [
    ({"main.py": "print(1)\n"}, "python main.py"),
    ({"hello.py": "print(1)\n", "words.py": "x = 1\n"}, "python hello.py"),
    ({"a.py": "x = 1\n", "job.py": "if __name__ == '__main__':\n    print(1)\n"}, "python job.py"),
    ({"only.py": "print(1)\n"}, "python only.py"),
    ({"requirements.txt": "requests\n", "src/main.py": "print(1)\n"}, "python src/main.py"),
    ({"tool/__init__.py": "", "tool/__main__.py": "print(1)\n", "requirements.txt": ""}, "python -m tool"),
    (
        {"src/tool/__init__.py": "", "src/tool/__main__.py": "print(1)\n", "requirements.txt": ""},
        "cd src && python -m tool",
    ),
    (
        {
            "pyproject.toml": '[project]\nname = "x"\n[project.scripts]\ntool = "tool.cli:main"\n',
            "tool/cli.py": "def main(): pass\n",
        },
        "tool",
    ),
    (
        {
            "pyproject.toml": '[tool.poetry]\nname = "x"\n[tool.poetry.scripts]\nstart = "tool.cli:main"\n',
            "tool/cli.py": "",
        },
        "start",
    ),
    (
        {
            "setup.py": (
                "from setuptools import setup\n"
                "setup(name='x', entry_points={'console_scripts': ['tool = tool.cli:main']})\n"
            ),
            "tool/__init__.py": "",
            "tool/cli.py": "",
        },
        "tool",
    ),
    ({"main.py": '# /// script\n# dependencies = ["rich"]\n# ///\nprint(1)\n'}, "uv run main.py"),
    ({"report.ipynb": "{}"}, "jupyter nbconvert --to notebook --execute --inplace report.ipynb"),
]


@pytest.mark.parametrize(("files", "start"), SCRIPTS)
def test_a_program_that_serves_nobody_is_a_script(look: Look, files: dict[str, str], start: str):
    found = look(files)
    assert (found.kind, found.framework, found.start_command) == ("script", "none", start)
    assert found.port is None


LIBRARIES = [
    {
        "setup.py": "from setuptools import setup\nsetup(name='x', packages=['x'])\n",
        "x/__init__.py": "",
        "x/core.py": "",
    },
    {
        "pyproject.toml": '[project]\nname = "x"\n[build-system]\nbuild-backend = "hatchling.build"\n',
        "src/x/__init__.py": "",
    },
    {
        "pyproject.toml": (
            '[tool.poetry]\nname = "flask-x"\n[tool.poetry.dependencies]\nflask = "*"\n'
            '[build-system]\nbuild-backend = "poetry.core.masonry.api"\n'
        ),
        "flask_x/__init__.py": "import flask\n",
        "tests/test_x.py": "from flask import Flask\napp = Flask('x')\n",
    },
]


@pytest.mark.parametrize("files", LIBRARIES)
def test_a_package_without_a_program_is_a_library(look: Look, files: dict[str, str]):
    found = look(files)
    assert (found.kind, found.framework, found.start_command) == ("library", "none", "")


def test_projects_side_by_side_are_a_monorepo(look: Look):
    found = look({f"{name}/requirements.txt": "requests\n" for name in ("one", "two", "three")})
    assert (found.kind, found.start_command) == ("monorepo", "")


def test_a_project_one_level_down_is_told_as_from_the_top(look: Look):
    found = look(
        {
            "backend/requirements.txt": "flask\ngunicorn\npsycopg2\n",
            "backend/app.py": FLASK,
            "frontend/package.json": "{}",
        }
    )
    assert found.install_command == "cd backend && pip install -r requirements.txt"
    assert found.start_command == f"cd backend && {BIND} app:app"
    assert found.needs[0].file == "backend/requirements.txt"
    assert 0.75 <= found.confidence <= 0.85
