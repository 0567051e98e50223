"""Bounds of builds, in folders that look like control groups: this machine has one kind of them."""

from pathlib import Path

import pytest

from jarvis.builds import bounds
from jarvis.builds.run import Limits
from waiting import soon

STEP = "docker-abcdefghijklmnopqrstuvwxy.scope"
CONTAINER = f"docker-{'a' * 64}.scope"


def group(place: Path) -> Path:
    place.mkdir(parents=True)
    (place / "memory.max").write_text("max")
    return place


def test_it_works() -> None:
    made = bounds.together(Limits(memory=1000, cpus=2))
    assert (made.memory, made.cpus) == (1000, 2)
    assert made.weight == bounds.WEIGHT


def test_where_nobody_said_otherwise_a_part_of_the_machine_stays_free() -> None:
    made = bounds.together(Limits())
    assert made.memory is not None
    assert made.memory > 0
    assert made.cpus is None


@pytest.mark.parametrize("name", ["docker/buildkit", f"system.slice/{STEP}"])
def test_steps_are_bound_while_they_run(tmp_path: Path, name: str) -> None:
    (tmp_path / "cgroup.controllers").touch()
    step, other = group(tmp_path / name), group(tmp_path / "system.slice" / CONTAINER)
    with bounds.steps("unix:///run/docker.sock", Limits(memory=1000), tmp_path):
        assert soon(lambda: (step / "memory.max").read_text() == "1000")
    assert (step / "memory.max").read_text() == "max"
    assert (other / "memory.max").read_text() == "max", "a container is not a step"


def test_a_docker_elsewhere_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").touch()
    step = group(tmp_path / "docker/buildkit")
    (step / "memory.max").write_text("5")
    with bounds.steps("tcp://elsewhere:2376", Limits(memory=1000), tmp_path):
        pass
    assert (step / "memory.max").read_text() == "5"
