"""What containers use, told by the kernel where it is this machine's, else by Docker."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import docker_lab
from docker_stage import Stage, stage
from jarvis.deployments.upkeep import measure
from jarvis.limits import Limits
from jarvis.runtimes import groups
from jarvis.runtimes.groups import Used
from waiting import until

HELD = "held = bytearray(30_000_000)\nwhile True: sum(range(1000))"


@pytest.fixture
def here(docker_engine: docker_lab.Engine, tmp_path: Path) -> Iterator[Stage]:
    with stage(docker_engine, tmp_path / "home") as made:
        yield made


def row(here: Stage) -> dict[str, Any]:
    return {**here.facts, "configuration": {"runtime": "container"}}


def test_it_works(here: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    here.run(HELD, limits=Limits(memory=100_000_000, cpus=0.2))
    here.run(HELD, number=2, limits=Limits(memory=100_000_000, cpus=0.2))

    def used() -> Used:
        return measure.measure([row(here)]).get(here.service, Used())

    until(lambda: (used().memory or 0) > 60_000_000, "both hold their memory")
    before = used()
    assert before.limit == 200_000_000
    assert (before.memory or 0) < 200_000_000
    until(lambda: (used().cpu_seconds or 0) > (before.cpu_seconds or 0) + 0.05, "they work")
    monkeypatch.setattr(groups, "of_process", lambda *_: Used())
    asked = used()
    assert (asked.memory or 0) > 60_000_000, "Docker says it, too"
    assert (asked.cpu_seconds or 0) > (before.cpu_seconds or 0)


def test_what_does_not_run_is_left_out(here: Stage) -> None:
    assert measure.measure([row(here)]) == {}
