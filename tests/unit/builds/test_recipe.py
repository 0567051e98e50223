"""Recipes for machines without Docker."""

import pytest

from jarvis.builds.plan import plan
from jarvis.builds.recipe import Recipe
from plan_cases import CASES


def recipe(name: str) -> Recipe:
    made = plan(CASES[name]).recipe
    assert made is not None
    return made


def test_it_works() -> None:
    made = recipe("python-pip")
    assert made.programs == ("python3",)
    assert [(step.name, step.words) for step in made.steps] == [
        ("prepare", ("python3", "-m", "venv", ".venv")),
        ("install", ("pip", "install", "-r", "requirements.txt")),
    ]
    assert (made.path, made.start, made.version) == ((".venv/bin",), ("gunicorn", "app:app"), "3.12.4")


@pytest.mark.parametrize("name", CASES)
def test_a_recipe_is_words_that_can_be_run(name: str) -> None:
    made = plan(CASES[name]).recipe
    if made is None:
        assert plan(CASES[name]).stack == "war"
        return
    assert all(step.words and all(isinstance(word, str) for word in step.words) for step in made.steps)
    assert bool(made.start) == (CASES[name]["kind"] != "static")
    assert {step.name for step in made.steps} <= {"prepare", "install", "build"}


@pytest.mark.parametrize("name", CASES)
def test_a_recipe_knows_nothing_of_images(name: str) -> None:
    made = plan(CASES[name]).recipe
    if made is None:
        return
    ours = [*made.path, *made.environment.values(), *made.run_environment.values()]
    assert not [value for value in ours if value.startswith(("/app", "/opt", "/root"))]
    assert not [folder for folder in made.path if folder.startswith("/")]


def test_pages_are_started_by_nobody() -> None:
    made = recipe("node-vite")
    assert made.start == ()
    assert [step.words for step in made.steps] == [("npm", "ci"), ("npm", "run", "build")]
    assert recipe("static") == Recipe()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("node-shell", ("/bin/sh", "-c", "npx prisma migrate deploy && exec node dist/main.js")),
        ("python-uv", ("gunicorn", "shop.wsgi")),
        ("python-pdm", ("python", "app.py")),
        ("python-conda", ("python", "a.py")),
        ("php-alone", ("/bin/sh", "-c", 'exec php -S "${HOST:-127.0.0.1}:$PORT" -t web')),
        ("go-alone", ("./bin/app",)),
        ("gleam", ("./build/erlang-shipment/entrypoint.sh", "run")),
    ],
)
def test_the_start_is_what_stays(name: str, words: tuple[str, ...]) -> None:
    assert recipe(name).start == words


def test_a_package_manager_makes_its_environment_in_the_release() -> None:
    assert recipe("python-poetry").environment == {"POETRY_VIRTUALENVS_IN_PROJECT": "true"}
    assert recipe("python-poetry").programs == ("python3", "poetry")
    assert recipe("ruby-rails").environment["BUNDLE_PATH"] == "vendor/bundle"


def test_a_fetch_of_ours_takes_the_place_of_one_whose_tool_is_not_there() -> None:
    made = recipe("python-conda")
    assert [step.name for step in made.steps] == ["prepare"]
    assert made.programs == ("micromamba",)


def test_without_docker_a_package_manager_is_brought_along_as_the_project_says() -> None:
    install = "pip install uv && uv pip install -r pyproject.toml"
    made = plan({**CASES["python-uv"], "install_command": install}).recipe
    assert made is not None
    assert made.programs == ("python3",)
    assert [step.words[-1] for step in made.steps[:2]] == [".venv", install.replace("&& uv", "&& exec uv")]


def test_a_wrapper_gets_its_right_to_run() -> None:
    assert recipe("java-wrapper").steps[0].words == (
        "/bin/sh",
        "-c",
        "chmod +x mvnw && exec ./mvnw -DskipTests package",
    )


def test_a_key_that_the_press_of_assets_wants_is_no_key() -> None:
    assert recipe("ruby-rails").steps[-1].words[:3] == ("env", "SECRET_KEY_BASE_DUMMY=1", "bundle")
