"""Pages that are served as they lie there."""

from pathlib import Path

import pytest

from grove import backed, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import output, page
from jarvis.analysis.detectors.output import FOLDERS

FRAME = '<!doctype html><div id="root"></div><script src="/assets/index.js"></script>'


def look(folder: Path, files: dict[str, str]) -> Candidate:
    tree = plant(folder, files)
    return backed(page.detect(tree), tree)


def test_it_works(tmp_path: Path):
    found = look(tmp_path, {"index.html": "<h1>Hello</h1>", "style.css": ""})
    assert (found.kind, found.language, found.static_dir, found.confidence) == ("static", "static", ".", 0.9)
    assert not found.spa
    assert found.against == []


@pytest.mark.parametrize(
    "files",
    [
        {"vite.config.ts": "", "package.json": "{}", "index.html": ""},
        {"webpack.config.js": "", "index.html": ""},
        {"Trunk.toml": "", "index.html": ""},
        {"angular.json": "{}", "index.html": ""},
        {"index.html": '<script type="module" src="/main.tsx"></script>'},
        {"package.json": "{}", "index.html": "<script type='module' src='./src/main.js'></script>"},
        {"index.html": '<link data-trunk rel="rust">'},
        {"notes.txt": ""},
        {},
    ],
)
def test_a_template_is_no_page(tmp_path: Path, files: dict[str, str]):
    assert page.detect(plant(tmp_path, files)) is None


def test_a_plain_script_in_src_is_no_source_of_a_bundler(tmp_path: Path):
    assert look(tmp_path, {"index.html": "<script src='src/app.js'></script>"}).static_dir == "."


@pytest.mark.parametrize(
    ("mark", "text", "folder"),
    [
        ("Staticfile", "root: hello\n", "hello"),
        ("Staticfile", "root: ./hello/", "hello"),
        ("Staticfile", "", "."),
        (".static", "", "."),
        ("static.json", '{"root": "hello/"}', "hello"),
    ],
)
def test_a_mark_names_the_folder(tmp_path: Path, mark: str, text: str, folder: str):
    found = look(tmp_path, {mark: text, "hello/index.html": "", "index.html": ""})
    assert (found.static_dir, found.confidence) == (folder, 0.93)


def test_a_mark_for_a_folder_that_has_to_be_built_is_left_to_its_language(tmp_path: Path):
    assert page.detect(plant(tmp_path, {"Staticfile": "root: dist", "package.json": "{}"})) is None


@pytest.mark.parametrize(
    ("files", "sure"),
    [
        ({"package.json": '{"scripts": {"start": "node ."}}'}, 0.6),
        ({"package.json": '{"devDependencies": {"prettier": "3"}}'}, 0.88),
        ({"requirements.txt": "flask"}, 0.6),
        ({"contact.php": "<?php"}, 0.5),
        ({"app.py": "from flask import Flask"}, 0.5),
        ({"server.js": "const http = require('node:http')"}, 0.5),
        ({"app.js": "document.title = ''"}, 0.9),
        ({"make.py": "import json"}, 0.9),
    ],
)
def test_a_program_beside_the_page_makes_it_less_sure(tmp_path: Path, files: dict[str, str], sure: float):
    found = look(tmp_path, {"index.html": "", **files})
    assert found.confidence == sure
    assert bool(found.against) == (sure < 0.9)


@pytest.mark.parametrize(
    "files",
    [
        {"Staticfile": "index_fallback: true"},
        {"Staticfile": "pushstate: enabled"},
        {"_redirects": "/*  /index.html  200"},
        {"vercel.json": '{"rewrites": [{"source": "/(.*)", "destination": "/index.html"}]}'},
        {"netlify.toml": '[[redirects]]\nfrom = "/*"\nto = "/index.html"\nstatus = 200'},
        {"200.html": ""},
        {"index.html": FRAME},
        {"index.html": FRAME, "404.html": ""},
    ],
)
def test_every_address_leads_to_the_first_page(tmp_path: Path, files: dict[str, str]):
    assert look(tmp_path, {"index.html": "", **files}).spa


@pytest.mark.parametrize(
    "files", [{"index.html": FRAME, "about.html": ""}, {"index.html": "<div id=root>a</div>"}]
)
def test_several_pages_are_no_single_one(tmp_path: Path, files: dict[str, str]):
    assert not look(tmp_path, files).spa


def test_pages_without_a_first_one_are_served_with_a_warning(tmp_path: Path):
    found = look(tmp_path, {"about.html": "", "contact.html": "", "style.css": ""})
    assert (found.static_dir, found.confidence, rules(found)) == (".", 0.55, ["no-first-page"])
    assert "about.html" in found.findings[0].why


def test_a_wrongly_written_first_page_is_named(tmp_path: Path):
    assert "Index.HTML" in look(tmp_path, {"Index.HTML": ""}).findings[0].why


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_output_of_a_generator_is_a_site(tmp_path: Path, folder: str):
    tree = plant(tmp_path, {f"{folder}/index.html": "", "Makefile": "", "src/main.js": ""})
    found = backed(output.detect(tree), tree)
    assert (found.kind, found.static_dir, found.confidence) == ("static", folder, 0.85)


def test_the_output_beside_its_source_is_less_sure(tmp_path: Path):
    tree = plant(tmp_path, {"package.json": "{}", "dist/index.html": FRAME})
    found = backed(output.detect(tree), tree)
    assert (found.confidence, found.spa) == (0.6, True)
    assert found.against


@pytest.mark.parametrize("folder", ["public", "site", "www", "docs"])
def test_folders_of_templates_are_no_output(tmp_path: Path, folder: str):
    assert output.detect(plant(tmp_path, {"package.json": "{}", f"{folder}/index.html": ""})) is None
