"""Django projects: found by their files, served by what they ask for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import python

Look = Callable[[dict[str, str]], Candidate]
BIND = "gunicorn --bind 0.0.0.0:${PORT:-8000}"
LISTEN = "--host 0.0.0.0 --port ${PORT:-8000}"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def at(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(python.detect(tree), tree)

    return at


def test_it_works(look: Look):
    found = look({**DJANGO, "requirements.txt": "django\ngunicorn\n"})
    assert (found.kind, found.framework, found.port) == ("web", "django", 8000)


DJANGO = {
    "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
    "shop/__init__.py": "",
    "shop/settings.py": (
        "ROOT_URLCONF = 'shop.urls'\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\n"
    ),
    "shop/wsgi.py": (
        "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"
    ),
    "shop/asgi.py": (
        "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n"
    ),
}
STATIC = {"shop/settings.py": DJANGO["shop/settings.py"] + "STATIC_ROOT = 'out'\n"}
ASGI = {"shop/settings.py": DJANGO["shop/settings.py"] + "ASGI_APPLICATION = 'shop.asgi.application'\n"}
MIGRATE = "python manage.py migrate && "
DJANGOS = [
    ({**DJANGO, "requirements.txt": "django\ngunicorn\n"}, f"{MIGRATE}{BIND} shop.wsgi:application"),
    ({**DJANGO, "requirements.txt": "django\nuvicorn\n"}, f"{MIGRATE}uvicorn shop.asgi:application {LISTEN}"),
    (
        {**DJANGO, **ASGI, "requirements.txt": "django\ndaphne\nchannels\n"},
        MIGRATE + "daphne -b 0.0.0.0 -p ${PORT:-8000} shop.asgi:application",
    ),
    (
        {**DJANGO, "requirements.txt": "django\n"},
        MIGRATE + "python manage.py runserver 0.0.0.0:${PORT:-8000}",
    ),
    (
        {**DJANGO, "requirements.txt": "django\nwaitress\n"},
        MIGRATE + "waitress-serve --host=0.0.0.0 --port=${PORT:-8000} shop.wsgi:application",
    ),
    (
        {**{f"src/{path}": text for path, text in DJANGO.items()}, "requirements.txt": "django\ngunicorn\n"},
        f"cd src && {MIGRATE}{BIND} shop.wsgi:application",
    ),
    (
        {
            **{
                path.replace("shop/settings.py", "shop/settings/base.py"): text
                for path, text in DJANGO.items()
            },
            "shop/settings/__init__.py": "",
            "requirements.txt": "django\ngunicorn\n",
        },
        f"{MIGRATE}{BIND} shop.wsgi:application",
    ),
]


@pytest.mark.parametrize(("files", "start"), DJANGOS)
def test_django_is_served_by_what_it_asks_for(look: Look, files: dict[str, str], start: str):
    found = look(files)
    assert (found.kind, found.framework, found.confidence) == ("web", "django", 0.97)
    assert found.start_command == start
    assert [(item.engine, item.level) for item in found.needs] == [("sqlite", "embedded")]


def test_static_files_of_django_are_collected_in_the_build(look: Look):
    found = look({**DJANGO, **STATIC, "requirements.txt": "django\ngunicorn\n"})
    assert found.build_command == "python manage.py collectstatic --noinput"
    assert [(item.file, item.line) for item in found.evidence if item.fact == "build_command"] == [
        ("shop/settings.py", 3)
    ]


def test_a_script_called_manage_is_not_django(look: Look):
    found = look({"requirements.txt": "requests\n", "manage.py": "raise RuntimeError('not for running')\n"})
    assert (found.kind, found.framework) == ("library", "none")
