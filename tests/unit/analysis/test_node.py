"""Node projects of every shape: what they are, and how they are told from others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import node
from node_packages import manifest

Look = Callable[[dict[str, str]], Candidate]

LISTENS = "const http = require('http')\nhttp.createServer().listen(process.env.PORT || 4000)\n"
EXPRESS = (
    "const express = require('express')\nconst app = express()\n"
    "app.get('/healthz', (req, res) => res.send('ok'))\napp.listen(process.env.PORT || 4000)\n"
)
QUIET = "console.log('done')\n"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(node.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look(
        {
            "package.json": manifest("express@^5", start="node server.js"),
            "package-lock.json": "{}",
            "server.js": EXPRESS,
        }
    )
    assert (found.kind, found.language, found.framework, found.confidence) == ("web", "node", "express", 0.97)
    assert (found.package_manager, found.install_command, found.start_command) == (
        "npm",
        "npm ci",
        "npm run start",
    )
    assert (found.port, found.health_path, found.build_command) == (4000, "/healthz", "")
    assert found.dependencies == {"express": ("package.json", 8)}
    assert rules(found) == []


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"package.json": manifest(), "server.js": LISTENS}, "web"),
        ({"package.json": manifest(main="lib/run.js"), "lib/run.js": LISTENS}, "web"),
        ({"package.json": manifest(start="node index.js"), "index.js": QUIET}, "script"),
        ({"package.json": manifest(type="module"), "index.js": "Bun.serve({ fetch() {} })"}, "web"),
        ({"package.json": manifest("discord.js", start="node bot.js"), "bot.js": QUIET}, "worker"),
        ({"package.json": manifest("json-server", start="json-server --watch db.json")}, "web"),
        ({"package.json": manifest("bullmq", start="node worker.js"), "worker.js": QUIET}, "worker"),
        ({"package.json": '{"name": "x", "exports": "./x.js", "types": "x.d.ts"}', "x.js": QUIET}, "library"),
        ({"package.json": '{"name": "x", "peerDependencies": {"react": "*"}}'}, "library"),
        ({"package.json": manifest("electron", start="electron ."), "main.js": QUIET}, "unsupported"),
        ({"package.json": manifest("expo", "react-native", start="expo start")}, "unsupported"),
        ({"package.json": manifest(engines={"vscode": "^1.90"}, main="out/x.js")}, "unsupported"),
        ({"package.json": manifest("@google-cloud/functions-framework"), "index.js": QUIET}, "function"),
        ({"package.json": manifest(), "index.js": "exports.hello = (req, res) => res.send()"}, "function"),
        ({"package.json": manifest(), "index.mjs": "export const handler = async (event) => 1"}, "function"),
        (
            {"package.json": manifest("hono"), "wrangler.toml": "", "src/x.ts": "export const a = 1"},
            "function",
        ),
        ({"package.json": manifest(), "serverless.yml": "service: x", "src/x.js": QUIET}, "function"),
        ({"package.json": manifest(start="http-server public"), "public/index.html": "<p>"}, "static"),
        ({"package.json": manifest()}, "script"),
    ],
)
def test_a_project_is_what_its_program_does(look: Look, files: dict[str, str], kind: str):
    assert look(files).kind == kind


def test_a_server_in_the_tests_does_not_make_a_server(look: Look):
    found = look({"package.json": manifest(main="index.js"), "index.js": QUIET, "test/server.js": LISTENS})
    assert found.kind == "script"


def test_functions_of_azure_are_named(look: Look):
    trigger = {
        "host.json": "{}",
        "hello/function.json": "{}",
        "hello/index.js": "module.exports = async () => 1",
    }
    found = look({"package.json": manifest(), **trigger})
    assert (found.kind, found.framework, found.start_command) == ("function", "azure-functions", "func start")


def test_a_folder_that_is_only_handed_out_is_the_static_folder(look: Look):
    found = look({"package.json": manifest(start="serve -s -l 5000 site"), "site/index.html": "<p>"})
    assert (found.kind, found.static_dir, found.port) == ("static", "site", 5000)


@pytest.mark.parametrize(
    ("files", "start"),
    [
        ({"server.js": LISTENS}, "node server.js"),
        ({"index.mjs": "import http from 'node:http'\nhttp.createServer().listen(3000)"}, "node index.mjs"),
        ({"src/app.ts": "import http from 'http'\nhttp.createServer().listen(3000)"}, "node src/app.ts"),
        ({"index.ts": "Bun.serve({ port: 3000, fetch() {} })"}, "bun index.ts"),
        (
            {"index.ts": "import http from 'http'\nhttp.createServer().listen(1)", "bun.lock": ""},
            "bun index.ts",
        ),
        ({"job.js": "require('fs').readdirSync('.')"}, "node job.js"),
    ],
)
def test_a_lone_program_needs_no_manifest(look: Look, files: dict[str, str], start: str):
    found = look(files)
    assert (found.language, found.start_command) == ("node", start)
    assert 0.4 < found.confidence <= 0.7


@pytest.mark.parametrize(
    "files",
    [
        {"index.html": "<script src=app.js></script>", "app.js": "document.title = 'x'"},
        {"index.html": "<p>", "main.js": "console.log('hello')"},
        {"main.ts": "Deno.serve(() => new Response())"},
        {"notes.txt": "x"},
        {"package.yaml": "name: shop\ndependencies:\n- base\n", "Main.hs": ""},
    ],
)
def test_what_is_no_node_project_is_left_alone(tmp_path: Path, files: dict[str, str]):
    assert node.detect(plant(tmp_path, files)) is None


@pytest.mark.parametrize(
    "files",
    [
        {"Gemfile": 'gem "rails"\n', "config.ru": ""},
        {"composer.json": '{"require": {"laravel/framework": "^11"}}', "artisan": ""},
        {"manage.py": ""},
        {"requirements.txt": "Flask==3\n"},
        {"pyproject.toml": '[project]\ndependencies = [\n  "fastapi",\n]\n'},
        {"go.mod": "module x\n", "main.go": "package main"},
        {"mix.exs": "{:phoenix, '1.7'}"},
        {"pom.xml": "<artifactId>spring-boot-starter-web</artifactId>"},
        {"Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web">'},
        {"hugo.toml": "", "content/a.md": ""},
        {"_config.yml": "title: x", "_posts/2020-01-01-a.md": ""},
        {"Cargo.toml": '[dependencies]\naxum = "0.8"\n'},
    ],
)
def test_a_server_of_another_language_wins_over_its_assets(look: Look, files: dict[str, str]):
    found = look({"package.json": manifest(dev=("vite",), build="vite build"), "vite.config.js": "", **files})
    assert found.confidence < 0.5
    assert found.against


@pytest.mark.parametrize(
    "files",
    [
        {"mkdocs.yml": "site_name: x"},
        {"_config.yml": "theme: landscape"},
        {"Gemfile": 'gem "fastlane"'},
        {"a.py": ""},
    ],
)
def test_documents_and_tools_of_others_do_not_win(look: Look, files: dict[str, str]):
    found = look({"package.json": manifest("hexo", build="hexo generate"), **files})
    assert found.confidence == 0.97


def test_a_server_of_its_own_keeps_most_of_its_weight(look: Look):
    found = look(
        {
            "package.json": manifest("express", start="node server.js"),
            "server.js": EXPRESS,
            "requirements.txt": "flask",
        }
    )
    assert found.confidence == 0.75


def test_other_manifests_without_a_server_take_little_away(look: Look):
    found = look({"package.json": manifest(start="node a.js"), "a.js": QUIET, "requirements.txt": "numpy"})
    assert found.confidence > 0.9


def test_a_manifest_that_only_names_tools_leaves_the_page_its_place(look: Look):
    found = look({"package.json": manifest(dev=("prettier",)), "index.html": "<p>"})
    assert found.confidence <= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '"x"',
        "\x00",
        '{"scripts": 5, "dependencies": ["a"], "main": {}, "bin": 3, "engines": "node"}',
        '{"scripts": {"start": 7, "build": "\'unclosed"}}',
        '{"workspaces": 3}',
        '{"workspaces": {"packages": [1]}}',
        '{"scripts": {"start": "npm run start"}}',
        '{"scripts": {"start": "npm run a", "a": "npm run start"}}',
        '{"packageManager": 7, "volta": [], "devEngines": 1, "dependencies": {"": ""}}',
    ],
)
def test_an_odd_manifest_is_still_a_node_project(look: Look, text: str):
    assert look({"package.json": text, "index.js": QUIET}).language == "node"


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({".nvmrc": "# ours\nv20.11.1\n"}, "20.11.1"),
        ({".nvmrc": "lts/iron"}, "lts/iron"),
        ({".node-version": "22"}, "22"),
        ({".nvmrc": "oops", ".node-version": "22"}, "22"),
        ({".tool-versions": "nodejs 21.1.0\n"}, "21.1.0"),
        ({"mise.toml": '[tools]\nnode = "22"\n'}, "22"),
        ({"package.json": manifest(engines={"node": ">=18"})}, ">=18"),
        ({"package.json": manifest(volta={"node": "18.0.0"}, engines={"node": ">=16"})}, "18.0.0"),
        ({"package.json": manifest(devEngines={"runtime": {"name": "node", "version": "24"}})}, "24"),
    ],
)
def test_the_version_is_read_where_it_is_pinned(look: Look, files: dict[str, str], version: str):
    assert look({"package.json": manifest(), "index.js": QUIET, **files}).language_version == version


@pytest.mark.parametrize(
    ("version", "said"),
    [("14.x", True), ("^16.0.0", True), ("lts/fermium", True), (">=12", False), ("*", False), ("24", False),
     (">=12 <15", True), ("lts/*", False)],
)  # fmt: skip
def test_a_version_that_has_ended_is_told(look: Look, version: str, said: bool):
    found = look({"package.json": manifest(engines={"node": version}), "index.js": QUIET})
    assert ("end-of-life" in rules(found)) is said


def test_a_missing_lock_file_is_told_only_where_something_is_installed(look: Look):
    assert rules(look({"package.json": manifest("express"), "server.js": EXPRESS})) == ["missing-lock-file"]


def test_nothing_to_install_needs_no_lock_file(look: Look):
    found = look({"package.json": manifest(), "server.js": LISTENS})
    assert (rules(found), found.install_command) == ([], "")


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("app/api/health/route.ts", "/api/health"),
        ("src/pages/api/healthz.ts", "/api/healthz"),
        ("src/app/up/route.ts", "/up"),
    ],
)
def test_a_route_that_is_a_file_is_found(look: Look, file: str, path: str):
    assert look({"package.json": manifest("next"), file: "export const GET = 1"}).health_path == path


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("app.listen(5001)", 5001),
        ("app.listen({ port: 5002, host: '0.0.0.0' })", 5002),
        ("const port = 5003\napp.listen(port)", 5003),
        ("const PORT = Number(process.env.PORT ?? 5004)\napp.listen(PORT)", 5004),
        ("const port = process.env['PORT'] || '5005'\napp.listen(port)", 5005),
        ("const { PORT = 5006 } = process.env\napp.listen(PORT)", 5006),
        ("app.listen(config.get('port', 5007))", 5007),
        ("const db = { host: 'x', port: 5432 }\napp.listen(process.env.PORT)", 3000),
        ("app.set('port', process.env.PORT || 5008)\napp.listen(app.get('port'))", 5008),
    ],
)
def test_the_port_is_read_from_the_program(look: Look, text: str, port: int):
    assert look({"package.json": manifest("koa"), "index.js": f"require('koa')\n{text}\n"}).port == port
