"""The application on a database of its own, a receiver, and workers where they are asked for."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

import api_lab
import postgres_lab
import receiver as receivers
from caddy_lab import poll

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def api(postgres: postgres_lab.Server, engine_template: str) -> Iterator[api_lab.Api]:
    """The application; `db_service` of this process is on its database."""
    with api_lab.fresh(postgres, engine_template) as made:
        yield made


@pytest.fixture
def receiver() -> Iterator[receivers.Receiver]:
    """Who is told."""
    with receivers.serve() as made:
        yield made


@pytest.fixture
def worker(api: api_lab.Api) -> Iterator[Start]:
    """`worker(pause)` starts one that waits so many seconds between attempts; its log is `worker.log`."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(pause: float = 0.05) -> "subprocess.Popen[bytes]":
        log = api.home / "worker.log"
        variables = {**os.environ, "LAB_PAUSE": str(pause), "PYTHONPATH": os.pathsep.join(sys.path)}
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "webhook_worker"], env=variables, stdout=output, stderr=output
            )
        processes.append(process)
        assert poll((api.home / f"ready-{process.pid}").exists), log.read_text()
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait(30)
