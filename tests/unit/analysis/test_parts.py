"""Several services in one artifact."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grove import plant
from jarvis.analysis.analyse import analyse
from jarvis.analysis.parts import workspace
from jarvis.analysis.verdict import Part, Verdict

Look = Callable[[dict[str, str]], Verdict]
START = json.dumps({"name": "a", "scripts": {"start": "node index.js"}, "dependencies": {"express": "4"}})
CODE = "require('express')().listen(3000)"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def see(files: dict[str, str]) -> Verdict:
        plant(tmp_path, files)
        return analyse(tmp_path)

    return see


def test_it_works(look: Look):
    verdict = look(
        {
            "package.json": json.dumps({"private": True, "workspaces": ["apps/*"]}),
            "apps/one/package.json": START,
            "apps/one/index.js": CODE,
            "apps/two/package.json": START,
            "apps/two/index.js": CODE,
            "packages/lib/package.json": "{}",
        }
    )
    assert (verdict.kind, verdict.root) == ("monorepo", "")
    assert [(part.name, part.root, part.kind, part.framework) for part in verdict.parts] == [
        ("one", "apps/one", "web", "express"),
        ("two", "apps/two", "web", "express"),
    ]


def test_the_only_member_that_runs_is_what_is_meant(look: Look):
    verdict = look(
        {
            "package.json": json.dumps({"private": True, "workspaces": ["apps/*", "packages/*"]}),
            "apps/site/package.json": START,
            "apps/site/index.js": CODE,
            "packages/lib/package.json": json.dumps({"name": "lib", "main": "lib.js"}),
        }
    )
    assert (verdict.kind, verdict.framework, verdict.root, verdict.parts) == ("web", "express", "", ())
    assert verdict.start_command.startswith("cd apps/site && ")
    assert {item.file for item in verdict.evidence if item.fact == "framework"} == {"apps/site/package.json"}


def test_processes_are_parts(look: Look):
    verdict = look(
        {
            "requirements.txt": "flask",
            "app.py": "from flask import Flask\napp = Flask(__name__)",
            "Procfile": "release: flask db upgrade\nweb: gunicorn app:app\nworker: rq worker\n",
        }
    )
    assert [(part.name, part.kind, part.start_command, part.public) for part in verdict.parts] == [
        ("web", "web", "gunicorn app:app", True),
        ("worker", "worker", "rq worker", False),
    ]


def test_services_are_parts(look: Look):
    verdict = look(
        {
            "compose.yaml": "services:\n"
            "  proxy: {image: 'nginx:1', ports: ['8080:80'], depends_on: [api]}\n"
            "  api: {build: ./api}\n"
            "  other: {build: other}\n"
            "  db: {image: 'mysql:8'}\n",
            "api/package.json": START,
            "api/index.js": CODE,
        }
    )
    assert verdict.parts == (
        Part("proxy", "image", "nginx:1", "none", "", "", 80, True),
        Part("api", "web", "node", "express", "api", "", None, False),
        Part("other", "dockerfile", "dockerfile", "none", "other", "", None, False),
        Part("db", "database", "mysql", "none", "", "", None, False),
    )


def test_a_second_program_beside_the_chosen_one_is_told(look: Look):
    verdict = look(
        {
            "requirements.txt": "flask",
            "app.py": "from flask import Flask\napp = Flask(__name__)",
            "frontend/package.json": json.dumps(
                {"scripts": {"build": "vite build"}, "dependencies": {"vite": "5"}}
            ),
            "frontend/vite.config.js": "",
            "frontend/index.html": "",
            "tests/package.json": START,
        }
    )
    assert (verdict.language, verdict.root) == ("python", "")
    assert [(part.root, part.kind) for part in verdict.parts] == [("", "web"), ("frontend", "static")]


def test_one_program_has_no_parts(look: Look):
    assert look({"package.json": START, "index.js": CODE}).parts == ()


@pytest.mark.parametrize(
    ("files", "members"),
    [
        (
            {"package.json": '{"workspaces": ["a/*"]}', "a/x/package.json": "{}", "b/package.json": "{}"},
            ["a/x"],
        ),
        ({"package.json": '{"workspaces": {"packages": ["./x/"]}}', "x/package.json": "{}"}, ["x"]),
        (
            {
                "pnpm-workspace.yaml": "packages: ['p/**', '!p/no']",
                "p/a/package.json": "{}",
                "p/no/package.json": "{}",
                "p/b/c/package.json": "{}",
            },
            ["p/a", "p/b/c"],
        ),
        ({"lerna.json": "{}", "packages/a/package.json": "{}"}, ["packages/a"]),
        ({"nx.json": "{}", "apps/a/project.json": "{}"}, ["apps/a"]),
        (
            {"go.work": "go 1.22\nuse (\n\t./a // first\n\t./b\n)\n", "a/go.mod": "", "b/go.mod": ""},
            ["a", "b"],
        ),
        ({"go.work": "use ./a\n", "a/go.mod": ""}, ["a"]),
        ({"Cargo.toml": '[workspace]\nmembers = ["c/*"]', "c/x/Cargo.toml": ""}, ["c/x"]),
        ({"pyproject.toml": '[tool.uv.workspace]\nmembers = ["m"]', "m/pyproject.toml": ""}, ["m"]),
        ({"pom.xml": "<modules><module> a </module><module>gone</module></modules>", "a/pom.xml": ""}, ["a"]),
        (
            {"settings.gradle": "include 'a', ':b:c'\n", "a/build.gradle": "", "b/c/build.gradle": ""},
            ["a", "b/c"],
        ),
        ({"settings.gradle.kts": 'include("a")\ninclude(":b")', "a/x": "", "b/x": ""}, ["a", "b"]),
        (
            {"all.sln": 'Project("{1}") = "A", "src\\A\\A.csproj", "{2}"\nEndProject', "src/A/A.csproj": ""},
            ["src/A"],
        ),
        ({"package.json": "{}"}, []),
        (
            {
                "package.json": '{"workspaces": 7}',
                "pnpm-workspace.yaml": "packages: {a: 1}",
                "go.work": "use",
            },
            [],
        ),
    ],
)
def test_members_are_declared_in_the_words_of_each_tool(
    tmp_path: Path, files: dict[str, str], members: list[str]
):
    file, found = workspace(plant(tmp_path, files))
    assert found == members
    assert file == (next(iter(files)) if members else "")


def test_programs_side_by_side_are_parts_wherever_the_root_is(look: Look):
    pages = json.dumps({"scripts": {"build": "vite build"}, "devDependencies": {"vite": "5"}})
    verdict = look(
        {
            "package.json": json.dumps({"scripts": {"dev": "concurrently a b"}}),
            "client/package.json": pages,
            "client/vite.config.js": "",
            "server/package.json": START,
            "server/index.js": CODE,
        }
    )
    assert (verdict.root, verdict.framework) == ("server", "express")
    assert [(part.name, part.root, part.kind) for part in verdict.parts] == [
        ("server", "server", "web"),
        ("client", "client", "static"),
    ]


def test_the_pages_of_the_only_member_are_served(look: Look):
    verdict = look(
        {
            "package.json": json.dumps({"private": True, "workspaces": ["apps/*", "lib"]}),
            "apps/site/index.html": "",
            "apps/site/package.json": json.dumps(
                {"devDependencies": {"vite": "5"}, "scripts": {"build": "vite build"}}
            ),
            "apps/site/vite.config.js": "",
            "lib/package.json": '{"main": "a.js"}',
        }
    )
    assert (verdict.kind, verdict.static_dir, verdict.framework) == ("static", "apps/site/dist", "vite")
    assert verdict.start_command
