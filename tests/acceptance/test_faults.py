"""What goes wrong with containers: a sentence, the old one up, nothing left; what is long goes on."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import docker_lab
from container_apps import BASE, app
from draining import SERVES, Wires
from jarvis_lab import Lab, Visitor, lab, until
from programs import program

DIES = "import threading; threading.Timer(2.0, lambda: os._exit(7)).start()"
"""It listens first, and ends by itself a little later."""


@pytest.fixture(scope="module")
def jarvis(docker_engine: docker_lab.Engine) -> Iterator[Lab]:
    docker_engine.base(BASE)
    with lab({"JARVIS_DOCKER_HOST": docker_engine.url}) as made:
        yield made
        owner = owner_of(made)
        for (name,) in made.rows("SELECT name FROM services"):
            made.good("remove", name, "--yes", "--volumes")
        left = docker_engine.leftovers(owner)
        folders = [path for part in ("run/i", "apps", "releases") for path in (made.home / part).glob("*/*")]
    docker_engine.sweep(owner)
    assert left == set(), "removed services leave nothing in Docker"
    assert folders == [], "and no folders"


def owner_of(jarvis: Lab) -> str:
    return (jarvis.home / "owner").read_text().strip()


def there(jarvis: Lab, engine: docker_lab.Engine, service: str) -> tuple[set[str], set[str]]:
    """What there is of a service: in Docker, and as folders of instances, releases and half-made things."""
    found = {
        one for one in engine.leftovers(owner_of(jarvis)) if f"-{service}" in one or f"/{service}:" in one
    }
    places = [*(jarvis.home / "run" / "i").glob("*"), *(jarvis.home / "staging").glob("*")]
    places += [path for path in (jarvis.home / "releases" / service).glob("*") if path.is_dir()]
    return found, {str(path) for path in places}


def copies(jarvis: Lab, engine: docker_lab.Engine, service: str) -> list[dict[str, Any]]:
    label = [f"jarvis.owner={owner_of(jarvis)}", f"jarvis.service={service}"]
    return engine.api.containers(all=True, filters={"label": label})


@pytest.mark.parametrize("write", [app, program], ids=["container", "process"])
def test_long_requests_of_the_old_version_end_in_peace(
    jarvis: Lab, tmp_path: Path, write: Callable[..., Path], request: pytest.FixtureRequest
) -> None:
    name = f"long-{request.node.callspec.id}"
    host = f"{name}.localhost"
    jarvis.good("deploy", str(write(tmp_path / "old", "old", before=SERVES)), "--domain", host)
    jarvis.good("settings", "set", name, "drain=4s")
    with closing(Wires(jarvis, host)) as wires:
        jarvis.good("deploy", str(write(tmp_path / "new", "new")), "--domain", host)
        assert jarvis.get(host) == (200, b"new")
        assert wires.talk() == b"heard word", "the WebSocket is still the old one's"
        assert wires.hear() == b"data: tick\n"
        assert wires.finish() == (16, b"first last")
        assert wires.ended(), "what never ends is ended after the time for it"
    instances = jarvis.home / "run" / "i"
    until(
        lambda: len([path for path in instances.glob("*") if named(path, jarvis, name)]) == 1, "one is left"
    )


def named(instance: Path, jarvis: Lab, service: str) -> bool:
    """Is it one of this service?"""
    keys = [
        key for (key,) in jarvis.rows("SELECT id::text FROM deployments WHERE service_name = %s", service)
    ]
    spec = instance / "spec.json"
    return spec.is_file() and any(key in spec.read_text() for key in keys)


@pytest.fixture(scope="module")
def good(jarvis: Lab, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A Jarvis in which the service `sick` is well."""
    folder = app(tmp_path_factory.mktemp("good") / "app", "good")
    jarvis.good("deploy", str(folder), "--name", "sick", "--domain", "sick.localhost")
    return jarvis


@pytest.mark.parametrize(
    ("setting", "broken", "sentences"),
    [
        (
            "health.patience=2s",
            {"before": "time.sleep(60)"},
            ["does not listen on any port after 2 seconds"],
        ),
        ("drain=5s", {"status": 500}, ["answers 500 at /"]),
        (
            "limits.memory=64MiB",
            {"before": "hoard = b'x' * (300 * 1024 * 1024)"},
            ["out of memory (its limit is 64 MiB)", "jarvis settings set sick limits.memory=SIZE"],
        ),
        ("soak=20s", {"before": DIES}, ["ended by itself", "What answered before answers again"]),
    ],
    ids=["closed", "ill", "greedy", "brief"],
)
def test_a_container_that_is_not_well_changes_nothing(
    good: Lab,
    docker_engine: docker_lab.Engine,
    tmp_path: Path,
    setting: str,
    broken: dict[str, Any],
    sentences: list[str],
) -> None:
    good.good("settings", "set", "sick", setting)
    before = there(good, docker_engine, "sick")
    with Visitor(good, "sick.localhost", ["good", "bad"]) as visitor:
        bad = app(tmp_path / "bad", "bad", **broken)
        said = good.refused("deploy", str(bad), "--name", "sick")
    good.good("settings", "unset", "sick", setting.partition("=")[0])
    for sentence in sentences:
        assert sentence in said, said
    assert visitor.wrong == [] or setting.startswith("soak")
    assert good.get("sick.localhost") == (200, b"good")
    until(lambda: there(good, docker_engine, "sick") == before, "nothing is left over")


def test_a_volume_of_somebody_else_is_never_touched(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    foreign = "jarvis-clash-data"
    before = there(jarvis, docker_engine, "clash")
    docker_engine.api.create_volume(foreign, labels={"whose": "a person's"})
    try:
        lines = 'VOLUME /data\nEXPOSE 8000\nCMD ["python", "-u", "server.py"]'
        project = app(tmp_path / "clash", "clash", lines=lines)
        said = jarvis.refused("deploy", str(project), "--domain", "clash.localhost")
        assert f"There is a volume {foreign} in Docker already, and it is not of this Jarvis." in said
        assert there(jarvis, docker_engine, "clash") == before
        assert docker_engine.api.inspect_volume(foreign)["Labels"] == {"whose": "a person's"}
    finally:
        docker_engine.api.remove_volume(foreign)


def test_two_deploys_at_once_run_one_after_the_other_and_one_container_stays(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    host = ("--domain", "twice.localhost")
    first = jarvis.start("deploy", str(app(tmp_path / "one", "one")), *host)
    until(lambda: jarvis.rows("SELECT 1 FROM services WHERE name = 'twice'"), "it is asked for")
    jarvis.good("deploy", str(app(tmp_path / "two", "two")), *host)
    assert first.wait(timeout=60) == 0
    first.communicate()
    assert jarvis.get("twice.localhost") == (200, b"two")
    until(lambda: len(copies(jarvis, docker_engine, "twice")) == 1, "one container stays")


def test_removing_a_service_while_it_is_deployed_leaves_nothing(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path
) -> None:
    slow = app(tmp_path / "slow", "slow", before="time.sleep(2)")
    running = jarvis.start("deploy", str(slow), "--domain", "away.localhost")
    until(lambda: copies(jarvis, docker_engine, "away"), "its container begins")
    jarvis.good("remove", "away", "--yes")
    running.communicate(timeout=60)
    assert jarvis.get("away.localhost")[0] == 404
    assert jarvis.rows("SELECT 1 FROM services WHERE name = 'away'") == []
    until(lambda: there(jarvis, docker_engine, "away")[0] == set(), "nothing is left over")
