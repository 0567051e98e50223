"""Dockerfiles that Jarvis writes."""

from pathlib import Path
from typing import Any

import pytest

import dockerfile_lint
import plan_cases
from jarvis.builds import port
from jarvis.builds.plan import plan
from jarvis.builds.stacks import STACKS
from plan_cases import CASES, row, text, variable, written

GOLDEN = Path(__file__).parent / "golden"


def last(read: str) -> dockerfile_lint.Stage:
    return dockerfile_lint.stages(read)[-1]


def test_it_works() -> None:
    read = text("node-npm")
    build, run = dockerfile_lint.stages(read)
    assert (build.image, run.image) == ("node:24-bookworm", "node:24-bookworm-slim")
    assert run.all("CMD")[0].words == ["npm", "run", "start"]
    assert run.all("EXPOSE")[0].rest == "3000"
    assert run.all("HEALTHCHECK")[0].rest.endswith('"/healthz"]')


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"kind": "worker", "start_command": "work"},
        {"kind": "web", "start_command": "PORT=1 ./a && exec b; c $PORT", "health_path": "/a b\"'\n"},
        {"build_command": "echo 'a\nb' <<EOF", "language_version": ">=1 <99"},
        {
            "environment": [
                variable("API_TOKEN", required=True, secret=True),
                variable("VITE_KEY"),
                variable("A"),
            ]
        },
        {"needs": [plan_cases.need("postgres", "required"), plan_cases.need("sqlite", "embedded")]},
    ],
    ids=["as-it-is", "worker", "shell", "odd-build", "environment", "databases"],
)
def test_every_stack_keeps_the_rules(name: str, more: dict[str, Any]) -> None:
    members = {**CASES[name], **more}
    if members["language"] == "static" and members["kind"] != "static":
        assert plan(members).uses == "nothing"
        return
    for sources_first in (False, True):
        assert dockerfile_lint.problems(written(members, sources_first=sources_first).text) == []


def test_every_case_has_a_dockerfile() -> None:
    assert [name for name, members in CASES.items() if plan(members).dockerfile is None] == []


def test_every_stack_has_a_case() -> None:
    names = {item.__name__.rpartition(".")[2] for item in STACKS}  # type: ignore[attr-defined]  # modules
    assert {plan(members).stack for members in CASES.values()} == names


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("FROM a:1 AS run", "it does not begin with its syntax"),
        ("FROM a AS run", "a is not pinned"),
        ("FROM a:latest AS run", "a:latest is not pinned"),
        ("FROM registry:5000/a AS run", "registry:5000/a is not pinned"),
        ("FROM a:1 AS run\nCOPY --from=b /x /y", "COPY --from=b names no stage before it"),
        ("FROM a:1 AS run\nADD https://x /y", "ADD is not used"),
        ("FROM a:1 AS run\nARG API_TOKEN", "ARG API_TOKEN looks like a secret"),
        ("FROM a:1 AS run\nENV DB_PASSWORD=x", "ENV DB_PASSWORD=x looks like a secret"),
        ("FROM a:1 AS run\nRUN cat <<EOF", "there is a here-document"),
        ("FROM a:1 AS run\nUSER 0", "it runs as ['0']"),
        ("FROM a:1 AS run\nUSER 1\nCMD a b", "CMD is not in exec form"),
        ("FROM a:1 AS run\nUSER 1\nRUN x", "something is done after USER"),
        ('FROM a:1 AS run\nUSER 1\nCMD ["a"]\nEXPOSE 1', "CMD is not its last word"),
        ('FROM a:1 AS run\nUSER 1\nEXPOSE 1\nCMD ["a"]', "nobody looks after its health"),
        ("FROM a:1 AS run\nevil", "Not an instruction: 'evil'"),
        ("FROM a:1 AS run\nRUN a \\", "The last line is not ended."),
        ("FROM a:1 AS run\nCOPY a$b .;x /", "COPY 'a$b .;x /' has signs that mean something"),
    ],
)
def test_the_rules_are_kept_by_looking(bad: str, said: str) -> None:
    head = "" if "syntax" in said else f"{dockerfile_lint.SYNTAX}\n"
    assert said in dockerfile_lint.problems(head + bad)


GOLDENS = sorted(path.stem for path in GOLDEN.glob("*.Dockerfile"))


@pytest.mark.parametrize("name", GOLDENS)
def test_nothing_changes_unseen(name: str) -> None:
    """After a wanted change: `.venv/bin/python tests/plan_cases.py` writes them anew; read the difference."""
    assert text(name) == (GOLDEN / f"{name}.Dockerfile").read_text(encoding="utf-8")


