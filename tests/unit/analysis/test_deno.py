"""Deno projects."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import deno, node
from node_packages import manifest

Look = Callable[[dict[str, str]], Candidate]
SERVE = "Deno.serve({ port: 4500 }, () => new Response('hello'))\n"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(deno.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"deno.json": '{"imports": {"@std/http": "jsr:@std/http@1"}}', "main.ts": SERVE})
    assert (found.kind, found.language, found.package_manager) == ("web", "deno", "deno")
    assert (found.start_command, found.port) == ("deno run --allow-all main.ts", 4500)
    assert found.dependencies == {"@std/http": ("deno.json", 1)}


@pytest.mark.parametrize(
    ("files", "kind", "start"),
    [
        ({"src/index.ts": 'import "https://deno.land/a.ts"'}, "script", "deno run --allow-all src/index.ts"),
        ({"hello.ts": "console.log(Deno.args)"}, "script", "deno run --allow-all hello.ts"),
        ({"deno.lock": "{}", "server.ts": SERVE}, "web", "deno run --allow-all server.ts"),
        ({"deno.json": '{"tasks": {"start": "deno run a/b.ts"}}', "a/b.ts": SERVE}, "web", "deno task start"),
        ({"deno.json": '{"tasks": {"dev": "deno run --watch app/x.ts"}}', "app/x.ts": SERVE}, "web",
         "deno run --allow-all app/x.ts"),
        ({"deno.jsonc": "{ // ours\n}", "mod.ts": "export default { fetch() { return ok } }"}, "web",
         "deno serve --allow-all --port ${PORT:-8000} mod.ts"),
        ({"deno.json": "{"}, "script", ""),
    ],
)  # fmt: skip
def test_a_project_is_started_as_it_says(look: Look, files: dict[str, str], kind: str, start: str):
    found = look(files)
    assert (found.kind, found.start_command) == (kind, start)


@pytest.mark.parametrize(
    ("target", "framework", "kind"),
    [
        ("jsr:@fresh/core@^2", "fresh", "web"),
        ("https://deno.land/x/fresh@1.6.0/", "fresh", "web"),
        ("jsr:@oak/oak@17", "oak", "web"),
        ("https://deno.land/x/oak/mod.ts", "oak", "web"),
        ("jsr:@hono/hono", "hono", "web"),
        ("npm:hono@4", "hono", "web"),
        ("npm:express@5", "express", "web"),
        ("https://deno.land/x/lume@v2/", "lume", "static"),
    ],
)
def test_a_framework_is_known_by_what_is_imported(look: Look, target: str, framework: str, kind: str):
    found = look({"deno.json": f'{{"imports": {{"it": "{target}"}}}}', "main.ts": "import 'it'"})
    assert (found.framework, found.kind, found.confidence) == (framework, kind, 0.97)


def test_pages_of_lume_are_handed_out(look: Look):
    found = look(
        {"deno.json": '{"imports": {"lume/": "https://deno.land/x/lume/"}, "tasks": {"build": "lume"}}'}
    )
    assert (found.static_dir, found.build_command) == ("_site", "deno task build")
    assert found.start_command.startswith("caddy file-server --root _site")


@pytest.mark.parametrize(
    ("target", "engine", "level"),
    [
        ("jsr:@db/postgres", "postgres", "required"),
        ("npm:mysql2@3", "mysql", "required"),
        ("https://deno.land/x/mongo@v0.32/mod.ts", "mongodb", "required"),
        ("jsr:@db/sqlite", "sqlite", "embedded"),
        ("npm:ioredis", "redis", "required"),
    ],
)
def test_databases_are_known_by_what_is_imported(look: Look, target: str, engine: str, level: str):
    found = look({"deno.json": "{}", "main.ts": f'import x from "{target}"\n{SERVE}'})
    assert engines(found) == {engine: level}


def test_the_version_is_read_where_it_is_pinned(look: Look):
    assert (
        look({"deno.json": "{}", "main.ts": SERVE, ".tool-versions": "deno 2.1.4\n"}).language_version
        == "2.1.4"
    )


@pytest.mark.parametrize(
    "files",
    [{"main.ts": "console.log(1)"}, {"a.txt": "Deno."}, {"package.json": manifest(), "main.ts": SERVE}],
)
def test_what_is_not_for_deno_is_left_alone(tmp_path: Path, files: dict[str, str]):
    assert deno.detect(plant(tmp_path, files)) is None


@pytest.mark.parametrize(
    ("scripts", "winner"),
    [
        ({}, "deno"),
        ({"start": "deno run -A main.ts"}, "deno"),
        ({"start": "next start", "build": "next build"}, "node"),
    ],
)
def test_beside_a_node_manifest_the_scripts_decide(tmp_path: Path, scripts: dict[str, str], winner: str):
    files = {"deno.json": "{}", "package.json": manifest("next", scripts=scripts), "main.ts": SERVE}
    tree = plant(tmp_path, files)
    found = [backed(detect(tree), tree) for detect in (node.detect, deno.detect)]
    assert max(found, key=lambda item: item.confidence).language == winner
