"""A deploy is cancelled and begun again, as people do it."""

import os
import signal
from pathlib import Path

from jarvis_lab import Lab, site, until


def asked(jarvis: Lab, folder: Path, domain: str) -> tuple[str, list[int]]:
    """The workflow of a deploy that no worker has begun, and the workers, which stand still."""
    page = site(folder, "the new one") / "index.html"
    status, artifact = jarvis.api(
        "POST", "/api/v1/artifacts?filename=index.html&analyse=false", page.read_bytes()
    )
    assert status == 201
    workers = jarvis.pids("worker")
    for number in workers:
        os.kill(number, signal.SIGSTOP)
    status, row = jarvis.api("POST", "/api/v1/deployments", {"artifact_id": artifact["id"], "domain": domain})
    assert status == 202
    return row["workflow_id"], workers


def go_on(workers: list[int]) -> None:
    for number in workers:
        os.kill(number, signal.SIGCONT)


def ended(jarvis: Lab, key: str) -> dict[str, object]:
    def look() -> dict[str, object] | None:
        row = jarvis.api("GET", f"/api/v1/workflows/{key}")[1]
        return row if row["status"] in {"completed", "failed"} else None

    return until(look, "the workflow has ended")


def test_it_works(jarvis: Lab, tmp_path: Path) -> None:
    key, workers = asked(jarvis, tmp_path, "stop.localhost")
    try:
        assert jarvis.run("workflows", "cancel", key).returncode == 0
    finally:
        go_on(workers)
    row = ended(jarvis, key)
    assert row["status"] == "failed"
    assert str(row["error_message"]).startswith("Cancelled by ")
    assert jarvis.get("stop.localhost")[0] == 404
    assert jarvis.rows("SELECT count(*) FROM services WHERE name = 'stop'") == [(0,)]
    assert jarvis.rows("SELECT status::text FROM deployments WHERE service_name = 'stop'") == [("failed",)]


def test_what_was_cancelled_can_be_begun_again(jarvis: Lab, tmp_path: Path) -> None:
    key, workers = asked(jarvis, tmp_path, "once-more.localhost")
    try:
        jarvis.good("workflows", "cancel", key)
    finally:
        go_on(workers)
    assert ended(jarvis, key)["status"] == "failed"
    jarvis.good("workflows", "retry", key)
    until(lambda: ended(jarvis, key)["status"] == "completed", "the second life")
    assert b"the new one" in jarvis.get("once-more.localhost")[1]
    states = "SELECT status::text FROM deployments WHERE service_name = 'once-more'"
    assert jarvis.rows(states) == [("running",)]
    assert jarvis.run("workflows", "cancel", key).returncode != 0


def test_a_paused_deploy_waits_and_goes_on(jarvis: Lab, tmp_path: Path) -> None:
    key, workers = asked(jarvis, tmp_path, "later.localhost")
    try:
        jarvis.good("workflows", "pause", key)
    finally:
        go_on(workers)
    other = site(tmp_path / "other", "another one")
    jarvis.good("deploy", str(other), "--domain", "besides.localhost")
    assert jarvis.api("GET", f"/api/v1/workflows/{key}")[1]["status"] == "paused"
    jarvis.good("workflows", "resume", key)
    assert ended(jarvis, key)["status"] == "completed"
    assert b"the new one" in jarvis.get("later.localhost")[1]
