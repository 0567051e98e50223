"""Ports, probes, processes and warnings of Python programs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import python

Look = Callable[[dict[str, str]], Candidate]
FLASK = "from flask import Flask\napp = Flask(__name__)\n"
GUNICORN = {"requirements.txt": "flask\ngunicorn\n"}


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def at(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(python.detect(tree), tree)

    return at


def test_it_works(look: Look):
    assert look({**GUNICORN, "main.py": FLASK}).port == 8000


def test_the_debug_server_is_told(look: Look):
    rules = {item.rule for item in look({"requirements.txt": "flask==3.0\n", "app.py": FLASK}).findings}
    assert "debug-server" in rules


def test_a_procfile_with_a_real_server_needs_no_warning(look: Look):
    found = look(
        {"requirements.txt": "flask==3.0\n", "app.py": FLASK, "Procfile": "web: waitress-serve app:app\n"}
    )
    assert "debug-server" not in {item.rule for item in found.findings}


def test_a_web_process_makes_a_script_a_web_application(look: Look):
    assert look({"thing.py": "print(1)\n", "Procfile": "web: python thing.py\n"}).kind == "web"


def test_only_a_worker_process_makes_it_a_worker(look: Look):
    assert look({"thing.py": "print(1)\n", "Procfile": "worker: python thing.py\n"}).kind == "worker"


PORTS = [
    ("if __name__ == '__main__':\n    app.run(host='0.0.0.0', port=5055)\n", 5055),
    ("import os\nport = int(os.environ.get('PORT', 5056))\napp.run(host='0.0.0.0', port=port)\n", 5056),
    ("import os\napp.run(port=int(os.getenv('PORT') or '5057'))\n", 5057),
    ("from waitress import serve\nserve(app, host='0.0.0.0', port=5058)\n", 5058),
    ("import os\nMAIL_PORT = os.environ.get('MAIL_PORT', 25)\n", 5000),
    ("PORT = 5059\n", 5059),
    ("app.run(port=99999)\n", 5000),
]


@pytest.mark.parametrize(("source", "port"), PORTS)
def test_the_port_is_read_from_the_source(look: Look, source: str, port: int):
    assert look({"requirements.txt": "flask\n", "main.py": FLASK + source}).port == port


ROUTES = [
    ("@app.route('/healthz')\ndef f(): pass\n", "/healthz"),
    ("@app.get('/api/health')\ndef f(): pass\n", "/api/health"),
    ("@app.get('/ping')\n@app.get('/health')\ndef f(): pass\n", "/health"),
    ("app.add_url_rule('/up', view_func=f)\n", "/up"),
    ("@app.route('/wealth')\ndef f(): pass\n", ""),
]


@pytest.mark.parametrize(("source", "path"), ROUTES)
def test_a_path_for_probes_is_found(look: Look, source: str, path: str):
    assert look({**GUNICORN, "main.py": FLASK + source}).health_path == path


ODD = [
    "\0\0",
    "(" * 5000,
    "-" * 20000 + "1",
    "a" + ".b" * 20000 + "()",
    "x = '''",
    "if 1:\n" * 200,
    '"\\d"\n1if 2else 3\n',
    "é = Flask()",
    "x = x or x or x\nFlask(); app.run(port=x)\n",
]


@pytest.mark.parametrize("source", ODD)
def test_odd_sources_are_borne(look: Look, source: str):
    assert (
        look({"requirements.txt": "flask\n", "main.py": "import flask\nFlask(x)\n" + source}).language
        == "python"
    )


def test_no_python_is_no_candidate(tmp_path: Path):
    assert python.detect(plant(tmp_path, {"index.html": "<p>"})) is None


def test_a_tool_beside_another_program_counts_less(look: Look):
    files = {"go.mod": "module x\n", "main.go": "package main\n", "requirements.txt": "pre-commit\n"}
    assert look(files).confidence < 0.6
    assert look({**files, "scripts/gen.py": "print(1)\n"}).confidence < 0.6
