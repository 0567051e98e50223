"""Which databases a Python program needs: settings first, then addresses in code, then drivers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant
from jarvis.analysis.detectors import python

Look = Callable[[dict[str, str]], dict[str, str]]
APP = "from flask import Flask\napp = Flask(__name__)\n"
MANAGE = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def at(files: dict[str, str]) -> dict[str, str]:
        tree = plant(tmp_path, files)
        return engines(backed(python.detect(tree), tree))

    return at


def test_it_works(look: Look):
    assert look({"requirements.txt": "flask\npsycopg2-binary\n", "app.py": APP}) == {"postgres": "required"}


DRIVERS = [
    ("psycopg[binary]", {"postgres": "required"}),
    ("asyncpg", {"postgres": "required"}),
    ("mysqlclient", {"mysql": "required"}),
    ("PyMySQL", {"mysql": "required"}),
    ("mysql-connector-python", {"mysql": "required"}),
    ("pyodbc", {"mssql": "required"}),
    ("oracledb", {"oracle": "required"}),
    ("aiosqlite", {"sqlite": "embedded"}),
    ("pymongo", {"mongodb": "required"}),
    ("motor", {"mongodb": "required"}),
    ("redis", {"redis": "required"}),
    ("celery[redis]", {"redis": "required"}),
    ("pika", {"rabbitmq": "required"}),
    ("confluent-kafka", {"kafka": "required"}),
    ("elasticsearch", {"elasticsearch": "required"}),
    ("neo4j", {"neo4j": "required"}),
    ("cassandra_driver", {"cassandra": "required"}),
    ("clickhouse-connect", {"clickhouse": "required"}),
    ("pymemcache", {"memcached": "optional"}),
    ("sqlalchemy", {}),
    ("hiredis", {}),
]


@pytest.mark.parametrize(("driver", "needs"), DRIVERS)
def test_a_driver_tells_the_engine(look: Look, driver: str, needs: dict[str, str]):
    assert look({"requirements.txt": f"flask\n{driver}\n", "app.py": APP}) == needs


CODE = [
    ("sqlite3.connect('app.db')", "", {"sqlite": "embedded"}),
    ("sqlite3.connect(':memory:')", "", {}),
    ("URI = 'sqlite:///app.db'", "psycopg2", {"sqlite": "embedded", "postgres": "optional"}),
    (
        "URI = os.environ.get('DATABASE_URL', 'sqlite:///app.db')",
        "psycopg2",
        {"sqlite": "embedded", "postgres": "optional"},
    ),
    ("u = os.environ['U'].replace('postgres://', 'postgresql://')", "psycopg2", {"postgres": "required"}),
    ("if u.startswith('postgres://'): pass", "", {}),
    ("e = create_engine('postgresql+asyncpg://localhost/x')", "", {"postgres": "required"}),
    (
        "e = create_engine('mysql+pymysql://localhost/x')",
        "pymysql\npsycopg2",
        {"mysql": "required", "postgres": "optional"},
    ),
    ("# e = create_engine('mysql+pymysql://localhost/x')", "", {}),
    ("r = from_url('redis://localhost:6379')", "", {"redis": "required"}),
    ("c = Celery(broker='amqp://localhost')", "", {"rabbitmq": "required"}),
    ("c = MongoClient('mongodb+srv://x/y')", "pymongo", {"mongodb": "required"}),
    ("x = 1", "psycopg2\nmysqlclient", {"postgres": "optional", "mysql": "optional"}),
    ("x = 1", "psycopg2\naiosqlite", {"postgres": "required", "sqlite": "optional"}),
]


@pytest.mark.parametrize(("source", "drivers", "needs"), CODE)
def test_an_address_in_the_code_decides(look: Look, source: str, drivers: str, needs: dict[str, str]):
    assert look({"requirements.txt": f"flask\n{drivers}\n", "app.py": APP + source + "\n"}) == needs


SETTINGS = [
    ("DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}", "", {"postgres": "required"}),
    (
        "DATABASES = {'default': {'ENGINE': 'django.contrib.gis.db.backends.postgis'}}",
        "",
        {"postgres": "required"},
    ),
    (
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql'}}",
        "psycopg2",
        {"mysql": "required", "postgres": "optional"},
    ),
    (
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}",
        "psycopg2",
        {"sqlite": "embedded", "postgres": "optional"},
    ),
    (
        "DATABASES = {'default': {'ENGINE': os.environ.get('E', 'django.db.backends.sqlite3')}}",
        "",
        {"sqlite": "embedded"},
    ),
    ("DATABASES = {'default': dict(ENGINE='mssql', NAME='x')}", "", {"mssql": "required"}),
    (
        "DATABASES = {'default': dj_database_url.config(default='sqlite:///db.sqlite3')}",
        "psycopg",
        {"sqlite": "embedded", "postgres": "optional"},
    ),
    ("DATABASES = {'default': dj_database_url.config()}", "psycopg", {"postgres": "required"}),
    (
        "DATABASES = {'default': env.db('DATABASE_URL', default='postgres://localhost/x')}",
        "",
        {"postgres": "required"},
    ),
    ("# DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}", "", {}),
    ("CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache'}}", "", {"redis": "required"}),
    ("CELERY_BROKER_URL = 'amqp://localhost'", "", {"rabbitmq": "required"}),
    ("SESSION_ENGINE = 'django.contrib.sessions.backends.cache'", "", {}),
]


@pytest.mark.parametrize(("source", "drivers", "needs"), SETTINGS)
def test_the_settings_of_django_decide(look: Look, source: str, drivers: str, needs: dict[str, str]):
    settings = "import os\nROOT_URLCONF = 'shop.urls'\n" + source + "\n"
    files = {"manage.py": MANAGE, "shop/settings.py": settings, "requirements.txt": f"django\n{drivers}\n"}
    assert look(files) == needs


def test_settings_for_production_are_read_where_there_is_a_folder_of_them(look: Look):
    files = {
        "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.local')\n",
        "shop/settings/base.py": (
            "ROOT_URLCONF = 'x'\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\n"
        ),
        "shop/settings/local.py": "from .base import *\n",
        "requirements.txt": "django\n",
    }
    assert look(files) == {"postgres": "required"}


def test_an_example_of_the_environment_names_the_engine(look: Look):
    files = {
        "requirements.txt": "flask\n",
        "app.py": APP,
        ".env.example": "DATABASE_URL=postgres://localhost/x\n",
    }
    assert look(files) == {"postgres": "required"}


def test_what_only_the_makers_install_is_not_needed(look: Look):
    text = '[project]\nname = "x"\ndependencies = ["flask"]\n[dependency-groups]\ndev = ["psycopg2"]\n'
    assert look({"pyproject.toml": text, "app.py": APP}) == {}
