"""kill -9 of the worker before, inside and after every step: the deploy completes once, the site stays up."""

import itertools
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from jarvis_lab import Lab, Visitor, lab, site, until

HOOK = Path(__file__).parent / "hook"

DEPLOY = [
    "steps.look_around before",
    "steps.look_around after",
    "steps.unpack before",
    "inside.look after",
    "steps.unpack after",
    "steps.analyse before",
    "record.analysed after",
    "steps.analyse after",
    "steps.build before",
    "record.built before",
    "record.built after",
    "steps.build after",
    "steps.switch before",
    "steps.publish after",
    "steps.switch after",
    "steps.prove before",
    "steps.probe after",
    "steps.prove after",
    "record.live before",
    "record.live after",
    "steps.clean before",
    "steps.clean after",
]
"""Function and moment. `extract`, `publish`, `probe` and `record.*` lie inside their steps."""


@pytest.fixture(scope="module")
def jarvis() -> Iterator[Lab]:
    with lab({"PYTHONPATH": str(HOOK)}) as made:
        yield made


def order(jarvis: Lab, what: str) -> Path:
    file = jarvis.home / "logs" / "chaos"
    file.write_text(what)
    return file


def nothing_left(jarvis: Lab) -> bool:
    staging = jarvis.home / "staging"
    return not staging.is_dir() or not list(staging.iterdir())


@pytest.mark.parametrize("moment", DEPLOY)
def test_a_deploy_completes_once_after_its_worker_was_killed(
    jarvis: Lab, tmp_path: Path, moment: str
) -> None:
    name = f"k{DEPLOY.index(moment)}"
    host = f"{name}.localhost"
    jarvis.good("deploy", str(site(tmp_path / "old", "the old one")), "--domain", host)
    before = jarvis.pids("worker")
    pending = order(jarvis, moment)
    with Visitor(jarvis, host, ["the old one", "the new one"]) as visitor:
        told = jarvis.told("deploy", str(site(tmp_path / "new", "the new one")), "--domain", host)
        until(lambda: jarvis.get(host)[1].find(b"the new one") >= 0, "the new page")
        until(lambda: not pending.exists(), f"the worker was killed: {moment}")
        until(lambda: jarvis.pids("worker") not in ([], before), "another worker")
        until((jarvis.home / "run" / "worker.ready").is_file, "the new worker works")
        until(
            lambda: not jarvis.rows("SELECT 1 FROM jarvis_dbos.workflow_status WHERE status = 'PENDING'"),
            "the engine has nothing in hand",
        )
    assert told["status"] == "completed"
    assert visitor.wrong == []
    deployment = told["deployment_id"]
    releases = [entry.name for entry in (jarvis.home / "releases" / name).iterdir() if entry.is_dir()]
    assert sorted(releases) == sorted({*releases, deployment})
    assert len(releases) == 2
    assert nothing_left(jarvis)
    ends = jarvis.rows(
        "SELECT count(*) FROM workflow_events WHERE workflow_id = %s AND kind = 'end'", told["workflow_id"]
    )
    assert ends == [(1,)]
    states = jarvis.rows(
        "SELECT status::text FROM deployments WHERE service_name = %s ORDER BY created_at", name
    )
    assert states == [("stopped",), ("running",)]
    assert jarvis.rows(
        "SELECT status::text, current_step, total_steps FROM workflows WHERE id = %s", told["workflow_id"]
    ) == [("completed", 5, 5)]


@pytest.mark.parametrize(
    "moment", ["steps.switch before", "steps.publish after", "steps.prove after", "record.live before"]
)
def test_a_rollback_completes_after_its_worker_was_killed(jarvis: Lab, tmp_path: Path, moment: str) -> None:
    name = f"r{zlib.crc32(moment.encode())}"
    host = f"{name}.localhost"
    jarvis.good("deploy", str(site(tmp_path / "old", "the old one")), "--domain", host)
    jarvis.good("deploy", str(site(tmp_path / "new", "the new one")), "--domain", host)
    pending = order(jarvis, moment)
    with Visitor(jarvis, host, ["the old one", "the new one"]) as visitor:
        jarvis.good("rollback", name)
        until(lambda: not pending.exists(), "the worker was killed")
        assert b"the old one" in jarvis.get(host)[1]
    assert visitor.wrong == []


@pytest.mark.parametrize(
    "moment",
    ["steps.unroute after", "steps.prove_gone before", "steps.delete after", "record.removed before"],
)
def test_a_removal_completes_after_its_worker_was_killed(jarvis: Lab, tmp_path: Path, moment: str) -> None:
    name = f"d{zlib.crc32(moment.encode())}"
    host = f"{name}.localhost"
    jarvis.good("deploy", str(site(tmp_path / "old", "the old one")), "--domain", host)
    pending = order(jarvis, moment)
    jarvis.good("remove", name, "--yes")
    assert not pending.exists()
    assert jarvis.get(host)[0] == 404
    assert not (jarvis.home / "releases" / name).exists()
    assert jarvis.rows("SELECT count(*) FROM services WHERE name = %s", name) == [(0,)]


def test_deploys_of_one_service_run_one_at_a_time_and_the_last_one_stays(jarvis: Lab, tmp_path: Path) -> None:
    host = "queue.localhost"
    jarvis.good("deploy", str(site(tmp_path / "first", "number first")), "--domain", host)
    running = [
        jarvis.start("deploy", str(site(tmp_path / f"v{number}", f"number {number}")), "--domain", host)
        for number in range(4)
    ]
    for process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, out + err
    spans = jarvis.rows(
        "SELECT w.started_at, w.completed_at FROM workflows w JOIN deployments d ON d.workflow_id = w.id"
        " WHERE d.service_name = 'queue' ORDER BY w.started_at"
    )
    assert len(spans) == 5
    assert all(earlier[1] <= later[0] for earlier, later in itertools.pairwise(spans))
