"""What must hold of every verdict: its reasons are there, it is the same twice, and nothing makes it fail."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grove import plant
from jarvis.analysis.analyse import analyse
from jarvis.analysis.tree import Tree
from jarvis.analysis.verdict import Verdict

FACTS = (
    "kind", "root", "language", "language_version", "framework", "package_manager", "install_command",
    "build_command", "start_command", "port", "health_path", "static_dir", "spa", "dockerfile", "compose",
)  # fmt: skip
NOTHING = ("", "none", None, False)
EXPRESS = (
    '{"scripts": {"start": "node server.js"}, "dependencies": {"express": "4"}, "engines": {"node": ">=20"}}'
)
SAMPLES: dict[str, dict[str, str]] = {
    "empty": {},
    "page": {"index.html": "<h1>a</h1>"},
    "pages without a first": {"a.html": "", "b.html": ""},
    "output": {"dist/index.html": "", "notes": ""},
    "notes": {"notes.txt": "hello"},
    "flask": {
        "requirements.txt": "flask\npsycopg2\n",
        "app.py": "import os\nfrom flask import Flask\napp = Flask(__name__)\nos.environ['KEY']\n"
        "@app.get('/health')\n",
        ".python-version": "3.8",
        "Procfile": "web: gunicorn app:app\nworker: rq worker\n",
        "Dockerfile": "FROM python\nEXPOSE 9000\nENV API_KEY=x\nHEALTHCHECK CMD curl http://x/ok\n",
        "compose.yaml": "services:\n  web: {build: ., depends_on: [db]}\n"
        "  db: {image: mysql, ports: ['1:1']}\n",
        "app.json": '{"addons": ["heroku-redis"], "env": {"A": {"required": true}}}',
        ".env.example": "SECRET=x\n",
    },
    "django": {
        "requirements.txt": "Django==5.0\n",
        "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
        "shop/settings.py": "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\n",
        "shop/wsgi.py": "application = 1\n",
    },
    "express": {"package.json": EXPRESS, "server.js": "require('express')().listen(process.env.PORT || 1)"},
    "vite": {
        "package.json": '{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "5"}}',
        "vite.config.ts": "export default {build: {outDir: 'out'}}",
        "index.html": "<div id=root></div><script type=module src=/src/main.tsx></script>",
        "package-lock.json": "{}",
    },
    "workspace": {
        "package.json": '{"workspaces": ["apps/*"]}',
        "apps/a/package.json": EXPRESS,
        "apps/a/server.js": "",
        "apps/b/package.json": EXPRESS,
        "apps/b/server.js": "",
    },
    "one member": {
        "package.json": '{"workspaces": ["apps/*"]}',
        "apps/a/package.json": EXPRESS,
        "apps/a/server.js": "require('express')",
    },
    "backend and frontend": {
        "backend/package.json": EXPRESS,
        "backend/server.js": "require('express')",
        "backend/Dockerfile": "FROM node\nEXPOSE 1\n",
        "backend/.env": "TOKEN=x\n",
        "frontend/package.json": '{"dependencies": {"react-scripts": "5"}, '
        '"scripts": {"build": "react-scripts build"}}',
    },
    "go": {"go.mod": "module a\n\ngo 1.22\n", "main.go": 'package main\nimport "net/http"\nfunc main() {}'},
    "rust": {
        "Cargo.toml": '[package]\nname = "a"\n[dependencies]\naxum = "0.7"\n',
        "src/main.rs": "fn main() {}",
    },
    "rails": {
        "Gemfile": "gem 'rails'\ngem 'pg'\n",
        "config.ru": "run Rails",
        "config/application.rb": "",
        "bin/rails": "",
    },
    "laravel": {
        "composer.json": '{"require": {"php": "^8.1", "laravel/framework": "^10"}}',
        "artisan": "",
        "public/index.php": "<?php",
        ".env.example": "DB_CONNECTION=mysql\n",
    },
    "maven": {
        "pom.xml": "<project><artifactId>a</artifactId><dependencies><dependency>"
        "<artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>",
        "src/main/java/A.java": "@SpringBootApplication class A { public static void main(String[] a) {} }",
    },
    "dotnet": {"a.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "Program.cs": "app.Run();"},
    "elixir": {"mix.exs": "defmodule A do\n  {:phoenix, \"~> 1.7\"}\nend", "lib/a.ex": ""},
    "hugo": {"hugo.toml": "title = 'a'", "content/a.md": ""},
    "compose": {"docker-compose.yml": "services:\n  web: {image: a, ports: ['80:80'], privileged: true}\n"},
    "dockerfile": {"Dockerfile": 'FROM a\nCMD ["a", "b c"]\n'},
    "settings": {"nixpacks.toml": "providers = ['node']\n[start]\ncmd = 'node a'\n"},
    "script": {"start.sh": "#!/bin/bash\necho hello\n"},
    "wrapped": {"shop-main/package.json": EXPRESS, "shop-main/server.js": "", "README.md": ""},
}  # fmt: skip
ODD = (
    "", "{", "[" * 3000, '{"a":' * 3000, "- " * 3000, "a: &a [*a]", "\ufffe\0", "x" * 50_000, '"\\' * 2000,
    "a." * 20_000, "<a>" * 5000, "<?xml?><!DOCTYPE a [", "null", "[]", "12", '"text"', "a: !!int ''\n",
    "? [1]\n: 2\n", "services: 1", "services: {a: {ports: 3, image: {b: c}, build: [1], environment: 5}}",
    "FROM\nFROM a b\nCMD [\nEXPOSE x\n", "[project]\nname = 5\ndependencies = [1]\n",
    "[package]\nname = 4\n[[bin]]\n",
    '{"scripts": 5, "dependencies": [], "workspaces": 7, "engines": "x", "main": {}, "bin": 3}',
    '{"scripts": {"start": 5}, "dependencies": {"express": {}}}', "def f(:\n", "-" * 50_000 + "1",
    "${" * 5000,
    "\r\r\r", "\u2028\U0010ffff" * 99, "/*" * 20_000, "web: \x00", "web: a\n" * 5000,
)  # fmt: skip


def hold(verdict: Verdict, tree: Tree) -> None:
    """Every member that says something has a reason, and every place that is named is there."""
    shown = {item.fact: item for item in reversed(verdict.evidence)}
    for fact in FACTS:
        value = getattr(verdict, fact)
        if value not in NOTHING:
            assert shown[fact].value == str(value)
    places = [(item.file, item.line) for item in (*verdict.evidence, *verdict.needs, *verdict.environment)]
    places += [(item.file, item.line) for item in verdict.findings]
    for file, line in places:
        assert file in tree or (file == "" and not tree.files)
        assert line is None or 0 < line <= tree.text(file).count("\n") + 1
    for fact in (verdict.root, *(part.root for part in verdict.parts)):
        assert fact == "" or fact in tree.folders
    assert set(verdict.databases) == {need.engine for need in verdict.needs if need.level != "optional"}
    assert 0 < verdict.confidence <= 0.98
    assert all(item.why for item in (*verdict.evidence, *verdict.findings, *verdict.alternatives))


def as_bytes(verdict: Verdict) -> bytes:
    return json.dumps(verdict.to_dict()).encode()


def test_it_works(tmp_path: Path):
    tree = plant(tmp_path, SAMPLES["flask"])
    verdict = analyse(tmp_path)
    hold(verdict, tree)
    assert verdict.databases == ("mysql", "postgres", "redis")


@pytest.mark.parametrize("name", SAMPLES)
def test_every_member_has_a_reason_that_is_there(tmp_path: Path, name: str):
    tree = plant(tmp_path, SAMPLES[name])
    hold(analyse(tmp_path), tree)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_folder_gives_the_same_bytes(tmp_path: Path, name: str):
    plant(tmp_path / "one", SAMPLES[name])
    plant(tmp_path / "two", dict(reversed(SAMPLES[name].items())))
    (tmp_path / "one").mkdir(exist_ok=True)
    (tmp_path / "two").mkdir(exist_ok=True)
    assert as_bytes(analyse(tmp_path / "one")) == as_bytes(analyse(tmp_path / "two"))


@pytest.mark.parametrize("odd", range(len(ODD)))
def test_odd_content_makes_nothing_fail(tmp_path: Path, odd: int):
    for number, files in enumerate(SAMPLES.values()):
        for file in list(files)[(odd + number) % 3 :: 3]:
            folder = tmp_path / f"{number} {file.replace('/', ' ')}"
            tree = plant(folder, {**files, file: ODD[odd]})
            hold(analyse(folder), tree)


@given(data=st.data())
def test_a_file_that_was_cut_or_changed_makes_nothing_fail(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
):
    files = dict(data.draw(st.sampled_from([files for files in SAMPLES.values() if files])))
    file = data.draw(st.sampled_from(sorted(files)))
    text = files[file]
    begin, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    files[file] = text[:begin] + data.draw(st.text("{}[]()\"'\n:,<>\0\\=$# a1é", max_size=9)) + text[end:]
    folder = tmp_path_factory.mktemp("changed")
    tree = plant(folder, files)
    hold(analyse(folder), tree)


@pytest.mark.parametrize("raw", [bytes(range(256)) * 9, b"\xff\xfe{\0}\0", b"\xef\xbb\xbf{}", b"{\r\n}\r"])
def test_bytes_that_are_no_text_make_nothing_fail(tmp_path: Path, raw: bytes):
    for name, files in SAMPLES.items():
        plant(tmp_path / name, files)
        for file in files:
            (tmp_path / name / file).write_bytes(raw)
        if files:
            hold(analyse(tmp_path / name), Tree(tmp_path / name))


@pytest.mark.parametrize("target", ["/etc/passwd", ".", "..", "nowhere", "Dockerfile", "package.json"])
def test_a_link_is_never_read(tmp_path: Path, target: str):
    names = (
        "package.json",
        "Dockerfile",
        "compose.yaml",
        "index.html",
        "app.py",
        "Procfile",
        "lib",
        "server",
    )
    for name in names:
        (tmp_path / name).symlink_to(target)
    tree = Tree(tmp_path)
    hold(analyse(tmp_path), tree)
    assert tree.links == set(names)
    assert all(tree.text(name) == "" for name in names)
    assert not tree.begins("server", b"root")


def test_folders_within_folders_and_strange_names_make_nothing_fail(tmp_path: Path):
    deep = tmp_path.joinpath(*["d"] * 60)
    deep.mkdir(parents=True)
    (deep / "package.json").write_text("{}")
    for name in ("a\nb.py", "ü.js", " ", "-rf", "a:b", "'\".go", "~", "%00.rb"):
        (tmp_path / name).write_text("x")
    os.mkfifo(tmp_path / "pipe.py")
    hold(analyse(tmp_path), Tree(tmp_path))


def test_a_folder_of_very_many_files_is_looked_at_in_part(tmp_path: Path):
    for number in range(40):
        plant(tmp_path / f"f{number}", {"package.json": EXPRESS, "server.js": "require('express')"})
    verdict = analyse(tmp_path)
    hold(verdict, Tree(tmp_path))
    assert len(verdict.parts) <= 25
    assert verdict.size.files == 80
