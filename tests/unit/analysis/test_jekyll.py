"""Sites made with Jekyll."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import jekyll

Look = Callable[[dict[str, str]], Candidate]
GEMFILE = 'source "https://rubygems.org"\ngem "jekyll", "~> 4.3"\n'
SITE = {"_config.yml": "title: Shop\n", "_layouts/default.html": "", "index.md": "---\ntitle: Hello\n---\n"}


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(jekyll.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"Gemfile": GEMFILE, "Gemfile.lock": "", **SITE})
    assert (found.kind, found.language, found.framework, found.confidence) == (
        "static",
        "ruby",
        "jekyll",
        0.97,
    )
    assert (found.package_manager, found.install_command) == ("bundler", "bundle install")
    assert (found.build_command, found.static_dir) == ("bundle exec jekyll build", "_site")
    assert found.findings == []


@pytest.mark.parametrize(
    "gems",
    [
        'gem "github-pages", group: :jekyll_plugins\n',
        'group :jekyll_plugins do\n  gem "jekyll"\nend\n',
        'group :development do\n  gem "jekyll"\nend\n',
    ],
)
def test_its_gem_may_stand_in_a_group(look: Look, gems: str):
    found = look({"Gemfile": gems, **SITE})
    assert (found.framework, found.confidence) == ("jekyll", 0.97)


def test_without_a_gemfile_its_settings_tell_what_to_fetch(look: Look):
    config = "theme: minima\nplugins:\n  - jekyll-feed\n  - jekyll-seo-tag\n"
    found = look({**SITE, "_config.yml": config})
    assert found.install_command == "gem install jekyll minima jekyll-feed jekyll-seo-tag"
    assert (found.build_command, found.package_manager, found.confidence) == ("jekyll build", "none", 0.95)


@pytest.mark.parametrize(
    ("files", "confidence"),
    [
        ({"_config.yml": "", "_posts/2026-01-01-a.md": "", "_includes/a.html": ""}, 0.95),
        ({"_config.yml": "", "index.html": "---\nlayout: none\n---\n<h1>x</h1>"}, 0.9),
        ({"_config.yml": "theme: jekyll-theme-cayman\n", "README.md": ""}, 0.7),
    ],
)
def test_the_fewer_signs_the_less_sure(look: Look, files: dict[str, str], confidence: float):
    assert look(files).confidence == confidence


def test_the_settings_name_the_folder_of_the_pages(look: Look):
    assert look({**SITE, "_config.yml": "destination: ./docs\n"}).static_dir == "docs"


def test_an_old_ruby_and_a_missing_lock_file_are_findings(look: Look):
    found = look({"Gemfile": GEMFILE, ".ruby-version": "2.7.8\n", **SITE})
    assert sorted(rules(found)) == ["end-of-life", "missing-lock-file"]
    assert found.language_version == "2.7.8"


def test_a_site_one_folder_down_is_told_as_from_the_top(look: Look):
    found = look({"docs/Gemfile": GEMFILE, **{f"docs/{path}": text for path, text in SITE.items()}})
    assert (found.static_dir, found.build_command) == ("docs/_site", "cd docs && bundle exec jekyll build")
    assert found.confidence == 0.85


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"_config.yml": "title: x\n"},
        {"_config.yml": "", "_toc.yml": "", "_data/a.yml": ""},
        {
            "_config.yml": "theme: landscape\n",
            "package.json": '{"dependencies": {"hexo": "7"}}',
            "_data/x": "",
        },
        {"Gemfile": 'gem "rails"\ngem "jekyll"\n', **SITE},
        {"index.html": "---\n"},
    ],
)
def test_settings_of_something_else_are_nothing(tmp_path: Path, files: dict[str, str]):
    assert jekyll.detect(plant(tmp_path, files)) is None
