"""What is this folder?"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grove import engines, plant
from jarvis.analysis.analyse import analyse
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.complete import complete
from jarvis.analysis.corrected import CHECKS, KINDS, WHY
from jarvis.analysis.verdict import Verdict
from jarvis.errors import InvalidInput

Look = Callable[..., Verdict]
FLASK = {"requirements.txt": "flask==3.0\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n"}


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def see(files: dict[str, str], correction: dict[str, Any] | None = None) -> Verdict:
        plant(tmp_path, files)
        return analyse(tmp_path, correction)

    return see


def test_it_works(look: Look):
    verdict = look({"index.html": "<h1>Hello</h1>", "style.css": "b{}"})
    assert (verdict.kind, verdict.language, verdict.root, verdict.static_dir) == ("static", "static", "", ".")
    assert (verdict.size.files, verdict.size.bytes) == (2, 17)
    assert verdict.start_command == "caddy file-server --root . --listen :${PORT:-8080}"
    assert verdict.evidence[0].file == "index.html"
    assert json.loads(json.dumps(verdict.to_dict()))["kind"] == "static"


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({}, "empty"),
        ({".gitkeep": ""}, "empty"),
        ({"notes.txt": "hello"}, "unsupported"),
        ({"app.json": '{"name": "x"}'}, "config-only"),
        ({".devcontainer/devcontainer.json": '{"image": "x"}', "README.md": ""}, "config-only"),
    ],
)
def test_what_cannot_be_run_is_said(look: Look, files: dict[str, str], kind: str):
    verdict = look(files)
    assert (verdict.kind, verdict.language, verdict.start_command) == (kind, "none", "")


def test_settings_alone_may_still_say_how_it_is_started(look: Look):
    verdict = look({"nixpacks.json": '{"providers": ["node"], "start": {"cmd": "node  x.js"}}'})
    assert (verdict.kind, verdict.language, verdict.start_command) == ("config-only", "node", "node x.js")


@pytest.mark.parametrize(
    ("name", "text", "kind", "language", "start"),
    [
        ("hello.html", "<h1>a</h1>", "static", "static", "caddy"),
        ("hello.py", "print(1)", "script", "python", "python hello.py"),
        ("hello.js", "console.log(1)", "script", "node", "node hello.js"),
        ("hello.ts", "console.log(1)", "script", "node", "hello.ts"),
        ("hello.php", "<?php echo 1;", "script", "php", "php"),
        ("hello.rb", "puts 1", "script", "ruby", "ruby hello.rb"),
        ("hello.sh", "echo 1", "script", "shell", "hello.sh"),
        ("hello.jar", "PK", "web", "java", "-jar hello.jar"),
        ("server", "\x7fELF\x02\x01", "script", "binary", "./server"),
    ],
)
def test_a_single_file(look: Look, name: str, text: str, kind: str, language: str, start: str):
    verdict = look({name: text})
    assert (verdict.kind, verdict.language) == (kind, language)
    assert start in verdict.start_command


@pytest.mark.parametrize(
    ("files", "start", "file"),
    [
        ({"Procfile": "web: gunicorn app:app"}, "gunicorn app:app", "Procfile"),
        ({"Procfile": "web: a $PORT", "fly.toml": "[processes]\napp = 'b'"}, "a $PORT", "Procfile"),
        ({"railway.json": '{"deploy": {"startCommand": "a b"}}'}, "a b", "railway.json"),
        ({"render.yaml": "services: [{type: web, startCommand: a}]"}, "a", "render.yaml"),
        (
            {"render.yaml": "services: [{type: worker, startCommand: b}, {type: web, startCommand: a}]"},
            "a",
            "render.yaml",
        ),
        ({"fly.toml": "[processes]\nworker = 'b'\nweb = 'a'"}, "a", "fly.toml"),
        ({"app.yaml": "runtime: python\nentrypoint: a -b :$PORT"}, "a -b :$PORT", "app.yaml"),
        ({"heroku.yml": "run:\n  web: a"}, "a", "heroku.yml"),
        ({"heroku.yml": "run:\n  web:\n    command: [a, b]"}, "a && b", "heroku.yml"),
        ({"manifest.yml": "applications:\n- name: x\n  command: a"}, "a", "manifest.yml"),
        ({"nixpacks.toml": "[start]\ncmd = 'a'"}, "a", "nixpacks.toml"),
    ],
)
def test_what_the_project_says_elsewhere_comes_first(
    look: Look, files: dict[str, str], start: str, file: str
):
    verdict = look({**FLASK, **files})
    assert verdict.start_command == start
    first = next(item for item in verdict.evidence if item.fact == "start_command")
    assert (first.file, first.value) == (file, start)
    assert first.line is not None


def test_a_single_other_process_is_a_worker(look: Look):
    verdict = look({**FLASK, "Procfile": "bot: python bot.py\nrelease: true"})
    assert (verdict.kind, verdict.start_command) == ("worker", "python bot.py")


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"app.rb": "puts 1", "Gemfile": "", "Procfile": "web: ruby app.rb"}, "script"),
        ({"app.rb": "puts 1", "Gemfile": "", "Procfile": "web: ruby app.rb -p $PORT"}, "web"),
        ({"app.rb": "serve ENV['PORT']", "Gemfile": "", "Procfile": "web: ruby app.rb"}, "web"),
    ],
)
def test_a_web_process_is_one_when_it_takes_a_port(look: Look, files: dict[str, str], kind: str):
    assert look(files).kind == kind


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({"fly.toml": "[[http_service.checks]]\npath = '/ok'"}, "/ok"),
        ({"render.yaml": "services: [{type: web, healthCheckPath: /ok}]"}, "/ok"),
        ({"app.json": '{"healthchecks": {"web": [{"path": "/ok"}]}}'}, "/ok"),
        ({"Dockerfile": "FROM a\nHEALTHCHECK CMD curl http://localhost:5000/ok"}, "/ok"),
        ({"railway.toml": "[deploy]\nhealthcheckPath = 'ok'"}, ""),
    ],
)
def test_the_path_that_answers_when_it_is_well(look: Look, files: dict[str, str], path: str):
    assert look({**FLASK, **files}).health_path == path


@pytest.mark.parametrize(
    ("files", "level"),
    [
        (
            {"compose.yaml": "services:\n  web: {build: ., depends_on: [db]}\n  db: {image: postgres}"},
            "required",
        ),
        ({"compose.yaml": "services:\n  db: {image: postgres}"}, "optional"),
        ({"app.json": '{"addons": ["heroku-postgresql:mini"]}'}, "required"),
        ({"app.json": '{"addons": [{"plan": "heroku-postgresql"}, 7]}'}, "required"),
    ],
)
def test_databases_that_other_files_tell_of(look: Look, files: dict[str, str], level: str):
    verdict = look({**FLASK, **files})
    assert {need.engine: need.level for need in verdict.needs} == {"postgres": level}
    assert verdict.databases == (("postgres",) if level == "required" else ())


def test_a_correction_stands_above_everything(look: Look):
    verdict = look(
        FLASK, {"kind": "static", "static_dir": "public", "start_command": "true", "port": 81, "spa": True}
    )
    assert (verdict.kind, verdict.static_dir, verdict.start_command, verdict.port) == (
        "static",
        "public",
        "true",
        81,
    )
    assert (verdict.spa, verdict.confidence) == (True, 1.0)
    assert verdict.corrected == ("kind", "start_command", "port", "static_dir", "spa")
    for name in verdict.corrected:
        first = next(item for item in verdict.evidence if item.fact == name)
        assert (first.file, first.line, first.why) == ("", None, WHY)
    assert verdict.language == "python"


def test_a_corrected_root_is_the_only_place_that_is_looked_at(look: Look):
    files = {**FLASK, "site/index.html": "", "site/Dockerfile": "FROM a"}
    verdict = look(files, {"root": "./site/", "dockerfile": ""})
    assert (verdict.kind, verdict.root, verdict.static_dir, verdict.dockerfile) == (
        "dockerfile",
        "site",
        None,
        "",
    )
    assert verdict.size.files == 4
    assert look(files, {"root": "site", "kind": "static"}).static_dir == "."


@pytest.mark.parametrize("root", ["", "shop"])
def test_below_a_corrected_root_nothing_is_looked_for(look: Look, root: str):
    verdict = look({"shop/api/index.html": ""}, {"root": root})
    assert (verdict.root, verdict.kind) == (root, "unsupported")


def test_a_corrected_language_chooses_among_what_was_found(look: Look):
    files = {**FLASK, "package.json": '{"scripts": {"start": "node a.js"}}', "a.js": ""}
    assert look(files).language == "python"
    verdict = look(files, {"language": "node"})
    assert (verdict.language, verdict.start_command, verdict.framework) == ("node", "npm run start", "none")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nonsense", 1), ("confidence", 1.0), ("kind", "banana"), ("kind", None), ("kind", ["static"]),
        ("root", "../up"), ("root", "/etc"), ("root", "gone"), ("root", 7), ("language", ""),
        ("language", "a\nb"),
        ("framework", None), ("port", "80"), ("port", True), ("port", 0), ("port", 70000), ("port", 1.5),
        ("start_command", None), ("start_command", "a\0b"), ("start_command", "x" * 5000),
        ("health_path", "up"),
        ("static_dir", "a/../.."), ("static_dir", "a\\b"), ("spa", "yes"), ("dockerfile", "gone/Dockerfile"),
        ("compose", {}), ("install_command", []), ("language_version", 3),
    ],
)  # fmt: skip
def test_a_correction_that_cannot_be_used_names_its_field(look: Look, name: str, value: object):
    with pytest.raises(InvalidInput) as caught:
        look(FLASK, {name: value})
    assert caught.value.facts == {"field": name}
    assert name in caught.value.message
    assert caught.value.hint


def test_every_member_of_a_correction_is_one_of_the_verdict(look: Look):
    assert set(CHECKS) <= set(look({}).to_dict())
    assert set(KINDS) >= {look({}).kind, look(FLASK).kind}


@pytest.mark.parametrize("name", ["start_command", "health_path", "install_command"])
def test_a_member_can_be_taken_away(look: Look, name: str):
    assert getattr(look(FLASK, {name: ""}), name) == ""


@pytest.mark.parametrize(
    ("known", "level"), [({"express": ("package.json", 1)}, "optional"), ({}, "required")]
)
def test_an_example_address_without_a_driver_says_little(
    tmp_path: Path, known: dict[str, tuple[str, int | None]], level: str
):
    tree = plant(tmp_path, {".env.example": "DATABASE_URL=postgres://localhost/x"})
    found = Candidate("web", "cobol", 0.9, dependencies=known)
    complete(found, tree)
    assert engines(found) == {"postgres": level}
