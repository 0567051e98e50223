"""Which tool installs a Python project, what it asks for, and which Python."""

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


MAIN = {"main.py": "print('x')\n"}
STANDARD = '[project]\nname = "x"\nversion = "1"\ndependencies = ["requests>=2", "rich"]\n'
POETRY = (
    '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.11"\n'
    'requests = "^2"\nrich = {version = "*", extras = ["jupyter"]}\n'
)


def test_it_works(look: Look):
    found = look(
        {**MAIN, "requirements.txt": "# what we need\nrequests==2.32.0\nRich>=13 ; python_version > '3'\n"}
    )
    assert (found.package_manager, found.install_command) == ("pip", "pip install -r requirements.txt")
    assert found.dependencies == {"requests": ("requirements.txt", 2), "rich": ("requirements.txt", 3)}


BACKEND = '[build-system]\nrequires = ["x"]\nbuild-backend = "x"\n'
LISTED = "pip install uv && uv pip install -r pyproject.toml"
MANAGERS = [
    ({"requirements.txt": "requests"}, "pip", "pip install -r requirements.txt"),
    (
        {"requirements.txt": "requests", "setup.py": "from setuptools import setup\nsetup()"},
        "pip",
        "pip install -r requirements.txt",
    ),
    ({"requirements.txt": "requests", "pyproject.toml": STANDARD}, "pip", "pip install -r requirements.txt"),
    (
        {"requirements/base.txt": "requests", "requirements/dev.txt": "pytest"},
        "pip",
        "pip install -r requirements/base.txt",
    ),
    (
        {"requirements/prod.txt": "-r base.txt", "requirements/base.txt": "requests"},
        "pip",
        "pip install -r requirements/prod.txt",
    ),
    (
        {"requirements-prod.txt": "requests", "requirements-dev.txt": "pytest"},
        "pip",
        "pip install -r requirements-prod.txt",
    ),
    ({"requirements.in": "requests"}, "pip", "pip install -r requirements.in"),
    ({"pyproject.toml": STANDARD}, "pyproject", LISTED),
    ({"pyproject.toml": STANDARD + BACKEND}, "pyproject", "pip install ."),
    ({"pyproject.toml": STANDARD + "[tool.uv]\ndev-dependencies = []\n"}, "pyproject", LISTED),
    ({"pyproject.toml": POETRY}, "pyproject", "pip install poetry && poetry install --only main --no-root"),
    ({"pyproject.toml": POETRY + BACKEND}, "pyproject", "pip install ."),
    ({"pyproject.toml": STANDARD, "uv.lock": "version = 1"}, "uv", "uv sync --locked --no-dev"),
    ({"pyproject.toml": POETRY, "poetry.lock": ""}, "poetry", "poetry install --only main --no-root"),
    (
        {"pyproject.toml": POETRY, "poetry.lock": "", "requirements.txt": "requests"},
        "poetry",
        "poetry install --only main --no-root",
    ),
    ({"pyproject.toml": STANDARD, "pdm.lock": ""}, "pdm", "pdm sync --prod"),
    ({"Pipfile": '[packages]\nrequests = "*"\n'}, "pipenv", "pipenv install"),
    ({"Pipfile": '[packages]\nrequests = "*"\n', "Pipfile.lock": "{}"}, "pipenv", "pipenv install --deploy"),
    (
        {"setup.py": "from setuptools import setup\nsetup(name='x', install_requires=['requests'])"},
        "setuptools",
        "pip install .",
    ),
    (
        {"setup.cfg": "[metadata]\nname = x\n[options]\ninstall_requires =\n    requests\n"},
        "setuptools",
        "pip install .",
    ),
    (
        {"environment.yml": "dependencies:\n  - python=3.11\n  - requests\n  - pip:\n    - rich\n"},
        "conda",
        "conda env update --name base --file environment.yml",
    ),
    ({"pixi.toml": '[dependencies]\npython = "3.12.*"\nrequests = "*"\n'}, "pixi", "pixi install"),
    ({"setup.cfg": "[flake8]\nmax-line-length = 100\n"}, "none", ""),
]


