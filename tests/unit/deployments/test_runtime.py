"""Which runtime something gets."""

from typing import Any

import pytest

from jarvis.deployments.docker.copies import needs_stop_first
from jarvis.deployments.runtime import Machine, chosen
from jarvis.errors import InvalidInput, NothingToServe
from jarvis.settings.service import read

WEB = {
    "kind": "web",
    "language": "ruby",
    "framework": None,
    "evidence": [],
    "root": "",
    "static_dir": None,
    "build_command": None,
}
RECIPE: dict[str, Any] = {"programs": ["ruby"], "steps": [], "start": ["ruby", "app.rb"]}
DOCKER, BARE = Machine(docker=True), Machine()
WITHOUT_RUBY = Machine(docker=True, missing=("ruby",))


def plan(uses: str, **more: Any) -> dict[str, Any]:
    return {"uses": uses, "file": "Dockerfile", "root": "", "recipe": None, "static": None, "why": "", **more}


OWN, OURS = plan("own-dockerfile", recipe=RECIPE), plan("generated-dockerfile", recipe=RECIPE)
IMAGE_ONLY = plan("generated-dockerfile")
COMPOSE = plan("compose", file="compose.yml")


@pytest.mark.parametrize(
    ("made", "machine", "runtime", "why"),
    [
        (OWN, DOCKER, "container", "its own Dockerfile, Dockerfile"),
        (OWN, BARE, "process", "needs no container"),
        (OURS, DOCKER, "process", "needs no container"),
        (OURS, WITHOUT_RUBY, "container", "ruby, which is not on the machine"),
        (OURS, Machine(missing=("ruby",)), "process", "needs no container"),
        (IMAGE_ONLY, DOCKER, "container", "only to be had in an image"),
        (COMPOSE, DOCKER, "compose", "a compose file, compose.yml"),
    ],
)
def test_it_works(made: dict[str, Any], machine: Machine, runtime: str, why: str) -> None:
    found = chosen(WEB, made, ["app.rb"], ["a.localhost"], machine=machine)
    assert found.runtime == runtime
    assert why in found.why


@pytest.mark.parametrize("made", [IMAGE_ONLY, plan("own-dockerfile"), COMPOSE | {"uses": "compose"}])
def test_without_docker_it_is_said_what_docker_would_do(made: dict[str, Any]) -> None:
    kind = WEB if made["uses"] != "compose" else {**WEB, "kind": "compose"}
    with pytest.raises(NothingToServe) as caught:
        chosen(kind, made, ["app.rb"], ["a.localhost"], machine=BARE)
    assert "install Docker" in caught.value.hint


@pytest.mark.parametrize(
    ("wanted", "made", "machine", "runtime"),
    [
        ("process", OWN, DOCKER, "process"),
        ("container", OURS, DOCKER, "container"),
        ("compose", COMPOSE, DOCKER, "compose"),
    ],
)
def test_the_settings_win(wanted: str, made: dict[str, Any], machine: Machine, runtime: str) -> None:
    found = chosen(WEB, made, ["app.rb"], ["a.localhost"], wanted=wanted, machine=machine)
    assert (found.runtime, found.why) == (runtime, "The settings of the service say so.")


def test_a_swarm_is_used_when_it_is_wanted_and_only_then() -> None:
    manager = Machine(docker=True, manages=True)
    assert chosen(WEB, OWN, ["app.rb"], ["a.localhost"], machine=manager).runtime == "container"
    found = chosen(WEB, OWN, ["app.rb"], ["a.localhost"], wanted="swarm", machine=manager)
    assert (found.runtime, found.why) == ("swarm", "The settings of the service say so.")


@pytest.mark.parametrize(
    ("wanted", "made", "machine", "said"),
    [
        ("container", OWN, BARE, "Docker does not answer"),
        ("container", plan("nothing"), DOCKER, "takes a Dockerfile"),
        ("compose", OWN, DOCKER, "takes a compose file"),
        ("swarm", COMPOSE, DOCKER, "takes a Dockerfile"),
        ("swarm", OWN, BARE, "Docker does not answer"),
        ("swarm", OWN, DOCKER, "does not manage one"),
    ],
)
def test_what_is_wanted_and_impossible_is_refused(
    wanted: str, made: dict[str, Any], machine: Machine, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        chosen(WEB, made, ["app.rb"], ["a.localhost"], wanted=wanted, machine=machine)
    assert caught.value.facts["field"] == "runtime"


def test_a_process_that_nobody_can_start_is_refused() -> None:
    with pytest.raises(NothingToServe, match="not known how it is started"):
        chosen(WEB, IMAGE_ONLY, ["app.rb"], ["a.localhost"], wanted="process", machine=DOCKER)


def test_a_name_that_is_too_long_for_a_socket_is_refused() -> None:
    with pytest.raises(InvalidInput, match="too long"):
        chosen(WEB, OWN, ["app.rb"], ["a" * 90 + ".localhost"], machine=DOCKER)


PAGES = {**WEB, "kind": "static", "language": "none"}
MADE: dict[str, Any] = {
    "recipe": {"programs": ["hugo"], "steps": [{"name": "build"}], "start": []},
    "static": {"root": "public", "spa": False},
}


@pytest.mark.parametrize(
    ("machine", "runtime", "made"),
    [
        (DOCKER, "static", True),
        (Machine(docker=True, missing=("hugo",)), "container", False),
        (Machine(missing=("hugo",)), "static", True),
    ],
)
def test_pages_are_made_where_what_makes_them_is(machine: Machine, runtime: str, made: bool) -> None:
    found = chosen(PAGES, plan("generated-dockerfile", **MADE), ["a.md"], ["a.localhost"], machine=machine)
    assert (found.runtime, found.made) == (runtime, made)


def test_finished_pages_need_nothing() -> None:
    found = chosen(PAGES, plan("static"), ["index.html"], ["a.localhost"], machine=WITHOUT_RUBY)
    assert (found.runtime, found.made) == ("static", False)


@pytest.mark.parametrize(
    ("settings", "declared", "made", "why"),
    [
        ({}, (), {}, ""),
        ({"volumes": [{"name": "data", "path": "/data"}]}, (), {}, "must not write to /data"),
        ({"volumes": [{"name": "data", "path": "/data"}], "replicas": 2}, (), {}, ""),
        ({}, ("/var/lib",), {}, "must not write to /var/lib"),
        ({}, (), {"volumes": [{"path": "/app/db"}]}, "must not write to /app/db"),
    ],
)
def test_only_a_volume_keeps_two_versions_from_running_at_once(
    settings: dict[str, Any], declared: tuple[str, ...], made: dict[str, Any], why: str
) -> None:
    found = needs_stop_first(read(settings), made, declared)
    assert why in found
    assert bool(why) == bool(found)