def test_the_goldens_are_those_that_are_written() -> None:
    assert sorted(plan_cases.GOLDENS) == GOLDENS


def test_a_line_of_the_shell_gets_a_shell() -> None:
    assert last(text("node-shell")).all("CMD")[0].words == [
        "/bin/sh",
        "-c",
        "npx prisma migrate deploy && exec node dist/main.js",
    ]


def test_manifests_are_copied_before_the_sources() -> None:
    lines = text("node-npm").splitlines()
    manifests = lines.index("COPY package.json package-lock.json* npm-shrinkwrap.json* .npmrc* ./")
    assert manifests < lines.index("    npm ci") < lines.index("COPY . .") < lines.index("    npm run build")


def test_folders_that_a_fetch_reads_are_copied_with_them() -> None:
    files = ["package.json", "prisma/schema.prisma", "src/a.js"]
    assert "COPY prisma/ ./prisma/" in written(CASES["node-npm"], files=files).text


@pytest.mark.parametrize(
    ("name", "file"),
    [("node-npm", "packages/a/package.json"), ("go", "lib/go.mod"), ("ruby-rails", "a.gemspec")],
)
def test_projects_in_projects_are_fetched_with_all_sources_there(name: str, file: str) -> None:
    read = written(CASES[name], files=[file]).text
    assert read.index("COPY . .") < read.index(CASES[name]["install_command"])


def test_sources_can_come_first_when_a_fetch_needs_them() -> None:
    read = written(CASES["node-npm"], sources_first=True).text
    assert read.index("COPY . .") < read.index("npm ci")
    assert read.count("npm ci") == 1


@pytest.mark.parametrize("name", ["node-npm", "python-pip", "go", "python-pip-folder"])
def test_a_manifest_that_is_not_there_is_not_copied(name: str) -> None:
    read = written(CASES[name], files=["main"]).text
    assert read.index("COPY . .") < read.index(CASES[name]["install_command"])


@pytest.mark.parametrize(
    ("name", "manifest"),
    [
        ("node-npm", "package.json"),
        ("python-pip", "requirements.txt"),
        ("go", "go.mod"),
        ("php-laravel", "composer.json"),
    ],
)
def test_one_that_is_there_is_copied_early(name: str, manifest: str) -> None:
    read = written(CASES[name], files=[manifest]).text
    assert (
        read.index(f"COPY {manifest}") < read.index(CASES[name]["install_command"]) < read.index("COPY . .")
    )


def test_a_go_project_that_makes_its_own_manifest_needs_its_sources() -> None:
    read = text("go-alone", install_command="go mod init app && go mod tidy")
    assert read.index("COPY . .") < read.index("go mod init app")


def test_a_package_manager_that_a_command_brings_along_is_ours() -> None:
    read = text("python-poetry", install_command="pip install poetry && poetry install --only main --no-root")
    assert read.index("pip install poetry==2.*") < read.index("COPY pyproject.toml poetry.lock*")
    assert read.count("poetry install --only main --no-root\n") == 1
    assert "poetry &&" not in read


def test_a_start_that_compiles_gets_what_compiles() -> None:
    assert last(text("java-jar", start_command="java Main.java")).image == "eclipse-temurin:8-jdk-noble"
    assert last(text("java-jar")).image == "eclipse-temurin:8-jre-noble"


def test_a_compiled_program_that_was_moved_out_of_the_cache_needs_no_help() -> None:
    build = "cargo build --release && mkdir -p bin && cp target/release/a bin/"
    assert "/out" not in text("rust", build_command=build, start_command="./bin/a")


@pytest.mark.parametrize("name", ["dotnet", "ruby-rails"])
def test_node_is_there_where_a_build_tool_looks_for_it(name: str) -> None:
    stages = dockerfile_lint.stages(written(CASES[name], files=["Gemfile", "web/package.json"]).text)
    assert "node" in [stage.name for stage in stages]
    assert "node" not in [stage.name for stage in dockerfile_lint.stages(text(name))]


@pytest.mark.parametrize(
    ("start", "root"),
    [
        ("frankenphp php-server --listen :80 --root .", "/app"),
        ("frankenphp php-server --root ./web/", "/app/web"),
        ("vendor/bin/heroku-php-apache2 web/", "/app/web"),
        ("php -S 0.0.0.0:80 -t ../../etc", "/app/public"),
        ("php -S 0.0.0.0:80 -t $(id)", "/app/public"),
        ("", "/app/public"),
    ],
)
def test_the_folder_of_php_pages_is_the_stated_one(start: str, root: str) -> None:
    read = written({**CASES["php-alone"], "start_command": start}, files=["public/index.php"]).text
    assert f"DOCUMENT_ROOT={root}" in [item.rest for item in last(read).all("ENV")]


