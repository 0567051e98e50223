"""Which of several things that a folder may be is meant."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grove import plant
from jarvis.analysis.analyse import analyse
from jarvis.analysis.choose import folders, only_folder
from jarvis.analysis.verdict import Verdict

Files = dict[str, str]
Look = Callable[[Files], Verdict]

FLASK = {"requirements.txt": "flask==3.0\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n"}
EXPRESS = {
    "package.json": json.dumps({"scripts": {"start": "node server.js"}, "dependencies": {"express": "4"}}),
    "server.js": "require('express')().listen(3000)",
}
VITE = {
    "package.json": json.dumps({"scripts": {"build": "vite build"}, "devDependencies": {"vite": "5"}}),
    "vite.config.js": "",
    "index.html": "<script type=module src=/src/main.js></script>",
    "src/main.js": "",
}
COMPOSE = "services:\n  web:\n    build: .\n    ports: ['8080:80']\n  db:\n    image: postgres\n"
DATABASES = "services:\n  db:\n    image: postgres\n  cache:\n    image: redis\n"


def into(folder: str, files: Files) -> Files:
    return {f"{folder}/{path}": text for path, text in files.items()}


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def see(files: Files) -> Verdict:
        plant(tmp_path, files)
        return analyse(tmp_path)

    return see


def test_it_works(look: Look):
    verdict = look({**FLASK, "README.md": "hello"})
    assert (verdict.kind, verdict.language, verdict.framework, verdict.root) == ("web", "python", "flask", "")
    assert verdict.confidence > 0.9


@pytest.mark.parametrize(
    ("files", "kind", "language"),
    [
        ({**FLASK, "compose.yaml": COMPOSE, "Dockerfile": "FROM a"}, "web", "python"),
        ({"compose.yaml": COMPOSE, "Dockerfile": "FROM a"}, "compose", "compose"),
        ({"Dockerfile": "FROM a", **into("api", FLASK)}, "dockerfile", "dockerfile"),
        ({"compose.yaml": COMPOSE, **into("api", FLASK)}, "compose", "compose"),
        ({"compose.yaml": DATABASES, **into("api", FLASK)}, "web", "python"),
        ({"compose.yaml": DATABASES}, "compose", "compose"),
        ({"Dockerfile": "FROM nginx", "index.html": ""}, "dockerfile", "dockerfile"),
        ({"compose.yaml": COMPOSE, "index.html": ""}, "compose", "compose"),
        ({"compose.yaml": COMPOSE, "start.sh": "docker compose up"}, "compose", "compose"),
        ({"index.html": "", "deploy.sh": "rsync"}, "static", "static"),
        ({**FLASK, "index.html": ""}, "web", "python"),
        ({**FLASK, "docs/index.html": "", "dist/index.html": ""}, "web", "python"),
        ({"index.html": "", **into("tools", EXPRESS)}, "static", "static"),
        ({"Dockerfile": "nonsense", "index.html": ""}, "static", "static"),
        ({"package.json": "{}", "app.js": "alert(1)", "index.html": ""}, "static", "static"),
        (
            {"make.py": "open('index.html', 'w')", "requirements.txt": "jinja2", "index.html": ""},
            "static",
            "static",
        ),
    ],
)
def test_the_order(look: Look, files: Files, kind: str, language: str):
    verdict = look(files)
    assert (verdict.kind, verdict.language) == (kind, language)


@pytest.mark.parametrize(
    ("files", "root", "language"),
    [
        (into("shop", FLASK), "shop", "python"),
        ({**into("shop", FLASK), "README.md": "", ".gitignore": ""}, "shop", "python"),
        ({**into("backend", FLASK), **into("frontend", VITE)}, "backend", "python"),
        ({**into("server", EXPRESS), **into("client", VITE)}, "server", "node"),
        (into("pages", {"index.html": ""}), "pages", "static"),
        ({**into("examples", EXPRESS), **into("app", FLASK)}, "app", "python"),
        (into("a/b", FLASK), "a/b", "python"),
    ],
)
def test_a_program_below_the_top_is_found(look: Look, files: Files, root: str, language: str):
    verdict = look(files)
    assert (verdict.root, verdict.language) == (root, language)
    assert all(item.file.startswith(f"{root}/") for item in verdict.evidence)


def test_the_static_folder_is_seen_from_the_root(look: Look):
    verdict = look(into("site", {"dist/index.html": "", "notes.md": ""}))
    assert (verdict.kind, verdict.root, verdict.static_dir) == ("static", "site", "dist")


def test_what_was_not_chosen_is_told(look: Look):
    verdict = look({**FLASK, "Dockerfile": "FROM a\nEXPOSE 9000", "compose.yaml": COMPOSE})
    assert {item.kind for item in verdict.alternatives} == {"compose", "dockerfile"}
    assert all(item.why for item in verdict.alternatives)
    assert (verdict.dockerfile, verdict.compose) == ("Dockerfile", "compose.yaml")
    assert verdict.port == 9000


def test_the_container_files_of_the_root_are_its_own(look: Look):
    verdict = look({**into("backend", {**FLASK, "Dockerfile": "FROM a"}), **into("frontend", VITE)})
    assert verdict.dockerfile == "backend/Dockerfile"


def test_a_program_that_nothing_starts_is_started_by_the_script_beside_it(look: Look):
    verdict = look(
        {"requirements.txt": "requests\n", "pkg/__init__.py": "", "start.sh": "#!/bin/sh\npython -m pkg\n"}
    )
    assert verdict.language == "python"
    assert "start.sh" in verdict.start_command


@pytest.mark.parametrize(
    ("files", "folder"),
    [
        ({"a/x": "", "a/b/y": ""}, "a"), ({"a/x": "", "b/y": ""}, ""), ({"a/x": "", "y": ""}, ""),
        ({"a/x": "", ".DS_Store": "", "README.md": "", "LICENSE": "", ".github/w.yml": ""}, "a"),
        ({"x": ""}, ""),
    ],
)  # fmt: skip
def test_the_only_folder(tmp_path: Path, files: Files, folder: str):
    assert only_folder(plant(tmp_path, files)) == folder


def test_only_some_folders_are_looked_into(tmp_path: Path):
    files = {f"f{number:02}/package.json": "{}" for number in range(30)}
    places = folders(
        plant(tmp_path, {**files, "tests/package.json": "{}", "backend/pom.xml": "", "a/b/c/d.py": ""})
    )
    assert places[0] == "backend"
    assert len(places) == 12
    assert "tests" not in places


def test_equal_answers_leave_a_doubt(look: Look):
    alone = look(FLASK).confidence
    assert look({**EXPRESS, "server.js": EXPRESS["server.js"]}).confidence < alone


def test_a_procfile_above_the_program_keeps_the_top_as_its_root(look: Look):
    verdict = look(
        {**into("pages", {"index.html": ""}), "Procfile": "web: python -m http.server -d pages $PORT"}
    )
    assert (verdict.root, verdict.static_dir) == ("", "pages")
    assert verdict.start_command.startswith("python -m http.server")
    verdict = look({**into("backend", FLASK), "Procfile": "web: cd backend && gunicorn -b :$PORT app:app"})
    assert (verdict.kind, verdict.language, verdict.root) == ("web", "python", "")
    assert verdict.start_command == "cd backend && gunicorn -b :$PORT app:app"
    assert verdict.install_command.startswith("cd backend && ")
