"""Build plans: which way is taken, and what a person is told."""

import hashlib
import json
import random
from typing import Any

import pytest

from jarvis.builds import refusal
from jarvis.builds.plan import BuildPlan, plan
from jarvis.errors import InvalidInput
from plan_cases import CASES, need, row, variable, verdict


def about(made: BuildPlan) -> dict[str, str]:
    return {question.about: question.text for question in made.questions}


def test_it_works() -> None:
    made = plan(CASES["node-npm"])
    assert (made.uses, made.stack, made.kind) == ("generated-dockerfile", "node", "web")
    assert (made.steps.install, made.steps.build, made.steps.start) == (
        "npm ci",
        "npm run build",
        "npm run start",
    )
    assert [(image.stage, image.name) for image in made.images] == [
        ("build", "node:24-bookworm"),
        ("run", "node:24-bookworm-slim"),
    ]
    assert made.port is not None
    assert (made.port.number, made.port.known) == (3000, True)
    assert made.health is not None
    assert (made.health.check, made.health.path) == ("http", "/healthz")
    assert made.user == 10001


@pytest.mark.parametrize("name", CASES)
def test_the_same_verdict_gives_the_same_bytes(name: str) -> None:
    shuffled = list(CASES[name].items())
    random.Random(name).shuffle(shuffled)
    again = json.loads(json.dumps(dict(shuffled)))
    assert plan(again).to_json() == plan(CASES[name]).to_json()


def test_the_checksum_is_of_everything_else() -> None:
    made = plan(CASES["go"])
    members = json.loads(made.to_json())
    assert members.pop("sha256") == made.sha256
    text = json.dumps({**members, "sha256": ""}, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode("ascii")).hexdigest() == made.sha256
    assert plan({**CASES["go"], "port": 81}).sha256 != made.sha256


def test_the_dockerfile_has_a_checksum_of_its_own() -> None:
    made = plan(CASES["go"]).dockerfile
    assert made is not None
    assert hashlib.sha256(made.text.encode()).hexdigest() == made.sha256


def test_an_own_dockerfile_always_wins_and_it_is_said_so() -> None:
    for members in CASES.values():
        made = plan({**members, "dockerfile": "docker/Dockerfile"})
        assert (made.uses, made.file, made.dockerfile) == ("own-dockerfile", "docker/Dockerfile", None)
        assert "its own Dockerfile, docker/Dockerfile: Jarvis uses that and writes none" in made.why


@pytest.mark.parametrize("kind", sorted(refusal.KINDS))
def test_it_wins_where_there_would_be_nothing_to_build(kind: str) -> None:
    assert plan(verdict(kind=kind, dockerfile="Dockerfile")).uses == "own-dockerfile"


def test_what_an_own_dockerfile_leaves_out_is_said() -> None:
    made = plan({**CASES["node-npm"], "dockerfile": "Dockerfile", "compose": "compose.yaml"})
    assert made.warnings[0] == "There is also compose.yaml; it is not used."
    assert "On a machine without Docker" in made.warnings[1]
    assert made.recipe is not None


def test_a_dockerfile_alone_is_enough() -> None:
    made = plan(verdict(kind="dockerfile", language="dockerfile", dockerfile="Dockerfile", port=5000))
    assert (made.uses, made.recipe, made.warnings) == ("own-dockerfile", None, ())
    assert made.port is not None
    assert made.port.number == 5000


def test_a_compose_file_is_used_as_it_is() -> None:
    parts = [{"name": "web", "root": "", "public": True}, {"name": "db", "root": "", "public": False}]
    made = plan(verdict(kind="compose", compose="compose.yaml", dockerfile="Dockerfile", parts=parts))
    assert (made.uses, made.file, made.questions) == ("compose", "compose.yaml", ())
    assert "Its own Dockerfile, Dockerfile, is built where that file names it." in made.why


@pytest.mark.parametrize(
    ("public", "asked"), [((), "(web, api)"), (("web", "api"), "(web, api)")], ids=["none", "two"]
)
def test_which_service_of_a_compose_file_people_reach_is_asked(public: tuple[str, ...], asked: str) -> None:
    parts = [{"name": name, "root": "", "public": name in public} for name in ("web", "api")]
    made = plan(verdict(kind="compose", compose="compose.yaml", parts=parts))
    assert about(made)["parts"] == f"Which service should people reach {asked}?"


@pytest.mark.parametrize("kind", sorted(refusal.KINDS))
def test_nothing_is_built_of_what_cannot_run_and_it_is_said_why(kind: str) -> None:
    made = plan(verdict(kind=kind, language="node"))
    assert made.uses == "nothing"
    assert (made.why, made.hint) == refusal.KINDS[kind]
    assert (made.dockerfile, made.recipe, made.port, made.images) == (None, None, None, ())


def test_one_of_several_programs_is_asked_for() -> None:
    parts = [{"name": "a", "root": "apps/a", "public": True}, {"name": "b", "root": "apps/b", "public": True}]
    made = plan(verdict(kind="monorepo", language="node", parts=parts))
    assert about(made)["root"] == "Choose one of them by its folder: apps/a, apps/b."


def test_a_language_without_an_image_is_said() -> None:
    made = plan(row("befunge", "none", "", "", "befunge a.bf"))
    assert (made.uses, "no image that builds and runs 'befunge'" in made.why) == ("nothing", True)
    assert "Dockerfile" in about(made)["language"]


