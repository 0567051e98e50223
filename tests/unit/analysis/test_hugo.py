"""Sites made with Hugo."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import hugo

Look = Callable[[dict[str, str]], Candidate]
TOML = 'baseURL = "https://example.com/"\nlanguageCode = "en"\ntitle = "Shop"\n'
YAML = "baseURL: https://example.com/\ntitle: Shop\n"
CONTENT = {"content/_index.md": "# Hello\n"}


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(hugo.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"hugo.toml": TOML, **CONTENT})
    assert (found.kind, found.language, found.framework, found.confidence) == ("static", "hugo", "hugo", 0.97)
    assert (found.build_command, found.static_dir) == ("hugo --gc --minify", "public")
    assert (found.start_command, found.package_manager, found.port) == ("", "none", None)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("hugo.toml", TOML),
        ("hugo.yaml", YAML),
        ("hugo.json", '{"baseURL": "/"}'),
        ("config/_default/hugo.toml", TOML),
        ("config.toml", TOML),
        ("config.yaml", YAML),
        ("config.yml", YAML.lower()),
        ("config.json", '{\n  "baseURL": "/"\n}'),
        ("config/_default/config.toml", TOML),
    ],
)
def test_settings_may_have_many_names(look: Look, file: str, text: str):
    assert look({file: text, **CONTENT}).language == "hugo"


@pytest.mark.parametrize("folder", ["layouts/index.html", "themes/x/theme.toml", "archetypes/default.md"])
def test_settings_with_a_common_name_count_beside_its_folders(look: Look, folder: str):
    assert look({"config.toml": TOML, folder: ""}).language == "hugo"


@pytest.mark.parametrize(
    ("file", "text", "folder"),
    [
        ("hugo.toml", TOML + 'publishDir = "docs"\n', "docs"),
        ("hugo.yaml", YAML + "publishdir: ./dist\n", "dist"),
        ("config.json", '{\n"baseURL": "/",\n"publishDir": "out/site"\n}', "out/site"),
    ],
)
def test_the_settings_name_the_folder_of_the_pages(look: Look, file: str, text: str, folder: str):
    assert look({file: text, **CONTENT}).static_dir == folder


@pytest.mark.parametrize(
    ("file", "text", "stated"),
    [
        ("netlify.toml", '[build.environment]\n  HUGO_VERSION = "0.140.1"\n', "0.140.1"),
        ("vercel.json", '{"build": {"env": {"HUGO_VERSION": "0.139.0"}}}', "0.139.0"),
        (".hugo-version", "0.138.0\n", "0.138.0"),
        (".tool-versions", "hugo 0.137.0\n", "0.137.0"),
    ],
)
def test_the_version_is_taken_from_what_pins_it(look: Look, file: str, text: str, stated: str):
    assert look({"hugo.toml": TOML, **CONTENT, file: text}).language_version == stated


def test_a_package_json_does_not_make_it_a_program_of_node(look: Look):
    found = look({"hugo.toml": TOML, **CONTENT, "package.json": '{"devDependencies": {"postcss": "8"}}'})
    assert (found.confidence, found.framework) == (0.97, "hugo")
    assert (found.package_manager, found.install_command) == ("npm", "npm install")
    assert found.build_command == "hugo --gc --minify"


def test_the_project_may_have_its_own_way_to_make_the_pages(look: Look):
    package = '{"scripts": {"build": "npm run css && hugo --minify"}, "dependencies": {}}'
    found = look({"hugo.toml": TOML, **CONTENT, "package.json": package, "package-lock.json": "{}"})
    assert (found.install_command, found.build_command) == ("npm ci", "npm run build")


def test_a_theme_without_contents_is_a_library(look: Look):
    found = look(
        {"hugo.toml": TOML, "theme.toml": "", "layouts/index.html": "", "exampleSite/hugo.toml": TOML}
    )
    assert (found.kind, found.framework) == ("library", "none")


def test_a_theme_that_did_not_come_along_is_a_finding(look: Look):
    files = {"hugo.toml": TOML + 'theme = "ananke"\n', **CONTENT}
    assert rules(look(files)) == ["missing-theme"]
    assert rules(look({"themes/ananke/theme.toml": ""})) == []


def test_a_site_one_folder_down_is_told_as_from_the_top(look: Look):
    found = look({"README.md": "", "site/hugo.toml": TOML, "site/content/a.md": ""})
    assert (found.static_dir, found.confidence) == ("site/public", 0.85)
    assert found.build_command == "cd site && hugo --gc --minify"


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"config.toml": 'title = "x"\n'},
        {"config.toml": TOML},
        {"config.toml": 'base_url = "/"\ntheme = "x"\n', "content/a.md": "", "themes/x/a": ""},
        {"config.yaml": "theme: dark\n", "content/x.txt": ""},
    ],
)
def test_settings_of_something_else_are_nothing(tmp_path: Path, files: dict[str, str]):
    assert hugo.detect(plant(tmp_path, files)) is None
