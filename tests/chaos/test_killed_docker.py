"""Docker itself is killed, or its disk is full: deploys wait or say so, sites come back with it."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import docker
import pytest

import daemon
from daemon import Daemon, page
from docker_lab import connected
from jarvis.builds.image.make import LIMITS, make
from jarvis.errors import StorageFull
from jarvis_lab import Lab, Visitor, lab, until

pytestmark = pytest.mark.root_only
HOST = ("--domain", "d.localhost")
OWN: dict[str, Any] = {
    "uses": "own-dockerfile",
    "file": "Dockerfile",
    "root": "",
    "hint": "",
    "dockerfile": None,
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Daemon]:
    with daemon.serve() as made:
        yield made


@pytest.fixture(scope="module")
def jarvis(engine: Daemon, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab({"JARVIS_DOCKER_HOST": engine.url}) as made:
        made.good("deploy", str(page(tmp_path_factory.mktemp("one") / "d", "one")), *HOST)
        yield made


def there(engine: Daemon) -> list[str]:
    """The names of all containers."""
    with connected(engine.url) as client:
        return sorted(one.name or "" for one in client.containers.list(all=True))


def begun(engine: Daemon, name: str) -> tuple[int, str]:
    """The process of a container, and when it was started."""
    with connected(engine.url) as client:
        state: Any = client.containers.get(name).attrs["State"]
        return int(state["Pid"]), str(state["StartedAt"])


def looked(jarvis: Lab) -> None:
    """Let Jarvis look at the service, and mend what it finds."""
    status, row = jarvis.api("POST", "/api/v1/services/d/check", {})
    assert status == 202, row
    over = "SELECT 1 FROM workflows WHERE id = %s AND status IN ('completed', 'failed')"
    until(lambda: jarvis.rows(over, row["workflow_id"]), "it was looked at")


def test_a_docker_that_is_killed_in_the_middle_of_a_deploy_is_waited_for(
    jarvis: Lab, engine: Daemon, tmp_path: Path
) -> None:
    before = there(engine)
    running = jarvis.start("deploy", str(page(tmp_path / "d", "two")), *HOST)
    until(lambda: there(engine) != before, "the new container is made")
    engine.kill()
    waited = "SELECT 1 FROM workflow_events WHERE message LIKE 'Docker does not answer.%'"
    until(lambda: jarvis.rows(waited), "the story tells that Docker is waited for")
    engine.start()
    said = "".join(running.communicate(timeout=90))
    assert running.returncode == 0, said
    assert jarvis.get("d.localhost") == (200, b"two")
    until(lambda: len(there(engine)) == 1, "the container of the old version is removed")


def test_a_site_comes_back_with_a_docker_that_was_killed(jarvis: Lab, engine: Daemon) -> None:
    (before,) = there(engine)
    text = jarvis.get("d.localhost")[1].decode()
    with Visitor(jarvis, "d.localhost", [text]) as visitor:
        engine.kill()
        engine.start()
        until(lambda: visitor.asked and jarvis.get("d.localhost")[0] == 200, "it answers again")
    assert there(engine) == [before], "it is the same container"
    assert not [one for one in visitor.wrong if one.startswith(("2", "4"))], "nobody got anything else"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["restarted", "killed"])
def test_what_runs_on_without_its_docker_is_kept(
    jarvis: Lab, engine: Daemon, tmp_path: Path, number: signal.Signals
) -> None:
    """With `live-restore` programs outlive their Docker: they are found again, and not started twice."""
    engine.kill(signal.SIGTERM)
    engine.start("--live-restore")
    until(lambda: jarvis.get("d.localhost")[0] == 200, "it answers again")
    text, (before,) = jarvis.get("d.localhost")[1].decode(), there(engine)
    program = begun(engine, before)
    with Visitor(jarvis, "d.localhost", [text]) as visitor:
        engine.kill(number)
        looked(jarvis)
        engine.start("--live-restore")
        looked(jarvis)
    assert there(engine) == [before], "there is no second one"
    assert begun(engine, before) == program, "it went on all the time"
    assert visitor.wrong == []
    assert "Health: healthy" in jarvis.good("status", "d")
    jarvis.good("deploy", str(page(tmp_path / "d", f"after {number.name}")), *HOST)
    until(lambda: len(there(engine)) == 1, "the container of the old version is removed")
    assert jarvis.get("d.localhost")[1].decode() == f"after {number.name}"


def test_a_full_disk_of_docker_is_refused_before_the_build(
    jarvis: Lab, engine: Daemon, tmp_path: Path
) -> None:
    before, text = there(engine), jarvis.get("d.localhost")
    engine.room(100 * 1024**2)
    try:
        said = jarvis.refused("deploy", str(page(tmp_path / "d", "three")), *HOST)
    finally:
        engine.room(1536 * 1024**2)
    assert f"The disk of Docker ({engine.data}) has" in said
    assert "a build begins with 1.0 GiB or more" in said
    assert "docker system df" in said
    assert there(engine) == before
    assert jarvis.get("d.localhost") == text


@pytest.mark.parametrize("outside", [None, os.environ], ids=["classic", "buildkit"])
def test_a_disk_that_fills_up_during_the_build(engine: Daemon, tmp_path: Path, outside: Any) -> None:
    folder = page(tmp_path / "big", "big")
    with (folder / "film").open("wb") as film:
        film.truncate(200 * 1024**2)
    (folder / "Dockerfile").write_text(f"FROM {daemon.BASE}\nCOPY film /\n")
    engine.room(100 * 1024**2)
    try:
        with closing(docker.DockerClient(base_url=engine.url)) as client:
            images = {tag for one in client.images.list() for tag in one.tags}
            with pytest.raises(StorageFull) as caught:
                make(
                    folder,
                    OWN,
                    "jarvis/big:1",
                    client=client,
                    environment={},
                    labels={},
                    say=lambda _: None,
                    limits=replace(LIMITS, reserve=0),
                    address=engine.url,
                    outside=outside,
                )
            assert {tag for one in client.images.list() for tag in one.tags} == images
    finally:
        engine.room(1536 * 1024**2)
    assert "became full" in caught.value.message
    assert "docker system df" in caught.value.hint
