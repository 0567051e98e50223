"""MkDocs sites."""

from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import mkdocs


def look(folder: Path, files: dict[str, str]) -> Candidate:
    tree = plant(folder, files)
    return backed(mkdocs.detect(tree), tree)


PAGES = {"docs/index.md": "# x\n"}


def test_it_works(tmp_path: Path):
    found = look(tmp_path, {"mkdocs.yml": "site_name: x\n", **PAGES})
    assert (found.kind, found.language, found.framework) == ("static", "python", "mkdocs")
    assert (found.install_command, found.build_command, found.static_dir) == (
        "pip install mkdocs",
        "mkdocs build",
        "site",
    )
    assert found.confidence > 0.9


SITES = [
    ({"mkdocs.yml": "site_name: x\nsite_dir: public\n"}, "pip install mkdocs", "mkdocs build", "public"),
    (
        {"mkdocs.yaml": "site_name: x\n"},
        "pip install mkdocs",
        "mkdocs build --config-file mkdocs.yaml",
        "site",
    ),
    (
        {"mkdocs.yml": "site_name: x\ntheme:\n  name: material\n"},
        "pip install mkdocs-material",
        "mkdocs build",
        "site",
    ),
    (
        {"mkdocs.yml": "site_name: x\nplugins:\n  - search\n  - awesome-pages\n"},
        "pip install mkdocs mkdocs-awesome-pages-plugin",
        "mkdocs build",
        "site",
    ),
    (
        {"mkdocs.yml": "site_name: x\n", "requirements.txt": "mkdocs-material==9.5\n"},
        "pip install -r requirements.txt",
        "mkdocs build",
        "site",
    ),
    (
        {"mkdocs.yml": "site_name: x\n", "requirements.txt": "requests\n"},
        "pip install -r requirements.txt mkdocs",
        "mkdocs build",
        "site",
    ),
]


@pytest.mark.parametrize(("files", "install", "build", "folder"), SITES)
def test_the_site_is_built_as_its_configuration_says(
    tmp_path: Path, files: dict[str, str], install: str, build: str, folder: str
):
    found = look(tmp_path, {**files, **PAGES})
    assert (found.install_command, found.build_command, found.static_dir) == (install, build, folder)


def test_beside_a_program_it_is_only_its_manual(tmp_path: Path):
    found = look(tmp_path, {"mkdocs.yml": "site_name: x\n", "main.py": "print(1)\n", **PAGES})
    assert found.confidence < 0.75
    assert found.against


def test_without_its_pages_it_is_doubted(tmp_path: Path):
    found = look(tmp_path, {"mkdocs.yml": "site_name: x\n"})
    assert found.confidence < 0.7


@pytest.mark.parametrize("text", ["", "- a list\n", "other: x\n"])
def test_a_file_of_something_else_is_none(tmp_path: Path, text: str):
    assert mkdocs.detect(plant(tmp_path, {"mkdocs.yml": text, **PAGES})) is None