@pytest.mark.parametrize(("files", "manager", "words"), MANAGERS)
def test_the_tool_is_known_by_its_files(look: Look, files: dict[str, str], manager: str, words: str):
    found = look({**MAIN, **files})
    assert (found.package_manager, found.install_command) == (manager, words)
    if manager != "none" and "setup()" not in "".join(files.values()):
        assert "requests" in found.dependencies


def test_every_line_that_pip_reads_is_read(look: Look):
    text = """
--index-url https://example.org/simple
-r more.txt
-c limits.txt
Django==5.0  # the framework
uvicorn[standard]>=0.30,<1
typing-extensions ~= 4.0 ; python_version < "3.12"
pip-tools @ https://example.org/pip-tools.zip
git+https://example.org/team/thing.git@main#egg=thing
-e git+https://example.org/team/other.git
./wheels/local_pkg-1.0-py3-none-any.whl
requests==2.32.0 --hash=sha256:00
not a requirement at all
"""
    found = look({**MAIN, "requirements.txt": text, "more.txt": "rich\n", "limits.txt": "never\n"})
    names = [
        "django",
        "uvicorn",
        "typing-extensions",
        "pip-tools",
        "thing",
        "other",
        "local_pkg",
        "requests",
        "rich",
    ]
    assert list(found.dependencies) == names


def test_requirements_that_include_themselves_end(look: Look):
    found = look(
        {**MAIN, "requirements.txt": "-r other.txt\nrich\n", "other.txt": "-r requirements.txt\nrequests\n"}
    )
    assert set(found.dependencies) == {"rich", "requests"}


def test_a_list_that_the_setup_script_reads_is_read(look: Look):
    script = (
        "from setuptools import setup\n"
        "setup(name='x', install_requires=open('requirements/req.txt').read().splitlines())\n"
    )
    found = look({**MAIN, "setup.py": script, "requirements/req.txt": "requests\n"})
    assert (found.package_manager, list(found.dependencies)) == ("setuptools", ["requests"])


def test_dependencies_named_by_another_file_are_read(look: Look):
    text = (
        '[project]\nname = "x"\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\n'
        'dependencies = {file = ["deps/all.in"]}\n'
    )
    assert list(look({**MAIN, "pyproject.toml": text, "deps/all.in": "requests\n"}).dependencies) == [
        "requests"
    ]


MISSPELT = [
    "requirement.txt",
    "requirments.txt",
    "Requirements.txt",
    "requirements.text",
    "requirements",
    "requierments.txt",
]


@pytest.mark.parametrize("name", MISSPELT)
def test_a_misspelt_list_is_found_and_told(look: Look, name: str):
    found = look({"app.py": "from flask import Flask\napp = Flask(__name__)\n", name: "flask\ngunicorn\n"})
    assert found.framework == "flask"
    assert found.package_manager == "none"
    assert found.install_command == f"pip install -r {name}"
    assert [(item.rule, item.file) for item in found.findings if item.rule == "misspelt-manifest"] == [
        ("misspelt-manifest", name)
    ]


def test_a_text_that_only_sounds_like_a_list_is_none(look: Look):
    found = look({**MAIN, "requirement.txt": "The customer wants a blue page, and it must be quick.\n"})
    assert found.findings == []


