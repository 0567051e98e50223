"""kill -9 of the worker at each moment of a deploy of a container: it completes once, nobody is sent away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import docker_lab
from container_apps import BASE, app
from jarvis_lab import Lab, Visitor, lab, until

HOOK = Path(__file__).parent / "hook"

MOMENTS = [
    "containers.build before",
    "record.imaged before",
    "containers.build after",
    "copies.ensure after",
    "record.listens after",
    "containers.start after",
    "steps.publish after",
    "containers.prove after",
    "record.live after",
    "containers.stop_others before",
]


@pytest.fixture(scope="module")
def jarvis(docker_engine: docker_lab.Engine) -> Iterator[Lab]:
    docker_engine.base(BASE)
    with lab({"PYTHONPATH": str(HOOK), "JARVIS_DOCKER_HOST": docker_engine.url}) as made:
        yield made
        owner = (made.home / "owner").read_text().strip()
        made.good("remove", "k", "--yes")
        left = docker_engine.leftovers(owner)
    docker_engine.sweep(owner)
    assert left == set()


def running(jarvis: Lab, engine: docker_lab.Engine) -> list[str]:
    label = f"jarvis.owner={(jarvis.home / 'owner').read_text().strip()}"
    found = engine.api.containers(all=True, filters={"label": [label]})
    return [one["Labels"]["jarvis.deployment"] for one in found]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_container_is_deployed_once_after_the_worker_was_killed(
    jarvis: Lab, docker_engine: docker_lab.Engine, tmp_path: Path, moment: str
) -> None:
    words = ("--domain", "k.localhost")
    if not jarvis.rows("SELECT 1 FROM services"):
        jarvis.good("deploy", str(app(tmp_path / "old", "the first one")), *words)
    before = jarvis.get("k.localhost")[1].decode()
    pending = jarvis.home / "logs" / "chaos"
    pending.write_text(moment)
    with Visitor(jarvis, "k.localhost", [before, moment]) as visitor:
        told = jarvis.told("deploy", str(app(tmp_path / "new", moment)), *words)
        until(lambda: not pending.exists(), f"the worker was killed: {moment}")
        until((jarvis.home / "run" / "worker.ready").is_file, "another worker works")
        until(
            lambda: running(jarvis, docker_engine) == [told["deployment_id"]], "one container is left of all"
        )
    assert told["status"] == "completed"
    assert visitor.wrong == []
    assert jarvis.get("k.localhost") == (200, moment.encode())
    ends = "SELECT count(*) FROM workflow_events WHERE workflow_id = %s AND kind = 'end'"
    assert jarvis.rows(ends, told["workflow_id"]) == [(1,)]