def test_the_start_command_is_asked_for() -> None:
    made = plan(row("python", "pip", "pip install -r requirements.txt", "", ""))
    assert (made.uses, made.why) == ("nothing", "It is not known what starts this web.")
    assert "start_command" in about(made)


def test_finished_pages_need_nothing_built() -> None:
    made = plan(CASES["static"])
    assert (made.uses, made.warnings, made.questions) == ("static", (), ())
    assert made.static is not None
    assert (made.static.root, made.static.spa) == (".", False)
    assert made.dockerfile is not None


def test_made_pages_say_where_they_come_out() -> None:
    made = plan(CASES["node-vite"])
    assert made.uses == "generated-dockerfile"
    assert made.static is not None
    assert (made.static.root, made.static.spa) == ("dist", True)
    assert (made.output, made.port and made.port.number) == (("/srv",), 8080)


def test_pages_outside_of_what_is_built_are_asked_for() -> None:
    made = plan({**CASES["node-vite"], "root": "frontend", "static_dir": "../backend/static"})
    assert (made.uses, "outside of the one that is built" in made.why) == ("nothing", True)
    assert about(made)["root"].startswith("Choose the folder above both as root")


def test_a_database_in_a_file_wants_a_volume() -> None:
    made = plan(CASES["python-pip"])
    assert [(volume.path, volume.engine) for volume in made.volumes] == [("/data", "sqlite")]
    assert "lost with every deploy" in made.volumes[0].why
    assert "In which folder does it keep its sqlite file?" in about(made)["volumes"]


def test_what_it_connects_to_is_asked_for() -> None:
    made = plan(row("go", "go", "", "", "", needs=[need("postgres", "required"), need("redis", "optional")]))
    assert about(made) == {"needs": "Which postgres should it use? It connects to one."}


def test_values_are_asked_for_by_name() -> None:
    made = plan(CASES["python-uv"])
    assert "SECRET_KEY" in about(made)["environment"]


def test_names_are_told_apart_by_when_they_are_needed() -> None:
    made = {item.name: item for item in plan(CASES["node-vite"]).environment}
    assert (made["NPM_TOKEN"].fetch, made["NPM_TOKEN"].secret, made["NPM_TOKEN"].run) == (True, True, False)
    assert (made["VITE_API_URL"].build, made["VITE_API_URL"].public) == (True, True)
    program = {item.name: item for item in plan(CASES["node-npm"]).environment}
    assert (program["LOG_LEVEL"].build, program["LOG_LEVEL"].run) == (False, True)
    assert (program["DATABASE_URL"].build, program["DATABASE_URL"].required) == (True, True)


def test_a_secret_that_would_be_published_is_said() -> None:
    made = plan(CASES["node-vite"])
    assert any(text.startswith("VITE_SECRET_TOKEN becomes part of the pages") for text in made.warnings)


def test_a_name_that_is_none_is_left_out() -> None:
    members = row("go", "go", "", "", "", environment=[variable("A\nB"), variable("a-b"), variable("OK")])
    assert [item.name for item in plan(members).environment] == ["OK"]


def test_an_unknown_port_is_said() -> None:
    made = plan(CASES["node-alone"])
    assert made.port is not None
    assert (made.port.number, made.port.known) == (8080, False)
    assert "It is not known where it listens" in made.warnings[-1]
    assert "It is not known where it listens" not in str(plan(CASES["node-npm"]).warnings)


@pytest.mark.parametrize("kind", ["worker", "script"])
def test_what_nobody_reaches_has_no_port(kind: str) -> None:
    made = plan({**CASES["node-npm"], "kind": kind})
    assert (made.port, made.health) == (None, None)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"kind": None}, "'kind' is missing"),
        ({"kind": 5}, "'kind' should be str, not int"),
        ({"port": "80"}, "'port' should be int, not str"),
        ({"port": 70000}, "70000 is not a port"),
        ({"port": True}, "True is not a port"),
        ({"spa": "yes"}, "'spa' should be bool, not str"),
        ({"root": "../a"}, "'root' leads out of the artifact"),
        ({"dockerfile": "/etc/passwd"}, "'dockerfile' leads out of the artifact"),
        ({"static_dir": "a\\b"}, "'static_dir' leads out of the artifact"),
        ({"start_command": "a\0b"}, "'start_command' has a NUL sign"),
        ({"build_command": "a" * 4001}, "'build_command' has a NUL sign or is too long"),
        ({"needs": {"a": 1}}, "'needs' should be a list"),
        ({"parts": ["web"]}, "'parts' should be a list"),
    ],
)
def test_what_is_no_verdict_is_refused(members: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        plan({**CASES["go"], **members})
    assert said in caught.value.message
    assert caught.value.hint


def test_an_old_verdict_without_the_newer_members_is_understood() -> None:
    assert plan({"kind": "static", "root": "site"}).uses == "static"


def test_files_are_those_below_the_root() -> None:
    members = {**CASES["php-alone"], "root": "app", "start_command": ""}
    made = plan(members, files=["web/index.php", "app/htdocs/index.php"]).dockerfile
    assert made is not None
    assert "DOCUMENT_ROOT=/app/htdocs\n" in made.text
