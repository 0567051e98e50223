"""Processes of an earlier run are found by the marks in their environment."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jarvis.embedded import strays

SLEEP = "print(flush=True); import time; time.sleep(60)"
DEAF = f"import signal; signal.signal(15, signal.SIG_IGN); {SLEEP}"


class Started:
    """Programs with the marks of a part."""

    def __init__(self) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []

    def __call__(self, home: Path, part: str = "web", code: str = SLEEP) -> int:
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "JARVIS_HOME": str(home), "JARVIS_PART": part},
            stdout=subprocess.PIPE,
        )
        self.processes.append(process)
        assert process.stdout
        process.stdout.readline()
        return process.pid


@pytest.fixture
def start() -> Iterator[Started]:
    started = Started()
    yield started
    for process in started.processes:
        with process:
            process.kill()


def test_it_works(start: Started, tmp_path: Path) -> None:
    pid = start(tmp_path)
    assert strays.find(tmp_path, "web") == [pid]


def test_other_parts_and_other_homes_are_left_alone(start: Started, tmp_path: Path) -> None:
    start(tmp_path, "worker")
    start(tmp_path / "other")
    start(Path(f"{tmp_path}2"))
    assert strays.find(tmp_path, "web") == []
    assert strays.stop(tmp_path, "web") == 0
    assert [process.poll() for process in start.processes] == [None] * 3


@pytest.mark.parametrize("code", [SLEEP, DEAF])
def test_stopping_ends_all_of_them_even_the_deaf(start: Started, tmp_path: Path, code: str) -> None:
    for _ in range(2):
        start(tmp_path, code=code)
    assert strays.stop(tmp_path, "web", patience=0.1) == 2
    assert strays.find(tmp_path, "web") == []
