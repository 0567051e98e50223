"""kill -9 of the worker at each moment of a deploy of a program: it completes once, nobody is sent away."""

import os
import signal
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from jarvis_lab import Lab, Visitor, lab, until
from programs import program

HOOK = Path(__file__).parent / "hook"

MOMENTS = [
    "processes.build before",
    "processes.make after",
    "record.made after",
    "processes.build after",
    "processes.start before",
    "processes.spec_of after",
    "processes.start after",
    "steps.publish after",
    "processes.prove after",
    "record.live before",
    "record.live after",
    "processes.stop_others before",
    "processes.stop_others after",
]
"""Function and moment; `make` and `spec_of` lie inside their steps."""


@pytest.fixture(scope="module")
def jarvis() -> Iterator[Lab]:
    with lab({"PYTHONPATH": str(HOOK)}) as made:
        yield made


PAGES = (
    "--kind",
    "static",
    "--build-command",
    "mkdir dist && echo made > dist/index.html",
    "--static-dir",
    "dist",
)


@pytest.mark.parametrize(
    "moment", ["processes.make after", "steps.gather after", "record.built before", "steps.build after"]
)
def test_pages_are_made_once_after_the_worker_was_killed(jarvis: Lab, tmp_path: Path, moment: str) -> None:
    name = f"m{zlib.crc32(moment.encode())}"
    (tmp_path / "package.json").write_text('{"name": "m", "version": "1.0.0"}')
    pending = jarvis.home / "logs" / "chaos"
    pending.write_text(moment)
    told = jarvis.told("deploy", str(tmp_path), "--name", name, *PAGES)
    assert not pending.exists(), f"the worker was killed: {moment}"
    assert told["status"] == "completed"
    assert jarvis.get(f"{name}.localhost") == (200, b"made\n")
    until(lambda: not list((jarvis.home / "staging").iterdir()), "nothing half-made is left")


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_program_is_deployed_once_after_the_worker_was_killed(
    jarvis: Lab, tmp_path: Path, moment: str
) -> None:
    name = f"p{MOMENTS.index(moment)}"
    host = f"{name}.localhost"
    jarvis.good("deploy", str(program(tmp_path / "old", "the old one")), "--domain", host)
    old = int(jarvis.get(host, "/pid")[1])
    pending = jarvis.home / "logs" / "chaos"
    pending.write_text(moment)
    with Visitor(jarvis, host, ["the old one", "the new one"]) as visitor:
        told = jarvis.told("deploy", str(program(tmp_path / "new", "the new one")), "--domain", host)
        until(lambda: not pending.exists(), f"the worker was killed: {moment}")
        until((jarvis.home / "run" / "worker.ready").is_file, "another worker works")
        until(lambda: not Path(f"/proc/{old}").exists(), "the old program ends")
    assert told["status"] == "completed"
    assert visitor.wrong == []
    assert jarvis.get(host) == (200, b"the new one")
    apps = [entry.name for entry in (jarvis.home / "apps" / name).iterdir()]
    assert len(apps) == 2
    assert told["deployment_id"] in apps
    ends = "SELECT count(*) FROM workflow_events WHERE workflow_id = %s AND kind = 'end'"
    assert jarvis.rows(ends, told["workflow_id"]) == [(1,)]
    started = jarvis.get(host, "/pid")[1]
    jarvis.good("remove", name, "--yes")
    until(lambda: not Path(f"/proc/{int(started)}").exists(), "no program is left")


def watched(jarvis: Lab, folder: Path, name: str, soak: str) -> int:
    """A service whose next version is watched for so long; the process that answers."""
    jarvis.good("deploy", str(program(folder, "the old one")), "--name", name)
    jarvis.good("settings", "set", name, f"soak={soak}")
    return int(jarvis.get(f"{name}.localhost", "/pid")[1])


def settled(jarvis: Lab, name: str) -> list[str]:
    """How the deployments of a service are, once the engine has nothing in hand."""
    open_ = "SELECT 1 FROM workflows WHERE service = %s AND status NOT IN ('completed', 'failed')"
    until(lambda: not jarvis.rows(open_, name), "nothing is in progress")
    steps = (
        "SELECT 1 FROM workflow_steps s JOIN workflows w ON w.id = s.workflow_id"
        " WHERE w.service = %s AND s.status = 'running'"
    )
    assert jarvis.rows(steps, name) == []
    query = "SELECT status::text FROM deployments WHERE service_name = %s ORDER BY created_at"
    return [row[0] for row in jarvis.rows(query, name)]


@pytest.mark.parametrize("moment", ["soak.judge after", "soak.watch after"])
def test_a_version_that_is_watched_is_watched_on_after_the_worker_was_killed(
    jarvis: Lab, tmp_path: Path, moment: str
) -> None:
    name = f"w{zlib.crc32(moment.encode())}"
    old = watched(jarvis, tmp_path / "old", name, "2s")
    pending = jarvis.home / "logs" / "chaos"
    pending.write_text(moment)
    with Visitor(jarvis, f"{name}.localhost", ["the old one", "the new one"]) as visitor:
        told = jarvis.told("deploy", str(program(tmp_path / "new", "the new one")), "--name", name)
        assert not pending.exists(), f"the worker was killed: {moment}"
        until(lambda: not Path(f"/proc/{old}").exists(), "the old program ends")
    assert told["status"] == "completed"
    assert visitor.wrong == []
    assert settled(jarvis, name) == ["stopped", "running"]
    query = "SELECT output->>'said' FROM workflow_steps WHERE workflow_id = %s AND name = 'soak'"
    assert jarvis.rows(query, told["workflow_id"])[0][0].startswith("2 s: ")


def test_what_fails_after_the_worker_was_killed_is_still_taken_back(jarvis: Lab, tmp_path: Path) -> None:
    name, host = "taken-back", "taken-back.localhost"
    old = watched(jarvis, tmp_path / "old", name, "5m")
    pending = jarvis.home / "logs" / "chaos"
    pending.write_text("soak.judge after")
    deploy = jarvis.start("deploy", str(program(tmp_path / "new", "the new one")), "--name", name)
    until(lambda: not pending.exists(), "the worker was killed")
    os.kill(int(jarvis.get(host, "/pid")[1]), signal.SIGKILL)
    words = "".join(deploy.communicate(timeout=120))
    assert deploy.returncode == 1
    assert "ended by itself" in words
    assert int(jarvis.get(host, "/pid")[1]) == old, "the old program ran on all the time"
    assert settled(jarvis, name) == ["running", "failed"]
