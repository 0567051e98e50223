"""Sites made with Zola."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import zola

Look = Callable[[dict[str, str]], Candidate]
CONFIG = 'base_url = "https://example.com"\ncompile_sass = true\n'
SITE = {"content/_index.md": "", "templates/index.html": ""}


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(zola.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"config.toml": CONFIG, **SITE})
    assert (found.kind, found.language, found.framework, found.confidence) == ("static", "zola", "zola", 0.97)
    assert (found.build_command, found.static_dir) == ("zola build", "public")


def test_its_own_name_for_the_settings_is_known(look: Look):
    assert look({"zola.toml": CONFIG, **SITE}).language == "zola"


def test_the_settings_name_the_folder_of_the_pages(look: Look):
    assert look({"config.toml": CONFIG + 'output_dir = "docs"\n', **SITE}).static_dir == "docs"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("netlify.toml", '[build.environment]\nZOLA_VERSION = "0.19.2"\n'),
        ("vercel.json", '{"build": {"env": {"ZOLA_VERSION": "0.19.2"}}}'),
        (".tool-versions", "zola 0.19.2\n"),
    ],
)
def test_the_version_is_taken_from_what_pins_it(look: Look, file: str, text: str):
    assert look({"config.toml": CONFIG, **SITE, file: text}).language_version == "0.19.2"


def test_a_single_folder_of_it_is_less_sure(look: Look):
    assert look({"config.toml": CONFIG, "content/a.md": ""}).confidence == 0.85


def test_a_theme_without_contents_is_a_library(look: Look):
    found = look({"config.toml": CONFIG, "theme.toml": "", "templates/index.html": ""})
    assert found.kind == "library"


def test_a_site_one_folder_down_is_told_as_from_the_top(look: Look):
    found = look({"docs/config.toml": CONFIG, **{f"docs/{path}": text for path, text in SITE.items()}})
    assert (found.static_dir, found.build_command) == ("docs/public", "cd docs && zola build")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"config.toml": CONFIG},
        {"config.toml": 'baseURL = "/"\n', **SITE},
        {"config.toml": '[a]\nx = "base_url"\n', **SITE},
    ],
)
def test_settings_of_something_else_are_nothing(tmp_path: Path, files: dict[str, str]):
    assert zola.detect(plant(tmp_path, files)) is None
