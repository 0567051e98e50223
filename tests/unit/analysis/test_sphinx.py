"""Sphinx sites, and those of other generators that are written in Python."""

from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import python, sphinx

CONF = "project = 'x'\nextensions = []\nhtml_theme = 'furo'\n"


def look(folder: Path, files: dict[str, str]) -> Candidate:
    tree = plant(folder, files)
    return backed(sphinx.detect(tree), tree)


def test_it_works(tmp_path: Path):
    found = look(tmp_path, {"docs/conf.py": CONF, "docs/index.rst": "x\n"})
    assert (found.kind, found.language, found.framework) == ("static", "python", "sphinx")
    assert found.install_command == "pip install sphinx furo"
    assert found.build_command == "sphinx-build -b html docs docs/_build/html"
    assert found.static_dir == "docs/_build/html"


SITES = [
    ({"conf.py": CONF, "index.rst": ""}, "sphinx-build -b html . _build/html", "_build/html"),
    (
        {"source/conf.py": CONF, "source/index.md": "", "Makefile": ""},
        "sphinx-build -b html source _build/html",
        "_build/html",
    ),
    (
        {"docs/source/conf.py": CONF, "docs/source/index.rst": ""},
        "sphinx-build -b html docs/source docs/_build/html",
        "docs/_build/html",
    ),
]


@pytest.mark.parametrize(("files", "build", "folder"), SITES)
def test_the_manual_is_built_from_where_it_lies(
    tmp_path: Path, files: dict[str, str], build: str, folder: str
):
    found = look(tmp_path, files)
    assert (found.build_command, found.static_dir) == (build, folder)


def test_its_own_list_is_installed(tmp_path: Path):
    found = look(
        tmp_path, {"docs/conf.py": CONF, "docs/index.rst": "", "docs/requirements.txt": "sphinx\nfuro\n"}
    )
    assert (found.package_manager, found.install_command) == ("pip", "pip install -r docs/requirements.txt")


def test_beside_a_program_it_is_only_its_manual(tmp_path: Path):
    found = look(
        tmp_path, {"docs/conf.py": CONF, "docs/index.rst": "", "pkg/__init__.py": "", "setup.py": ""}
    )
    assert found.confidence < 0.6


@pytest.mark.parametrize(
    "files", [{"conf.py": "x = 1\n", "index.rst": ""}, {"conf.py": CONF}, {"index.rst": ""}]
)
def test_a_file_of_something_else_is_none(tmp_path: Path, files: dict[str, str]):
    assert sphinx.detect(plant(tmp_path, files)) is None


GENERATORS = [
    (
        {"pelicanconf.py": "SITENAME = 'x'\n"},
        "pelican",
        "output",
        "pelican content -o output -s pelicanconf.py",
    ),
    (
        {"pelicanconf.py": "SITENAME = 'x'\n", "publishconf.py": "SITEURL = ''\n"},
        "pelican",
        "output",
        "pelican content -o output -s publishconf.py",
    ),
    ({"conf.py": "BLOG_TITLE = 'x'\n"}, "nikola", "output", "nikola build"),
    ({"site.lektorproject": "[project]\nname = x\n"}, "lektor", "build", "lektor build --output-path build"),
    (
        {"_config.yml": "title: x\n", "_toc.yml": "format: jb-book\nroot: intro\n"},
        "jupyter-book",
        "_build/html",
        "jupyter-book build .",
    ),
]


@pytest.mark.parametrize(("files", "framework", "folder", "build"), GENERATORS)
def test_other_generators_make_static_sites_too(
    tmp_path: Path, files: dict[str, str], framework: str, folder: str, build: str
):
    tree = plant(tmp_path, {**files, "requirements.txt": "requests\n"})
    found = backed(python.detect(tree), tree)
    assert (found.kind, found.framework) == ("static", framework)
    assert (found.static_dir, found.build_command) == (folder, build)
    assert found.install_command.startswith("pip install -r requirements.txt ")