def test_a_project_that_is_installed_itself_is_fetched_in_two_steps() -> None:
    read = text("python-uv")
    early, late = read.index("uv sync --locked --no-install-project"), read.index("    uv sync --locked\n")
    assert early < read.index("COPY . .") < late


def test_secrets_are_mounts_and_public_names_are_arguments() -> None:
    read = text("node-vite")
    fetch, build = dockerfile_lint.stages(read)[0].all("RUN")
    assert "--mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN" in fetch.flags
    assert "--mount=type=secret,id=VITE_SECRET_TOKEN,env=VITE_SECRET_TOKEN" in build.flags
    assert [item.rest for item in dockerfile_lint.stages(read)[0].all("ARG")] == ["VITE_API_URL"]


def test_no_value_of_the_environment_is_written() -> None:
    assert [
        name for name, members in CASES.items() if "the-default" in plan(members).to_json().decode()
    ] == []


def test_a_compiled_program_leaves_its_cache_in_the_step_that_fills_it() -> None:
    build, run = dockerfile_lint.stages(text("rust"))
    ran = build.all("RUN")[-1]
    assert any(flag.endswith("target=/app/target") for flag in ran.flags)
    assert ran.rest.startswith("cargo build --release --locked && mkdir -p /out/target/release")
    assert any(item.rest == "/out ./" for item in run.all("COPY"))


def test_pages_are_all_that_is_left_of_their_build() -> None:
    run = last(text("node-vite"))
    assert run.image.startswith("caddy:")
    assert [(item.flags, item.rest) for item in run.all("COPY")] == [(["--from=build"], "/app/dist/ /srv/")]


def test_unknown_paths_get_the_first_page_only_where_that_is_wanted() -> None:
    assert "try_files {path} {path}/index.html /index.html" in text("node-vite")
    assert "try_files" not in text("hugo")
    assert "respond @hidden 404" in text("hugo")


def test_a_program_that_nobody_reaches_has_no_port() -> None:
    run = last(text("node-worker"))
    assert not run.all("EXPOSE")
    assert not run.all("HEALTHCHECK")
    assert not any(item.rest.startswith("PORT=") for item in run.all("ENV"))


def test_nothing_is_built_where_nothing_is_to_be_done() -> None:
    stages = dockerfile_lint.stages(text("node-alone"))
    assert [stage.image for stage in stages] == ["node:24-bookworm-slim"]
    assert stages[0].all("COPY")[0].rest == ". ./"


@pytest.mark.parametrize(
    ("language", "framework", "start", "told"),
    [
        ("rust", "rocket", "./a", "ROCKET_PORT=4000"),
        ("python", "none", "uvicorn a:app", "UVICORN_HOST=0.0.0.0"),
        ("java", "spring-boot", "java -jar a.jar", "SERVER_PORT=4000"),
        ("dotnet", "aspnetcore", "dotnet a.dll", "ASPNETCORE_URLS=http://0.0.0.0:4000"),
        ("node", "nextjs", "next start", "HOSTNAME=0.0.0.0"),
    ],
)
def test_a_framework_is_told_where_to_listen_in_its_own_words(
    language: str, framework: str, start: str, told: str
) -> None:
    read = written(row(language, "none", "", "", start, framework=framework, port=4000)).text
    assert told in [item.rest for item in last(read).all("ENV")]


def test_every_framework_is_told_by_names_and_two_places() -> None:
    for names in port.VARIABLES.values():
        filled = port.filled(names, "h", 1)
        assert not any("{" in value for value in filled.values())


def test_a_server_of_our_own_keeps_its_port() -> None:
    assert last(text("php-alone")).all("EXPOSE")[0].rest == "8080"
    assert "DOCUMENT_ROOT=/app/web" in [item.rest for item in last(text("php-alone")).all("ENV")]


@pytest.mark.parametrize("name", ["node-npm", "python-uv", "static", "php-laravel"])
def test_secrets_in_files_are_not_sent_to_a_build(name: str) -> None:
    ignored = written(CASES[name]).ignore.splitlines()
    assert {".git", "**/.env", "**/.env.*"} <= set(ignored)


def test_what_was_handed_in_is_not_ignored_unless_it_is_made_anew() -> None:
    assert "**/node_modules" in written(CASES["node-npm"]).ignore
    assert "node_modules" not in written(CASES["node-alone"]).ignore
    assert "target" not in written(CASES["java-jar"]).ignore.splitlines()