VERSIONS = [
    ({".python-version": "3.12.4\n"}, "3.12.4", ".python-version"),
    ({".python-version": "# the team's\n3.13\n"}, "3.13", ".python-version"),
    ({"runtime.txt": "python-3.11.9\n"}, "3.11.9", "runtime.txt"),
    ({".tool-versions": "nodejs 20.1.0\npython 3.12.1\n"}, "3.12.1", ".tool-versions"),
    ({"mise.toml": '[tools]\npython = "3.13"\n'}, "3.13", "mise.toml"),
    ({"mise.toml": '[tools]\npython = ["3.12", "3.13"]\n'}, "3.12", "mise.toml"),
    ({"pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.11"\n'}, ">=3.11", "pyproject.toml"),
    ({"pyproject.toml": POETRY}, "^3.11", "pyproject.toml"),
    ({"Pipfile": '[requires]\npython_version = "3.12"\n'}, "3.12", "Pipfile"),
    (
        {"setup.py": "from setuptools import setup\nsetup(name='x', python_requires='>=3.9')\n"},
        ">=3.9",
        "setup.py",
    ),
    ({"environment.yml": "dependencies:\n  - python=3.11.2\n"}, "3.11.2", "environment.yml"),
    ({"app.yaml": "runtime: python312\n"}, "3.12", "app.yaml"),
    (
        {"app.yaml": 'runtime: python\nenv: flex\nruntime_config:\n  runtime_version: "3.13"\n'},
        "3.13",
        "app.yaml",
    ),
    (
        {".python-version": "3.12\n", "pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.9"\n'},
        "3.12",
        ".python-version",
    ),
]


@pytest.mark.parametrize(("files", "version", "file"), VERSIONS)
def test_the_version_is_what_the_project_states(look: Look, files: dict[str, str], version: str, file: str):
    found = look({**MAIN, **files})
    assert found.language_version == version
    assert [item.file for item in found.evidence if item.fact == "language_version"] == [file]


ENDED = [("3.6", True), ("python-2.7.18", True), ("3.8.1", True), ("3.13", False)]


@pytest.mark.parametrize(("version", "ended"), ENDED)
def test_a_version_without_fixes_is_told(look: Look, version: str, ended: bool):
    found = look({**MAIN, "runtime.txt": version})
    assert ("end-of-life" in {item.rule for item in found.findings}) == ended


@pytest.mark.parametrize("asked", [">=3.6", "^3.6", ">=2.7", "~=3.6"])
def test_a_range_that_later_versions_fulfil_is_fine(look: Look, asked: str):
    found = look({**MAIN, "pyproject.toml": f'[project]\nname = "x"\nrequires-python = "{asked}"\n'})
    assert "end-of-life" not in {item.rule for item in found.findings}


LOCKS = [
    ({"requirements.txt": "requests\n"}, True),
    ({"requirements.txt": "requests==2.32.0\n"}, False),
    ({"pyproject.toml": STANDARD}, True),
    ({"pyproject.toml": STANDARD, "uv.lock": ""}, False),
    ({"Pipfile": '[packages]\nrequests = "*"\n'}, True),
    ({"pyproject.toml": '[project]\nname = "x"\n'}, False),
]


@pytest.mark.parametrize(("files", "told"), LOCKS)
def test_versions_that_may_change_are_told(look: Look, files: dict[str, str], told: bool):
    found = look({**MAIN, **files})
    assert ("missing-lock-file" in {item.rule for item in found.findings}) == told


BROKEN = [
    {"pyproject.toml": "[project\nname = "},
    {"pyproject.toml": 'project = "a text"\ntool = 3\n'},
    {"pyproject.toml": "[tool]\npoetry = 1\nuv = []\n[project]\ndependencies = 7\nscripts = []\n"},
    {"Pipfile": "packages = 3\n"},
    {"environment.yml": "dependencies: {a: 1}\n"},
    {"environment.yml": "dependencies:\n  - [1, 2]\n  - pip: 3\n  - 7\n"},
    {"setup.cfg": "no section\n[options\n"},
    {"setup.py": "print 'old'\nsetup(install_requires=['requests'])\n"},
    {"requirements.txt": "\x01\x02\n[[[\n@@@\n-r\n-r ../../../etc/passwd\n" + "a" * 5000},
    {"pixi.toml": "dependencies = 1\n"},
    {"app.yaml": "runtime: [\n"},
]


@pytest.mark.parametrize("files", BROKEN)
def test_odd_manifests_are_borne(look: Look, files: dict[str, str]):
    assert look({**MAIN, **files}).language == "python"
